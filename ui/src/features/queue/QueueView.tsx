import { useInfiniteQuery } from '@tanstack/react-query';
import { FolderOpen, Inbox, Search } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Input, SearchField } from 'react-aria-components';
import type { HandledBy, Purpose, QueuedCase, QueuePage, Stage } from '../../generated/rpc';
import { shortDate } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import type { RpcFault } from '../../platform';
import { Button } from '../../shared/components/Button';
import { Chip } from '../../shared/components/Chip';
import { EmptyState } from '../../shared/components/EmptyState';
import { FaultView } from '../../shared/components/FaultView';
import { Loading } from '../../shared/components/Loading';
import page from '../../shared/components/Page.module.css';
import { SelectField } from '../../shared/components/SelectField';
import { StateChip } from '../../shared/components/StateChip';
import { useToast } from '../../shared/components/Toasts';
import { faultText } from '../../shared/errors/faults';
import { usePlatform } from '../../shared/rpc/platform-context';
import { useRead, useWrite } from '../../shared/rpc/queries';
import { stageOf } from '../../shared/stage';
import { ApplicantsView, useApplicants } from './ApplicantsView';
import styles from './Queue.module.css';

type Asked = { purpose: Purpose; text: string; handled_by: HandledBy; stage: Stage | null };

const FIRST: Asked = {
  purpose: 'handling',
  text: '',
  handled_by: 'nobody',
  stage: 'application',
};

type QueueViewProps = { onShowCase: (caseId: string) => void };

/** The cases of the body, at the server: what waits for an officer, and what somebody looks for. */
export default function QueueView({ onShowCase }: QueueViewProps) {
  const [asked, setAsked] = useState(FIRST);
  const [isNew, setNew] = useState(false);
  const { data: applicants } = useApplicants(asked.purpose);
  return (
    <div className={page.view} data-scroller>
      <div className={page.column}>
        <header className={page.head}>
          <h1 tabIndex={-1}>{m.queue_title()}</h1>
          <p className={page.hint}>{m.queue_logged()}</p>
        </header>
        <fieldset className={styles.parts} aria-label={m.queue_part()}>
          <Button aria-pressed={!isNew} onPress={() => setNew(false)} data-testid="queue-cases">
            {m.queue_part_cases()}
          </Button>
          <Button aria-pressed={isNew} onPress={() => setNew(true)} data-testid="queue-applicants">
            {applicants === undefined
              ? m.applicants_title()
              : m.applicants_count({ count: applicants.total })}
          </Button>
        </fieldset>
        {isNew ? (
          <ApplicantsView purpose={asked.purpose} />
        ) : (
          <Cases asked={asked} onAsk={setAsked} onShowCase={onShowCase} />
        )}
      </div>
    </div>
  );
}

type CasesProps = { asked: Asked; onAsk: (asked: Asked) => void } & QueueViewProps;

function Cases({ asked, onAsk, onShowCase }: CasesProps) {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetching } = useQueue(asked);
  const pages = data?.pages ?? [];
  const cases = pages.flatMap((page) => page.cases);
  return (
    <>
      <SearchForm asked={asked} onAsk={onAsk} />
      {pages[0] !== undefined && (
        <p className={page.meta} role="status" data-testid="queue-total">
          {pages[0].total >= 10_000
            ? m.queue_total_many()
            : m.queue_total({ count: pages[0].total })}
        </p>
      )}
      {cases.length > 0 && (
        <ul className={page.list} aria-label={m.queue_title()}>
          {cases.map((item) => (
            <QueueRow key={item.id} item={item} onShowCase={onShowCase} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <div>
          <Button isPending={isFetching} onPress={() => void fetchNextPage()}>
            {m.queue_more()}
          </Button>
        </div>
      )}
      {pages[0]?.total === 0 && (
        <EmptyState
          icon={Inbox}
          title={isFirst(asked) ? m.queue_empty_waiting() : m.queue_empty()}
          {...(!isFirst(asked) && { hint: m.queue_empty_hint() })}
        />
      )}
      {data === undefined && error === null && <Loading />}
      {error !== null &&
        (error.code === 'offline' ? (
          <EmptyState
            icon={Inbox}
            title={m.queue_offline()}
            action={<Button onPress={() => void refetch()}>{m.banner_try_now()}</Button>}
          />
        ) : (
          <FaultView fault={error} onRetry={() => void refetch()} />
        ))}
    </>
  );
}

function isFirst(asked: Asked): boolean {
  return asked.text === '' && asked.handled_by === 'nobody';
}

/** Pages of what was asked for. Nothing of it is kept once the view is left. */
function useQueue(asked: Asked) {
  const platform = usePlatform();
  return useInfiniteQuery<
    QueuePage,
    RpcFault,
    { pages: QueuePage[] },
    readonly [string, Asked],
    string | null
  >({
    queryKey: ['queue', asked] as const,
    queryFn: ({ pageParam }) => platform.call('queue.search', { ...asked, after: pageParam }),
    initialPageParam: null,
    getNextPageParam: (page) => (page.more ? (page.cases.at(-1)?.id ?? null) : null),
    staleTime: 0,
    gcTime: 0,
  });
}

type SearchFormProps = { asked: Asked; onAsk: (asked: Asked) => void };

function SearchForm({ asked, onAsk }: SearchFormProps) {
  const [text, setText] = useState(asked.text);
  function submit(event: FormEvent): void {
    event.preventDefault();
    onAsk({ ...asked, text: text.trim() });
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <SearchField
        className={styles.search ?? ''}
        aria-label={m.queue_search()}
        value={text}
        onChange={setText}
        onClear={() => onAsk({ ...asked, text: '' })}
      >
        <Search size={15} aria-hidden />
        <Input
          className={styles.input ?? ''}
          placeholder={m.queue_search()}
          maxLength={100}
          data-testid="queue-search"
        />
      </SearchField>
      <Button type="submit" data-testid="queue-search-now">
        {m.queue_search_now()}
      </Button>
      <div className={styles.filters}>
        <SelectField
          label={m.queue_who()}
          choices={[
            { id: 'nobody', name: m.queue_who_nobody() },
            { id: 'me', name: m.queue_who_me() },
            { id: 'anybody', name: m.queue_who_anybody() },
          ]}
          selected={asked.handled_by}
          onSelect={(id) => onAsk({ ...asked, handled_by: id as HandledBy })}
          testId="queue-who"
        />
        <SelectField
          label={m.queue_stage()}
          choices={[
            { id: '', name: m.queue_stage_all() },
            { id: 'application', name: m.queue_stage_application() },
            { id: 'granted', name: m.stage_granted() },
            { id: 'refused', name: m.stage_refused() },
            { id: 'withdrawn', name: m.stage_withdrawn() },
          ]}
          selected={asked.stage ?? ''}
          onSelect={(id) => onAsk({ ...asked, stage: id === '' ? null : (id as Stage) })}
          testId="queue-stage"
        />
        <SelectField
          label={m.queue_purpose()}
          choices={[
            { id: 'handling', name: m.queue_purpose_handling() },
            { id: 'question', name: m.queue_purpose_question() },
            { id: 'review', name: m.queue_purpose_review() },
          ]}
          selected={asked.purpose}
          onSelect={(id) => onAsk({ ...asked, purpose: id as Purpose })}
          testId="queue-purpose"
        />
      </div>
    </form>
  );
}

type QueueRowProps = { item: QueuedCase; onShowCase: (caseId: string) => void };

function QueueRow({ item, onShowCase }: QueueRowProps) {
  const { locale } = useLocale();
  const toast = useToast();
  const { data: cases } = useRead('cases.list', {});
  const { data: outbox } = useRead('outbox.list', {});
  const take = useWrite('cases.assign');
  // What this computer has of it is newer than the server's last answer.
  const kept = cases?.find((each) => each.id === item.id);
  const officer = kept === undefined ? item.officer_name : kept.officer;
  const stage = stageOf({ stage: kept?.stage ?? item.stage, officer });
  const isHere = cases === undefined ? item.here : kept !== undefined;
  const onItsWay = outbox?.find(
    (entry) =>
      entry.kind === 'assign_case' &&
      entry.case === item.id &&
      entry.state !== 'refused' &&
      entry.state !== 'received',
  );
  const holder = item.holder === '' ? m.queue_protected() : item.holder;
  const named = { number: item.number, holder };

  async function takeIt(): Promise<void> {
    try {
      await take.mutateAsync({ case: item.id, from: item.officer, to: 'me' });
      toast({ text: () => m.queue_taking({ number: item.number }) });
    } catch {
      // told below the row
    }
  }

  return (
    <li className={styles.row} data-testid="queue-row" data-number={item.number}>
      <div className={styles.what}>
        <span className={styles.title}>
          {holder}
          <span className={page.meta}>{item.title}</span>
        </span>
        <span className={page.meta}>
          {item.body !== null && `${item.body[locale]} · `}
          {item.number} · {m.queue_opened({ date: shortDate(item.opened_at, locale, new Date()) })}
          {officer !== null && ` · ${officer}`}
        </span>
      </div>
      <Chip tone={stage.tone} icon={stage.icon}>
        {stage.text}
      </Chip>
      <div className={styles.acts}>
        {isHere && (
          <Button
            aria-label={m.queue_open_label(named)}
            onPress={() => onShowCase(item.id)}
            data-testid="queue-open"
          >
            <FolderOpen size={15} aria-hidden />
            {m.queue_open()}
          </Button>
        )}
        {!isHere && onItsWay !== undefined && <StateChip state={onItsWay.state} />}
        {!isHere && onItsWay === undefined && item.stage === 'application' && (
          <Button
            aria-label={m.queue_take_label(named)}
            isPending={take.isPending}
            onPress={() => void takeIt()}
            data-testid="queue-take"
          >
            {m.queue_take()}
          </Button>
        )}
      </div>
      {take.error !== null && <p className={styles.fault}>{faultText(take.error)}</p>}
    </li>
  );
}
