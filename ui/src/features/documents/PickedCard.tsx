import { useQueryClient } from '@tanstack/react-query';
import { PencilLine, SendHorizontal, Trash2 } from 'lucide-react';
import { useCallback, useState } from 'react';
import type { PickedFile } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { type RpcFault, toFault } from '../../platform';
import { AreaField } from '../../shared/components/AreaField';
import { Button } from '../../shared/components/Button';
import { Chip } from '../../shared/components/Chip';
import { Notice } from '../../shared/components/Notice';
import { useToast } from '../../shared/components/Toasts';
import type { Content } from '../../shared/drafts/drafts';
import { useDraftField, useDrafts } from '../../shared/drafts/drafts-context';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { rejectionText } from '../../shared/errors/rejections';
import { usePlatform } from '../../shared/rpc/platform-context';
import { keepInCache, queryKey } from '../../shared/rpc/queries';
import { lengthOf } from '../../shared/text-length';
import styles from './Card.module.css';
import { useMemory } from './documents-context';
import { FileName } from './FileName';
import { rowFocus } from './row-focus';

type PickedCardProps = {
  caseId: string;
  file: PickedFile;
  maxNote: number;
  /** Whether sending it takes the place of what was sent before. */
  replaces: boolean;
  onSubmitted: () => void;
};

/** A file that was picked and is not sent: what to say of it, and the two ways on. */
export function PickedCard({ caseId, file, maxNote, replaces, onSubmitted }: PickedCardProps) {
  const platform = usePlatform();
  const client = useQueryClient();
  const drafts = useDrafts();
  const memory = useMemory();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<RpcFault | null>(null);
  const id = file.file ?? '';
  const key = `note/${id}`;
  const save = useCallback(
    async ({ text }: Content) => {
      await platform.call('documents.note_save', { file: id, note: text });
      await keepInCache(client, 'documents.list', { case: caseId }, (list) => ({
        ...list,
        rows: list.rows.map((row) => ({
          ...row,
          picked: row.picked.map((each) => (each.file === id ? { ...each, note: text } : each)),
        })),
      }));
    },
    [platform, client, caseId, id],
  );
  const { draft, write, flush } = useDraftField(key, { text: file.note, type: '' }, save);
  const tooLong = lengthOf(draft.text) > maxNote;

  async function submit(): Promise<void> {
    if (busy || tooLong) {
      return;
    }
    setBusy(true);
    setFault(null);
    try {
      await drafts.settle(key);
      await platform.call('documents.submit', { file: id, note: draft.text });
      drafts.done(key, draft.text);
      onSubmitted();
      void client.invalidateQueries({ queryKey: queryKey('documents.list', { case: caseId }) });
    } catch (thrown) {
      write({ text: draft.text, type: '' });
      setFault(toFault(thrown));
    } finally {
      setBusy(false);
    }
  }

  /** Gone at once for the eye; for good when it can no longer be taken back. */
  function discard(button: Element): void {
    rowFocus(button)();
    const wasText = memory.madeOfText.has(id);
    memory.setLeaving(id, true);
    toast({
      text: () => (wasText ? m.picked_discarded_text : m.picked_discarded)({ name: file.name }),
      onUndo: () => memory.setLeaving(id, false),
      onGone: () => {
        platform
          .call('documents.discard', { file: id })
          .catch(() => {})
          .finally(() => memory.setLeaving(id, false));
      },
    });
  }

  return (
    <div className={styles.card} data-testid="picked" data-file={id} data-picked>
      <div className={styles.top}>
        <FileName name={file.name} bytes={file.bytes} format={file.format} />
        <Chip tone="none" icon={PencilLine}>
          {m.picked_unsent()}
        </Chip>
      </div>
      {file.refused !== null && <p className={styles.bad}>{rejectionText(file.refused)}</p>}
      <AreaField
        label={m.picked_note()}
        hint={m.picked_note_hint()}
        text={draft.text}
        max={maxNote}
        rows={2}
        readOnly={busy}
        onChange={(text) => write({ text, type: '' })}
        onBlur={() => void flush()}
        testId="note"
      />
      {draft.status === 'failed' && draft.fault !== null && (
        <Notice severity="error">{m.draft_failed({ reason: faultText(draft.fault) })}</Notice>
      )}
      {replaces && <p className={styles.meta}>{m.picked_replaces()}</p>}
      <div className={styles.actions}>
        <Button
          look="primary"
          isDisabled={tooLong || file.refused !== null}
          isPending={busy}
          aria-label={m.picked_submit_label({ name: file.name })}
          onPress={() => void submit()}
          data-testid="submit-document"
        >
          <SendHorizontal size={15} aria-hidden />
          {m.picked_submit()}
        </Button>
        <Button
          aria-label={m.picked_discard_label({ name: file.name })}
          isDisabled={busy}
          onPress={({ target }) => discard(target)}
          data-testid="discard-picked"
        >
          <Trash2 size={15} aria-hidden />
          {m.picked_discard()}
        </Button>
      </div>
      {fault !== null && (
        <Notice severity={FAULTS[fault.code]?.severity ?? 'error'}>{faultText(fault)}</Notice>
      )}
    </div>
  );
}
