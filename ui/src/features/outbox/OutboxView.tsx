import { Inbox, SendHorizontal } from 'lucide-react';
import { useRef, useState } from 'react';
import type { LeftEntry, OutboxEntry } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { EmptyState } from '../../shared/components/EmptyState';
import { FaultView } from '../../shared/components/FaultView';
import { Loading } from '../../shared/components/Loading';
import page from '../../shared/components/Page.module.css';
import { useToast } from '../../shared/components/Toasts';
import { faultText } from '../../shared/errors/faults';
import { useRead, useWrite } from '../../shared/rpc/queries';
import { useSyncNow } from '../../shared/rpc/use-sync-now';
import { canGiveBack } from './can-give-back';
import { LeftWork } from './LeftWork';
import styles from './Outbox.module.css';
import { OutboxRow } from './OutboxRow';

type OutboxViewProps = {
  onShowCases: () => void;
  onShowCase: (caseId: string) => void;
  /** Saves the texts being written; false if one could not be saved. */
  saveDrafts: () => Promise<boolean>;
};

const NONE: readonly LeftEntry[] = [];

/** Everything that was sent from here: what is not received first, then what the server has. */
export default function OutboxView({ onShowCases, onShowCase, saveDrafts }: OutboxViewProps) {
  const { data: entries, error, refetch } = useRead('outbox.list', {});
  const { data: left = NONE } = useRead('outbox.left', {});
  const syncNow = useSyncNow();
  const title = useRef<HTMLHeadingElement>(null);
  const undecided = entries?.some((entry) => entry.state === 'queued' || entry.state === 'stuck');
  return (
    <div className={page.view}>
      <div className={page.column}>
        <header className={styles.head}>
          <div className={styles.heading}>
            <h1 ref={title} tabIndex={-1}>
              {m.outbox_title()}
            </h1>
            {entries !== undefined && entries.length > 0 && <p>{m.outbox_lead()}</p>}
          </div>
          {undecided && (
            <Button
              look="primary"
              isPending={syncNow.isPending}
              onPress={() => void syncNow.tryNow()}
              data-testid="send-now"
            >
              <SendHorizontal size={15} aria-hidden />
              {syncNow.isPending ? m.outbox_sending() : m.outbox_send_now()}
            </Button>
          )}
        </header>
        {entries !== undefined && entries.length > 0 && (
          <Entries
            entries={entries}
            onShowCase={onShowCase}
            saveDrafts={saveDrafts}
            focusTitle={() => title.current?.focus()}
          />
        )}
        {left.length > 0 && <LeftWork entries={left} focusTitle={() => title.current?.focus()} />}
        {entries?.length === 0 && left.length === 0 && (
          <EmptyState
            icon={Inbox}
            title={m.outbox_empty()}
            hint={m.outbox_empty_hint()}
            action={<Button onPress={onShowCases}>{m.outbox_to_cases()}</Button>}
          />
        )}
        {entries === undefined && error === null && <Loading />}
        {entries === undefined && error !== null && (
          <FaultView fault={error} onRetry={() => void refetch()} />
        )}
      </div>
    </div>
  );
}

/** The second press of a double one comes within this time. */
const TWICE_MS = 500;

type ByKind = Partial<Record<OutboxEntry['kind'], () => string>>;

/** What has become of it once it is taken back. */
const WITHDRAWN: ByKind = {
  send_message: () => m.outbox_withdrawn(),
  submit_document: () => m.outbox_withdrawn_document(),
  accept_document: () => m.outbox_withdrawn_decision(),
  refuse_document: () => m.outbox_withdrawn_refusal(),
  explain_absence: () => m.outbox_withdrawn_explanation(),
  accept_explanation: () => m.outbox_withdrawn_row(),
  refuse_explanation: () => m.outbox_withdrawn_refusal(),
  take_from_archive: () => m.outbox_withdrawn_row(),
  report_ready: () => m.outbox_withdrawn_ready(),
  record_exam: () => m.outbox_withdrawn_exam(),
  request_completion: () => m.outbox_withdrawn_completion(),
  grant_certificate: () => m.outbox_withdrawn_letter(),
  refuse_application: () => m.outbox_withdrawn_letter(),
  apply: () => m.outbox_withdrawn_application(),
  propose_contact_change: () => m.outbox_withdrawn_contact(),
  withdraw_contact_change: () => m.outbox_withdrawn_contact_decision(),
  accept_contact_change: () => m.outbox_withdrawn_contact_decision(),
  refuse_contact_change: () => m.outbox_withdrawn_contact_refusal(),
  complete_postal_task: () => m.outbox_withdrawn_posted(),
  write_note: () => m.outbox_withdrawn_note(),
  change_note: () => m.outbox_withdrawn_note(),
  write_template: () => m.outbox_withdrawn_template(),
  change_template: () => m.outbox_withdrawn_template(),
};

const WRITTEN_AGAIN: ByKind = {
  send_message: () => m.outbox_written_again(),
  submit_document: () => m.outbox_again_document(),
  accept_document: () => m.outbox_again_decision(),
  refuse_document: () => m.outbox_again_refusal(),
  apply: () => m.outbox_withdrawn_application(),
  propose_contact_change: () => m.outbox_withdrawn_contact(),
  withdraw_contact_change: () => m.outbox_withdrawn_contact_decision(),
  accept_contact_change: () => m.outbox_withdrawn_contact_decision(),
  refuse_contact_change: () => m.outbox_withdrawn_contact_refusal(),
  complete_postal_task: () => m.outbox_withdrawn_posted(),
  write_note: () => m.outbox_withdrawn_note(),
  change_note: () => m.outbox_withdrawn_note(),
  write_template: () => m.outbox_withdrawn_template(),
  change_template: () => m.outbox_withdrawn_template(),
  explain_absence: () => m.outbox_again_explanation(),
  accept_explanation: () => m.outbox_again_row(),
  refuse_explanation: () => m.outbox_again_refusal(),
  take_from_archive: () => m.outbox_again_row(),
  report_ready: () => m.outbox_again_ready(),
  record_exam: () => m.outbox_withdrawn_exam(),
  request_completion: () => m.outbox_again_completion(),
};

type EntriesProps = {
  entries: OutboxEntry[];
  onShowCase: (caseId: string) => void;
  saveDrafts: () => Promise<boolean>;
  focusTitle: () => void;
};

function Entries({ entries, onShowCase, saveDrafts, focusTitle }: EntriesProps) {
  const { data: sync } = useRead('sync.state', {});
  const { data: cases } = useRead('cases.list', {});
  const toast = useToast();
  const withdraw = useWrite('outbox.withdraw');
  const writeAgain = useWrite('outbox.write_again');
  const [saving, setSaving] = useState<string | null>(null);
  const lists = useRef<HTMLDivElement>(null);
  /** When a row last went away, and another came under the pointer in its place. */
  const goneAt = useRef(Number.NEGATIVE_INFINITY);

  /**
   * The button goes away with its row: the focus moves to the next row, and not to its button, or
   * whoever presses twice would take that back as well.
   */
  function focusAfter(command: string): void {
    const rows = [...(lists.current?.querySelectorAll<HTMLElement>('[data-command]') ?? [])];
    const index = rows.findIndex((row) => row.dataset.command === command);
    const next = rows[index + 1] ?? rows[index - 1];
    if (next === undefined) {
      focusTitle();
    } else {
      next.focus();
    }
  }

  /**
   * Both give the text back as a draft, below what the core has there. A text that only the window
   * has would replace it later: it is saved first, and if it cannot be, nothing is done.
   */
  async function giveBack(
    act: typeof withdraw,
    { command }: OutboxEntry,
    done: () => string,
  ): Promise<void> {
    const isSecondPress = act === withdraw && performance.now() - goneAt.current < TWICE_MS;
    if (saving !== null || isSecondPress) {
      return;
    }
    setSaving(command);
    const saved = await saveDrafts();
    setSaving(null);
    if (!saved) {
      toast({ text: () => m.lock_unsaved() });
      return;
    }
    act.mutate(
      { command },
      {
        onSuccess: () => {
          goneAt.current = performance.now();
          focusAfter(command);
          toast({ text: done });
        },
        onError: (fault) => toast({ text: () => faultText(fault) }),
      },
    );
  }

  const groups = [
    { title: m.outbox_under_way(), entries: entries.filter(({ state }) => state !== 'received') },
    { title: m.outbox_received(), entries: entries.filter(({ state }) => state === 'received') },
  ].filter((group) => group.entries.length > 0);
  return (
    <div className={styles.groups} ref={lists}>
      {groups.map((group) => (
        <section key={group.title} className={styles.group}>
          <h2>{group.title}</h2>
          <ul className={page.list} aria-label={group.title}>
            {group.entries.map((entry) => (
              <OutboxRow
                key={entry.command}
                entry={entry}
                sync={sync}
                onShowCase={() => onShowCase(entry.case)}
                withdrawing={withdraw.isPending && withdraw.variables.command === entry.command}
                onWithdraw={() =>
                  void giveBack(withdraw, entry, () =>
                    (WITHDRAWN[entry.kind] ?? m.outbox_withdrawn_other)(),
                  )
                }
                canWriteAgain={canGiveBack(entry, cases)}
                writingAgain={
                  writeAgain.isPending && writeAgain.variables.command === entry.command
                }
                onWriteAgain={() =>
                  void giveBack(writeAgain, entry, () =>
                    (WRITTEN_AGAIN[entry.kind] ?? m.outbox_withdrawn_other)(),
                  )
                }
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
