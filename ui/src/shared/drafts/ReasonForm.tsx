import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../components/Button';
import { Dialog } from '../components/Dialog';
import { lengthOf } from '../text-length';
import type { SaveContent } from './drafts';
import { useWriting } from './use-writing';
import styles from './Writing.module.css';
import { WritingField } from './WritingField';

type ReasonFormProps = {
  /** Its name in the window. */
  draftKey: string;
  /** The reason as the core has it. */
  stored: string;
  save: SaveContent;
  label: string;
  hint: string;
  /** Told if there is no reason. */
  blank: string;
  /** What the button says that refuses. */
  submit: string;
  max: number;
  testIds: { text: string; confirm: string };
  /** What stands above the field; `add` puts words below what is written. */
  above?: (add: (words: string) => void) => ReactNode;
  field?: RefObject<HTMLTextAreaElement | null>;
  /** What is asked first, where it cannot be taken back: a question, and what it is about. */
  ask?: { title: string; about: ReactNode };
  onRefuse: (reason: string) => Promise<unknown>;
  /** It has been refused. */
  onDone: () => void;
  onClose: () => void;
};

/** Why something is refused, which whoever sent it reads. It is kept while it is written. */
export function ReasonForm({
  draftKey,
  stored,
  save,
  label,
  hint,
  blank,
  submit,
  max,
  testIds,
  above,
  field: given,
  ask,
  onRefuse,
  onDone,
  onClose,
}: ReasonFormProps) {
  const own = useRef<HTMLTextAreaElement>(null);
  const field = given ?? own;
  const box = useRef<HTMLDivElement>(null);
  const [isBlank, setBlank] = useState(false);
  const [asking, setAsking] = useState(false);
  const writing = useWriting(draftKey, { text: stored, type: '' }, save);
  const { draft, write, flush, busy } = writing;

  useEffect(() => {
    field.current?.focus();
    // The way to send it is in view too.
    box.current?.scrollIntoView?.({ block: 'nearest' });
  }, [field]);

  function submitted(): void {
    if (busy || lengthOf(draft.text) > max) {
      return;
    }
    if (draft.text.trim() === '') {
      setBlank(true);
      field.current?.focus();
      return;
    }
    if (ask === undefined) {
      void refuse();
    } else {
      setAsking(true);
    }
  }

  async function refuse(): Promise<void> {
    setAsking(false);
    if (await writing.send(() => onRefuse(draft.text))) {
      onDone();
    }
  }

  function add(words: string): void {
    setBlank(false);
    write({ text: draft.text.trim() === '' ? words : `${draft.text}\n\n${words}`, type: '' });
    field.current?.focus();
  }

  return (
    <div ref={box} className={styles.reason}>
      {above?.(add)}
      <WritingField
        ref={field}
        writing={writing}
        label={label}
        hint={hint}
        max={max}
        rows={3}
        error={isBlank ? blank : null}
        onType={() => setBlank(false)}
        testId={testIds.text}
      >
        <Button look="danger" isPending={busy} onPress={submitted} data-testid={testIds.confirm}>
          {submit}
        </Button>
        <Button
          onPress={() => {
            void flush();
            onClose();
          }}
        >
          {m.message_cancel()}
        </Button>
      </WritingField>
      {asking && ask !== undefined && (
        <Dialog
          isOpen
          onClose={() => setAsking(false)}
          title={ask.title}
          role="alertdialog"
          actions={
            <>
              <Button onPress={() => setAsking(false)}>{m.message_cancel()}</Button>
              <Button
                look="danger"
                autoFocus
                onPress={() => void refuse()}
                data-testid="send-refusal"
              >
                {submit}
              </Button>
            </>
          }
        >
          {ask.about}
          <blockquote className={styles.quote} data-testid="refusal-asked">
            {draft.text}
          </blockquote>
          <p>{m.accept_text()}</p>
        </Dialog>
      )}
    </div>
  );
}
