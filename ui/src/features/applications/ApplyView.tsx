import { FilePlus2 } from 'lucide-react';
import { useId } from 'react';
import type { ApplicationForm, ApplicationUnderWay } from '../../generated/rpc';
import { dateAndTime } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { EmptyState } from '../../shared/components/EmptyState';
import { FaultView } from '../../shared/components/FaultView';
import { Loading } from '../../shared/components/Loading';
import page from '../../shared/components/Page.module.css';
import { StateChip } from '../../shared/components/StateChip';
import { rejectionText } from '../../shared/errors/rejections';
import { useRead } from '../../shared/rpc/queries';
import styles from './Apply.module.css';
import { ApplyForm } from './ApplyForm';

type ApplyViewProps = { onShowOutbox: () => void };

/** Applying for a new certification or to renew one, with or without a line (KW-96, KW-97). */
export default function ApplyView({ onShowOutbox }: ApplyViewProps) {
  const { data: form, error, refetch } = useRead('applications.form', {});
  return (
    <div className={page.view} data-scroller>
      <div className={page.column}>
        <header className={page.head}>
          <h1 tabIndex={-1}>{m.apply_title()}</h1>
          <p className={page.hint}>{m.apply_hint()}</p>
        </header>
        {form !== undefined && <Filled form={form} onShowOutbox={onShowOutbox} />}
        {form === undefined && error === null && <Loading />}
        {form === undefined && error !== null && (
          <FaultView fault={error} onRetry={() => void refetch()} />
        )}
      </div>
    </div>
  );
}

function Filled({ form, onShowOutbox }: { form: ApplicationForm } & ApplyViewProps) {
  return (
    <>
      {form.offers.length > 0 ? (
        <ApplyForm form={form} />
      ) : (
        <EmptyState icon={FilePlus2} title={m.apply_empty()} hint={m.apply_empty_hint()} />
      )}
      {form.under_way.length > 0 && (
        <UnderWay applications={form.under_way} onShowOutbox={onShowOutbox} />
      )}
    </>
  );
}

type UnderWayProps = { applications: readonly ApplicationUnderWay[] } & ApplyViewProps;

/** What was sent and is no case yet: a queued application never looks like a case. */
function UnderWay({ applications, onShowOutbox }: UnderWayProps) {
  const { locale } = useLocale();
  const titleId = useId();
  return (
    <section className={styles.part} aria-labelledby={titleId}>
      <h2 id={titleId} className={styles.title}>
        {m.apply_under_way()}
      </h2>
      <ul className={page.list}>
        {applications.map(({ command, name, renews, written_at, state, reason }) => (
          <li key={command} className={styles.row} data-testid="application" data-state={state}>
            <div className={styles.what}>
              <span className={styles.name}>
                {name[locale]}
                {renews && <span className={page.meta}>{m.apply_renewal()}</span>}
              </span>
              <time dateTime={written_at} className={page.meta}>
                {dateAndTime(written_at, locale)}
              </time>
              {reason !== null && <span className={styles.reason}>{rejectionText(reason)}</span>}
            </div>
            <StateChip state={state} />
          </li>
        ))}
      </ul>
      <div>
        <Button onPress={onShowOutbox} data-testid="apply-outbox">
          {m.apply_show_outbox()}
        </Button>
      </div>
    </section>
  );
}
