import { useQueryClient } from '@tanstack/react-query';
import { PencilLine, SendHorizontal, Trash2 } from 'lucide-react';
import { useCallback, useRef, useState } from 'react';
import type { DocumentList, PickedFile, RowView } from '../../generated/rpc';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { type RpcFault, toFault } from '../../platform';
import { AreaField } from '../../shared/components/AreaField';
import { Button } from '../../shared/components/Button';
import { Chip } from '../../shared/components/Chip';
import { Notice } from '../../shared/components/Notice';
import { SelectField } from '../../shared/components/SelectField';
import { useToast } from '../../shared/components/Toasts';
import type { Content } from '../../shared/drafts/drafts';
import { useDraftField, useDrafts } from '../../shared/drafts/drafts-context';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { rejectionText } from '../../shared/errors/rejections';
import { usePlatform } from '../../shared/rpc/platform-context';
import { keepInCache, queryKey } from '../../shared/rpc/queries';
import { lengthOf } from '../../shared/text-length';
import styles from './Card.module.css';
import { Checklist } from './Checklist';
import { useMemory } from './documents-context';
import { FileName } from './FileName';
import { rowFocus } from './row-focus';
import { takesFiles } from './row-state';
import { showFile } from './use-add-files';

type PickedCardProps = {
  caseId: string;
  file: PickedFile;
  row: RowView;
  list: DocumentList;
  /** Whether sending it takes the place of what was sent before. */
  replaces: boolean;
  onSubmitted: () => void;
};

/** A file that was picked and is not sent: what to say of it, and the two ways on. */
export function PickedCard({ caseId, file, row, list, replaces, onSubmitted }: PickedCardProps) {
  const { locale } = useLocale();
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
  const maxNote = list.max_note;
  const tooLong = lengthOf(draft.text) > maxNote;
  // What came by post was never the officer's to sign.
  const points = list.mine_to_send ? row.checklist : [];
  const [ticked, setTicked] = useState<ReadonlySet<number>>(new Set());
  const [isMissed, setMissed] = useState(false);
  const card = useRef<HTMLDivElement>(null);
  const others = list.rows.filter((each) => each.id !== row.id && takesFiles(each));

  async function submit(): Promise<void> {
    if (busy || tooLong) {
      return;
    }
    if (ticked.size < points.length) {
      setMissed(true);
      card.current?.querySelector<HTMLElement>('[type="checkbox"]:not(:checked)')?.focus();
      return;
    }
    setBusy(true);
    setFault(null);
    try {
      await drafts.settle(key);
      await platform.call('documents.submit', { file: id, note: draft.text, checked: true });
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

  /** It was brought to the wrong row (KW-65). */
  async function move(to: string): Promise<void> {
    const name = list.rows.find((each) => each.id === to)?.name[locale] ?? '';
    try {
      await flush();
      await platform.call('documents.move', { file: id, row: to });
      await client.invalidateQueries({ queryKey: queryKey('documents.list', { case: caseId }) });
      toast({ text: () => m.picked_moved({ name: file.name, row: name }) });
      showFile(id);
    } catch (thrown) {
      setFault(toFault(thrown));
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
    <div ref={card} className={styles.card} data-testid="picked" data-file={id} data-picked>
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
      {points.length > 0 && (
        <Checklist
          points={points}
          ticked={ticked}
          isMissed={isMissed && ticked.size < points.length}
          onTick={setTicked}
        />
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
      {others.length > 0 && (
        <SelectField
          label={m.picked_move()}
          placeholder={m.picked_move_pick()}
          choices={others.map((each) => ({ id: each.id, name: each.name[locale] }))}
          selected={null}
          onSelect={(to) => void move(to)}
          testId="move-picked"
        />
      )}
      {fault !== null && (
        <Notice severity={FAULTS[fault.code]?.severity ?? 'error'}>{faultText(fault)}</Notice>
      )}
    </div>
  );
}
