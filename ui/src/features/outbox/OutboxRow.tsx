import { FileText, PencilLine, RotateCcw, Undo2 } from 'lucide-react';
import { Button as AriaButton } from 'react-aria-components';
import type { OutboxEntry, SyncView } from '../../generated/rpc';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { SendingBar } from '../../shared/components/SendingBar';
import { StateChip } from '../../shared/components/StateChip';
import { KINDS } from '../../shared/kinds';
import { explanation } from './explanation';
import styles from './Outbox.module.css';
import { SaveEntry } from './SaveEntry';
import { steps } from './steps';

type OutboxRowProps = {
  entry: OutboxEntry;
  sync: SyncView | undefined;
  onShowCase: () => void;
  withdrawing: boolean;
  onWithdraw: () => void;
  canWriteAgain: boolean;
  writingAgain: boolean;
  onWriteAgain: () => void;
};

/** What is written becomes a draft again; a file is picked anew in its row, and an act is done anew. */
const WRITTEN: ReadonlySet<OutboxEntry['kind']> = new Set([
  'send_message',
  'record_exam',
  'apply',
  'refuse_document',
  'grant_certificate',
  'refuse_application',
  'propose_contact_change',
  'refuse_contact_change',
  'explain_absence',
  'refuse_explanation',
  'request_completion',
  'write_note',
  'change_note',
  'write_template',
  'change_template',
]);

/** What names a file that is another's to save. */
const FILE_ELSEWHERE: ReadonlySet<OutboxEntry['kind']> = new Set([
  'accept_document',
  'take_from_archive',
]);

/** One thing that was sent: what it is, where it stands and why. */
export function OutboxRow({
  entry,
  sync,
  onShowCase,
  withdrawing,
  onWithdraw,
  canWriteAgain,
  writingAgain,
  onWriteAgain,
}: OutboxRowProps) {
  const { locale } = useLocale();
  const kind = KINDS[entry.kind]();
  // Whoever takes a case from the queue does not have it yet.
  const subject = entry.subject === '' ? m.outbox_unseen_case() : entry.subject;
  const isWritten = WRITTEN.has(entry.kind);
  const bad = entry.state === 'refused' || entry.state === 'stuck';
  return (
    <li
      className={styles.entry}
      tabIndex={-1}
      data-testid="outbox-entry"
      data-state={entry.state}
      data-kind={entry.kind}
      data-command={entry.command}
    >
      <div className={styles.body}>
        <h3 className={styles.what}>
          {!entry.here ? (
            subject
          ) : (
            <AriaButton
              className={styles.toCase ?? ''}
              onPress={onShowCase}
              data-testid="outbox-case"
            >
              {subject}
            </AriaButton>
          )}
          {entry.number !== null && <span className={styles.kind}>{entry.number}</span>}
          <span className={styles.kind}>{kind}</span>
          <StateChip
            state={entry.state}
            isMoving={entry.sending !== null && sync?.line === 'online' && sync.fault === null}
          />
        </h3>
        {entry.file_name !== null && (
          <p className={styles.file}>
            <FileText size={15} aria-hidden />
            {entry.file_name}
          </p>
        )}
        {entry.text !== '' && <p className={styles.text}>{entry.text}</p>}
        <p className={styles.why} data-bad={bad || undefined}>
          {explanation(entry, sync, locale)}
        </p>
        {entry.state === 'queued' && entry.sending !== null && (
          <SendingBar
            progress={entry.sending}
            isMoving={sync?.line === 'online' && sync.fault === null}
          />
        )}
        <TimeLine entry={entry} />
      </div>
      <div className={styles.acts}>
        {entry.can_withdraw && (
          <Button
            aria-label={m.outbox_withdraw_label({ kind, subject })}
            isPending={withdrawing}
            onPress={onWithdraw}
            data-testid="withdraw"
          >
            <Undo2 size={15} aria-hidden />
            {m.outbox_withdraw()}
          </Button>
        )}
        {canWriteAgain && (
          <Button
            aria-label={(isWritten ? m.outbox_write_again_label : m.outbox_try_again_label)({
              kind,
              subject,
            })}
            isPending={writingAgain}
            onPress={onWriteAgain}
            data-testid="write-again"
          >
            {isWritten ? <PencilLine size={15} aria-hidden /> : <RotateCcw size={15} aria-hidden />}
            {isWritten ? m.outbox_write_again() : m.outbox_try_again()}
          </Button>
        )}
        {(entry.text !== '' || entry.file_name !== null) && !FILE_ELSEWHERE.has(entry.kind) && (
          <SaveEntry entry={entry} kind={kind} />
        )}
      </div>
    </li>
  );
}

/** What has happened so far, in order. */
function TimeLine({ entry }: { entry: OutboxEntry }) {
  const { locale } = useLocale();
  return (
    <ol className={styles.times} aria-label={m.outbox_times()}>
      {steps(entry, locale).map(({ at, text }) => (
        <li key={at + text}>
          <time dateTime={at}>{text}</time>
        </li>
      ))}
    </ol>
  );
}
