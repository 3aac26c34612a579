import { useQueryClient } from '@tanstack/react-query';
import {
  CalendarClock,
  CircleAlert,
  CircleCheckBig,
  Clock,
  FileCheck,
  FileUp,
  type LucideIcon,
  Mail,
  Mailbox,
  Paperclip,
  PencilLine,
  RotateCcw,
  Send,
  Sparkles,
  UserPen,
} from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type {
  CaseRef,
  Need,
  NeedKind,
  NewsLine,
  OverviewView as Overview,
} from '../../generated/rpc';
import { longDay, shortDateAndTime } from '../../i18n/format';
import { type Locale, useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { FaultView } from '../../shared/components/FaultView';
import { Loading } from '../../shared/components/Loading';
import { Page, Section } from '../../shared/components/Page';
import type { OnGo } from '../../shared/goto';
import { happeningText } from '../../shared/happening';
import { queryKey, useRead, useWrite } from '../../shared/rpc/queries';
import styles from './Overview.module.css';

/** So many lines of a group are shown before somebody asks for the rest. */
const SHOWN = 12;

/** What needs the person, what is new, and what has not gone; each line leads to its place. */
export default function OverviewView({ onGo }: { onGo: OnGo }) {
  const client = useQueryClient();
  const { data, error, refetch } = useRead('overview.show', {});
  useEffect(() => {
    // What was written since it was shown last is kept without a word from the core.
    void client.invalidateQueries({ queryKey: queryKey('overview.show', {}) });
  }, [client]);
  return (
    <Page title={m.nav_overview()} testId="overview">
      {data !== undefined && (
        <>
          <Needs needs={data.needs} onGo={onGo} />
          <News news={data.news} onGo={onGo} />
          <Unsent overview={data} onGo={onGo} />
        </>
      )}
      {data === undefined && error === null && <Loading />}
      {data === undefined && error !== null && (
        <FaultView fault={error} onRetry={() => void refetch()} />
      )}
    </Page>
  );
}

const NEED_ICONS: Record<NeedKind, LucideIcon> = {
  awaited_again: RotateCcw,
  to_handle: FileCheck,
  contact_to_handle: UserPen,
  unread: Mail,
  to_send: FileUp,
  certificate_ends: CalendarClock,
  letters: Mailbox,
  draft: PencilLine,
  files_unsent: Paperclip,
};

function Needs({ needs, onGo }: { needs: readonly Need[]; onGo: OnGo }) {
  const { locale } = useLocale();
  return (
    <Section title={m.overview_needs()} testId="overview-needs">
      {needs.length === 0 && (
        <p className={styles.calm}>
          <CircleCheckBig size={16} aria-hidden />
          {m.overview_needs_none()}
        </p>
      )}
      <Lines
        label={m.overview_needs()}
        items={needs.map((need, no) => ({
          // of one place there may be two, such as a result and a letter that are being written
          key: `${need.kind} ${need.case?.id ?? ''} ${no}`,
          icon: NEED_ICONS[need.kind],
          tone: need.kind === 'awaited_again' ? 'bad' : undefined,
          text: needText(need, locale),
          of: need.case,
          when: null,
          onPress: () => onGo({ caseId: need.case?.id ?? null, place: need.place }),
        }))}
      />
    </Section>
  );
}

function needText(need: Need, locale: Locale): string {
  const count = { count: need.count };
  switch (need.kind) {
    case 'awaited_again':
      return m.overview_need_awaited_again(count);
    case 'to_handle':
      return m.overview_need_to_handle(count);
    case 'contact_to_handle':
      return m.overview_need_contact_to_handle();
    case 'unread':
      return m.overview_need_unread(count);
    case 'to_send':
      return m.overview_need_to_send(count);
    case 'certificate_ends':
      return m.overview_need_certificate_ends({ date: longDay(need.valid_to ?? '', locale) });
    case 'letters':
      return m.overview_need_letters(count);
    case 'draft':
      if (need.place.at === 'templates') {
        return m.overview_need_draft_template();
      }
      return need.case === null
        ? m.overview_need_draft_application()
        : m.overview_need_draft(count);
    case 'files_unsent':
      return m.overview_need_files_unsent(count);
  }
}

function News({ news, onGo }: { news: readonly NewsLine[]; onGo: OnGo }) {
  const { locale } = useLocale();
  const seen = useWrite('overview.seen');
  const now = new Date();
  const newest = news[0];
  return (
    <Section title={m.overview_news()} testId="overview-news">
      {newest === undefined && <p className={styles.calm}>{m.overview_news_none()}</p>}
      <Lines
        label={m.overview_news()}
        items={news.map((line) => ({
          key: `${line.at} ${line.kind} ${line.case.id}`,
          icon: newsIcon(line),
          tone: line.kind.endsWith('refused') ? 'bad' : undefined,
          text: newsText(line, locale),
          of: line.case,
          when: (
            <>
              <time dateTime={line.at}>{shortDateAndTime(line.at, locale, now)}</time>
              {line.by !== '' && `, ${line.by}`}
            </>
          ),
          onPress: () => onGo({ caseId: line.case.id, place: line.place }),
        }))}
      />
      {newest !== undefined && (
        <div className={styles.acts}>
          <Button
            size="small"
            isPending={seen.isPending}
            onPress={() => seen.mutate({ up_to: newest.at })}
            data-testid="overview-seen"
          >
            {m.overview_seen()}
          </Button>
        </div>
      )}
    </Section>
  );
}

function newsIcon({ kind }: NewsLine): LucideIcon {
  switch (kind) {
    case 'event':
      return Sparkles;
    case 'document_accepted':
    case 'contact_accepted':
      return CircleCheckBig;
    case 'document_refused':
    case 'contact_refused':
      return CircleAlert;
  }
}

function newsText(line: NewsLine, locale: Locale): string {
  switch (line.kind) {
    case 'event':
      return happeningText(line.happening ?? '', line.params, locale);
    case 'document_accepted':
      return m.overview_news_document_accepted({ name: String(line.params.name ?? '') });
    case 'document_refused':
      return m.overview_news_document_refused({ name: String(line.params.name ?? '') });
    case 'contact_accepted':
      return m.overview_news_contact_accepted();
    case 'contact_refused':
      return m.overview_news_contact_refused();
  }
}

function Unsent({ overview, onGo }: { overview: Overview; onGo: OnGo }) {
  const { queued, sent, stuck, refused } = overview;
  const lines: Array<[number, LucideIcon, 'bad' | undefined, string]> = [
    [refused, CircleAlert, 'bad', m.overview_refused({ count: refused })],
    [stuck, CircleAlert, 'bad', m.overview_stuck({ count: stuck })],
    [queued, Clock, undefined, m.overview_queued({ count: queued })],
    [sent, Send, undefined, m.overview_sent({ count: sent })],
  ];
  const some = lines.filter(([count]) => count > 0);
  return (
    <Section title={m.overview_unsent()} testId="overview-unsent">
      {some.length === 0 && <p className={styles.calm}>{m.overview_unsent_none()}</p>}
      <Lines
        label={m.overview_unsent()}
        items={some.map(([, icon, tone, text]) => ({
          key: text,
          icon,
          tone,
          text,
          of: null,
          when: null,
          onPress: () => onGo({ caseId: null, place: { at: 'outbox' } }),
        }))}
      />
    </Section>
  );
}

type Line = {
  key: string;
  icon: LucideIcon;
  tone: 'bad' | undefined;
  text: string;
  of: CaseRef | null;
  when: ReactNode;
  onPress: () => void;
};

/** Lines that lead somewhere. */
function Lines({ label, items }: { label: string; items: readonly Line[] }) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? items : items.slice(0, SHOWN);
  const left = items.length - shown.length;
  if (items.length === 0) {
    return null;
  }
  return (
    <>
      <ul className={styles.lines} aria-label={label}>
        {shown.map((line) => (
          <li key={line.key}>
            <button
              type="button"
              className={styles.line}
              onClick={line.onPress}
              data-testid="overview-line"
            >
              <line.icon size={16} aria-hidden data-tone={line.tone} />
              <span className={styles.what}>
                <span className={styles.text}>{line.text}</span>
                {(line.of !== null || line.when !== null) && (
                  <span className={styles.of}>
                    {line.of !== null && <Of of={line.of} />}
                    {line.when !== null && <span>{line.when}</span>}
                  </span>
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {left > 0 && (
        <div className={styles.acts}>
          <Button look="quiet" size="small" onPress={() => setWhole(true)}>
            {m.overview_more({ count: left })}
          </Button>
        </div>
      )}
    </>
  );
}

/** Which case it is: title and number, so that two certificates are told apart. */
function Of({ of }: { of: CaseRef }) {
  return (
    <span>{[of.title, of.number, of.holder].filter((each) => each !== null).join(' · ')}</span>
  );
}
