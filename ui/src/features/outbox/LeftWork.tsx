import { Copy, FileText, Trash2 } from 'lucide-react';
import { useId } from 'react';
import type { LeftEntry } from '../../generated/rpc';
import { longDay, plainDate } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import type { RpcFault } from '../../platform';
import { Button } from '../../shared/components/Button';
import page from '../../shared/components/Page.module.css';
import { useToast } from '../../shared/components/Toasts';
import { faultText } from '../../shared/errors/faults';
import { usePlatform } from '../../shared/rpc/platform-context';
import { useWrite } from '../../shared/rpc/queries';
import { copyOf } from './copy-of';
import styles from './Outbox.module.css';
import { SaveCopy } from './SaveCopy';

type LeftWorkProps = { entries: readonly LeftEntry[]; focusTitle: () => void };

/** What was begun in cases that others have now: it cannot be sent, and nobody's words go away unseen. */
export function LeftWork({ entries, focusTitle }: LeftWorkProps) {
  const titleId = useId();
  return (
    <section className={styles.group} aria-labelledby={titleId} data-testid="left-work">
      <h2 id={titleId}>{m.left_title()}</h2>
      <p className={page.hint}>{m.left_lead()}</p>
      <ul className={page.list} aria-labelledby={titleId}>
        {entries.map((entry) => (
          <LeftRow key={entry.place} entry={entry} focusTitle={focusTitle} />
        ))}
      </ul>
    </section>
  );
}

const KINDS: Record<LeftEntry['kind'], () => string> = {
  message: () => m.left_message(),
  decision: () => m.left_decision(),
  exam: () => m.left_exam(),
  completion: () => m.left_completion(),
  note: () => m.outbox_kind_write_note(),
  refusal: () => m.left_refusal(),
  absence: () => m.left_absence(),
  contact: () => m.left_contact(),
  contact_refusal: () => m.left_contact_refusal(),
  file: () => m.left_file(),
};

type LeftRowProps = { entry: LeftEntry; focusTitle: () => void };

function LeftRow({ entry, focusTitle }: LeftRowProps) {
  const { locale } = useLocale();
  const platform = usePlatform();
  const toast = useToast();
  const remove = useWrite('outbox.left_remove');
  const { place, number, text, file_name: fileName } = entry;
  const kind = KINDS[entry.kind]();
  const subject = entry.subject === '' ? m.outbox_unseen_case() : entry.subject;
  const told = (fault: RpcFault) => toast({ text: () => faultText(fault) });

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      toast({ text: () => m.left_copied() });
    } catch {
      toast({ text: () => m.thread_not_copied() });
    }
  }

  function removeIt(): void {
    remove.mutate(
      { place, removed: true },
      {
        onSuccess: () => {
          focusTitle();
          toast({
            text: () => m.left_removed(),
            onUndo: () => remove.mutate({ place, removed: false }, { onError: told }),
          });
        },
        onError: told,
      },
    );
  }

  const day = plainDate(entry.left_at);
  const times = [m.left_at({ date: longDay(day, locale) })];
  const saved = copyOf({ kind, subject, number, day, times, text });
  return (
    <li className={styles.entry} data-testid="left-entry" data-kind={entry.kind}>
      <div className={styles.body}>
        <h3 className={styles.what}>
          {subject}
          {number !== '' && <span className={styles.kind}>{number}</span>}
          <span className={styles.kind}>{kind}</span>
        </h3>
        {fileName !== null && (
          <p className={styles.file}>
            <FileText size={15} aria-hidden />
            {fileName}
          </p>
        )}
        {text !== '' && <p className={styles.whole}>{text}</p>}
        <p className={styles.why}>
          {m.left_until({ date: longDay(plainDate(entry.erased_at), locale) })}
        </p>
      </div>
      <div className={styles.acts}>
        {text !== '' && (
          <Button
            aria-label={m.left_copy_label({ kind, subject })}
            onPress={() => void copy()}
            data-testid="left-copy"
          >
            <Copy size={15} aria-hidden />
            {m.left_reason_copy()}
          </Button>
        )}
        <SaveCopy
          label={m.outbox_save_label({ kind, subject })}
          save={() => platform.call('outbox.left_save', { place, ...saved })}
          testId="left-save"
        />
        <Button
          look="quiet"
          aria-label={m.left_remove_label({ kind, subject })}
          isPending={remove.isPending}
          onPress={removeIt}
          data-testid="left-remove"
        >
          <Trash2 size={15} aria-hidden />
          {m.left_remove()}
        </Button>
      </div>
    </li>
  );
}
