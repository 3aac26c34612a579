import { Mail, MessageSquareHeart, Phone } from 'lucide-react';
import { useState } from 'react';
import type { ServiceList, ServiceView, SyncView } from '../../generated/rpc';
import { dateAndTime, longDay } from '../../i18n/format';
import { type Locale, useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { EmptyState } from '../../shared/components/EmptyState';
import { FaultView } from '../../shared/components/FaultView';
import { Loading } from '../../shared/components/Loading';
import page from '../../shared/components/Page.module.css';
import { useRead } from '../../shared/rpc/queries';
import { Feedback } from './Feedback';
import styles from './Services.module.css';

/** What each service wants its people to read first, what is new, and where help is to be had. */
export default function ServicesView() {
  const { data: list, error, refetch } = useRead('services.list', {});
  const { data: sync } = useRead('sync.state', {});
  const { locale } = useLocale();
  return (
    <div className={page.view} data-scroller>
      <div className={page.column}>
        {list?.services.map((service) => (
          <Service
            key={service.name.sv}
            service={service}
            facts={factsOf(list.version, sync, locale)}
          />
        ))}
        {list?.services.length === 0 && (
          <EmptyState icon={Mail} title={m.services_empty()} hint={m.services_empty_hint()} />
        )}
        {list !== undefined && <ToQuote list={list} sync={sync} />}
        {list === undefined && error === null && <Loading />}
        {list === undefined && error !== null && (
          <FaultView fault={error} onRetry={() => void refetch()} />
        )}
      </div>
    </div>
  );
}

/** What somebody who helps will ask for: no names, no numbers of cases. */
function factsOf(version: string, sync: SyncView | undefined, locale: Locale): string {
  const at = sync?.last_contact ?? null;
  return m.feedback_facts({
    version,
    waiting: sync?.waiting ?? 0,
    contact: at === null ? m.services_contact_never() : dateAndTime(at, locale),
  });
}

function Service({ service, facts }: { service: ServiceView; facts: string }) {
  const { locale } = useLocale();
  const [isTelling, setTelling] = useState(false);
  return (
    <article className={styles.service} data-testid="service">
      <h1 tabIndex={-1}>{service.name[locale]}</h1>
      <Paragraphs text={service.page[locale]} />
      {service.news.length > 0 && (
        <section className={styles.part}>
          <h2>{m.services_news()}</h2>
          {service.news.map((news) => (
            <section key={news.date + news.title.sv} className={styles.news}>
              <h3>{news.title[locale]}</h3>
              <time dateTime={news.date} className={styles.when}>
                {longDay(news.date, locale)}
              </time>
              <Paragraphs text={news.text[locale]} />
            </section>
          ))}
        </section>
      )}
      <section className={styles.part}>
        <h2>{m.services_support()}</h2>
        <p>{m.services_support_hint({ service: service.name[locale] })}</p>
        <ul className={styles.ways} data-testid="support">
          <li>
            <Mail size={15} aria-hidden />
            <span className={styles.way}>{service.support_email}</span>
          </li>
          <li>
            <Phone size={15} aria-hidden />
            <span className={styles.way}>{service.support_phone}</span>
            <span className={styles.when}>{service.support_hours[locale]}</span>
          </li>
        </ul>
        <div className={styles.acts}>
          <Button onPress={() => setTelling(true)} data-testid="feedback">
            <MessageSquareHeart size={15} aria-hidden />
            {service.feedback === '' ? m.feedback_open() : m.feedback_go_on()}
          </Button>
        </div>
        {isTelling && (
          <Feedback service={service} facts={facts} onClose={() => setTelling(false)} />
        )}
      </section>
    </article>
  );
}

/** What somebody who helps will ask for. */
function ToQuote({ list, sync }: { list: ServiceList; sync: SyncView | undefined }) {
  const { locale } = useLocale();
  const contact = sync?.last_contact ?? null;
  return (
    <section className={styles.part}>
      <h2>{m.services_quote()}</h2>
      <dl className={styles.quote} data-testid="to-quote">
        <dt>{m.services_version()}</dt>
        <dd>{list.version}</dd>
        <dt>{m.services_waiting()}</dt>
        <dd>{sync?.waiting ?? 0}</dd>
        <dt>{m.services_contact()}</dt>
        <dd>{contact === null ? m.services_contact_never() : dateAndTime(contact, locale)}</dd>
        {sync !== undefined && sync.fault !== null && (
          <>
            <dt>{m.services_fault()}</dt>
            <dd>{sync.fault}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

/** Plain text from the body: never HTML. */
function Paragraphs({ text }: { text: string }) {
  return text
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => (
      <p key={part} className={styles.text}>
        {part}
      </p>
    ));
}
