import { PencilLine, SendHorizontal, TriangleAlert } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Notice } from '../../shared/components/Notice';
import { FAULTS, faultText } from '../../shared/errors/faults';
import styles from './Composer.module.css';
import { DiscardDialog } from './DiscardDialog';
import type { Draft } from './drafts';
import { useDraft, useDrafts } from './drafts-context';
import { MessageField } from './MessageField';
import { lengthOf } from './message-length';
import { useComposerActs } from './use-composer-acts';

type ComposerProps = {
  caseId: string;
  /** The draft that the core holds. */
  storedDraft: string | null;
  /** Longest text that can be sent, in characters. */
  maxLength: number;
};

/** Where a message is written. Mount it with the case's id as its key. */
export function Composer({ caseId, storedDraft, maxLength }: ComposerProps) {
  const drafts = useDrafts();
  const draft = useDraft(caseId, storedDraft);
  const field = useRef<HTMLTextAreaElement>(null);
  const [blank, setBlank] = useState(false);
  const [asking, setAsking] = useState(false);
  const acts = useComposerActs(caseId);
  const tooLong = lengthOf(draft.text) > maxLength;

  useEffect(() => {
    drafts.enter(caseId);
    return () => void drafts.leave(caseId);
  }, [drafts, caseId]);

  async function send(): Promise<void> {
    if (acts.busy || tooLong) {
      return;
    }
    if (draft.text.trim() === '') {
      setBlank(true);
    } else {
      await acts.send(draft.text);
    }
    field.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void send();
    }
  }

  return (
    <section className={styles.composer} aria-label={m.message_label()}>
      <MessageField
        ref={field}
        text={draft.text}
        maxLength={maxLength}
        blank={blank}
        readOnly={acts.busy}
        onChange={(text) => {
          setBlank(false);
          acts.forgetFault();
          drafts.write(caseId, text);
        }}
        onBlur={() => void drafts.flush(caseId)}
        onKeyDown={onKeyDown}
      />
      <div className={styles.below}>
        <DraftState draft={draft} />
        <div className={styles.actions}>
          {draft.text !== '' && (
            <Button onPress={() => setAsking(true)}>{m.message_cancel()}</Button>
          )}
          <Button
            look="primary"
            isDisabled={tooLong}
            isPending={acts.busy}
            onPress={() => void send()}
            data-testid="send"
          >
            <SendHorizontal size={15} aria-hidden />
            {acts.busy ? m.message_sending() : m.message_send()}
          </Button>
        </div>
      </div>
      {acts.fault !== null && (
        <Notice severity={FAULTS[acts.fault.code]?.severity ?? 'error'}>
          {faultText(acts.fault)}
        </Notice>
      )}
      <DiscardDialog
        isOpen={asking}
        onContinue={() => {
          setAsking(false);
          focusAfterDialog(field);
        }}
        onSave={() => {
          setAsking(false);
          void drafts.flush(caseId);
        }}
        onDiscard={() => {
          setAsking(false);
          void acts.discard(draft.text);
          focusAfterDialog(field);
        }}
      />
    </section>
  );
}

/** The dialog gives the focus back to its opener, which may be gone; the field is the next best. */
function focusAfterDialog(field: { current: HTMLTextAreaElement | null }): void {
  setTimeout(() => field.current?.focus(), 50);
}

function DraftState({ draft }: { draft: Draft }) {
  const state = draft.text === '' && draft.status !== 'failed' ? 'none' : draft.status;
  return (
    <span className={styles.state} data-testid="draft-state" data-state={state}>
      {state === 'saved' && (
        <>
          <PencilLine size={14} aria-hidden />
          {m.draft_saved()}
        </>
      )}
      {state === 'pending' && (
        <>
          <PencilLine size={14} aria-hidden />
          {m.draft_pending()}
        </>
      )}
      {state === 'failed' && draft.fault !== null && (
        <span role="alert">
          <TriangleAlert size={14} aria-hidden />{' '}
          {m.draft_failed({ reason: faultText(draft.fault) })}
        </span>
      )}
    </span>
  );
}
