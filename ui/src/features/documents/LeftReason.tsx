import { Copy, PencilLine, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { m } from '../../i18n/paraglide/messages.js';
import { toFault } from '../../platform';
import { Button } from '../../shared/components/Button';
import { Chip } from '../../shared/components/Chip';
import { Notice } from '../../shared/components/Notice';
import { useToast } from '../../shared/components/Toasts';
import type { SaveContent } from '../../shared/drafts/drafts';
import { useDraft, useDrafts } from '../../shared/drafts/drafts-context';
import { faultText } from '../../shared/errors/faults';
import styles from './Card.module.css';
import { rowFocus } from './row-focus';

type LeftReasonProps = {
  /** Its name in the window. */
  draftKey: string;
  /** How it is kept. */
  save: SaveContent;
  /** The reason as the core has it. */
  stored: string;
  /** What it was begun for. */
  name: string;
  /** Why it cannot be sent. */
  text: string;
};

/**
 * A reason that was begun for a document that cannot be decided any more: somebody has replaced or
 * decided it meanwhile. Nobody's words go away unseen.
 */
export function LeftReason({ draftKey: key, save, stored, name, text }: LeftReasonProps) {
  const drafts = useDrafts();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const draft = useDraft(key, { text: stored, type: '' });
  if (draft.text === '') {
    return null;
  }
  const content = { text: draft.text, type: '' };

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(content.text);
      toast({ text: () => m.left_reason_copied() });
    } catch {
      toast({ text: () => m.thread_not_copied() });
    }
  }

  async function discard(button: Element): Promise<void> {
    const toRow = rowFocus(button);
    setBusy(true);
    try {
      await drafts.settle(key);
      await save({ text: '', type: '' });
      drafts.done(key, content.text);
      toRow();
      toast({
        text: () => m.left_reason_discarded(),
        onUndo: () => {
          drafts.write(key, content, save);
          void drafts.flushAll();
        },
      });
    } catch (thrown) {
      const fault = toFault(thrown);
      drafts.write(key, content, save);
      toast({ text: () => faultText(fault) });
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className={styles.left} data-testid="left-reason">
      <div className={styles.leftHead}>
        <Chip tone="none" icon={PencilLine}>
          {m.draft_chip()}
        </Chip>
        <span className={styles.meta}>{text}</span>
      </div>
      <p className={styles.note}>{draft.text}</p>
      {draft.status === 'failed' && draft.fault !== null && (
        <Notice severity="error">{m.draft_failed({ reason: faultText(draft.fault) })}</Notice>
      )}
      <div className={styles.actions}>
        <Button
          size="small"
          aria-label={m.left_reason_copy_label({ name })}
          onPress={() => void copy()}
          data-testid="copy-reason"
        >
          <Copy size={14} aria-hidden />
          {m.left_reason_copy()}
        </Button>
        <Button
          look="quiet"
          size="small"
          isPending={busy}
          aria-label={m.left_reason_discard_label({ name })}
          onPress={({ target }) => void discard(target)}
          data-testid="discard-reason"
        >
          <Trash2 size={14} aria-hidden />
          {m.left_reason_discard()}
        </Button>
      </div>
    </div>
  );
}
