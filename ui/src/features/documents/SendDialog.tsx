import { FilePlus, SendHorizontal } from 'lucide-react';
import { useId, useState } from 'react';
import type { DocumentList, RowView } from '../../generated/rpc';
import { fileSize } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { type RpcFault, toFault } from '../../platform';
import { AreaField } from '../../shared/components/AreaField';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';
import { Notice } from '../../shared/components/Notice';
import { useDraftField, useDrafts } from '../../shared/drafts/drafts-context';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { usePlatform } from '../../shared/rpc/platform-context';
import { lengthOf } from '../../shared/text-length';
import { explanationKey, useSaveExplanation } from './explanation-draft';
import styles from './Rows.module.css';
import { standOf, takesReason } from './row-state';

type SendDialogProps = {
  caseId: string;
  row: RowView;
  list: DocumentList;
  onPick: () => void;
  onClose: () => void;
};

const UPLOAD = 'upload';

/** "Ladda upp/meddela": a file, or why there is none (KW-73 to KW-75). Uploading is chosen each time. */
export function SendDialog({ caseId, row, list, onPick, onClose }: SendDialogProps) {
  const { locale } = useLocale();
  const platform = usePlatform();
  const drafts = useDrafts();
  const group = useId();
  const [choice, setChoice] = useState(UPLOAD);
  const [blank, setBlank] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<RpcFault | null>(null);
  const key = explanationKey(row.id);
  const save = useSaveExplanation(caseId, row.id);
  const { absence, reason } = row.explanation_draft;
  const { draft, write, flush } = useDraftField(key, { text: reason, type: absence }, save);
  const absences = takesReason(row) && list.undecided ? list.absences : [];
  const name = row.name[locale];
  const isUpload = choice === UPLOAD;

  async function explain(): Promise<void> {
    if (busy || lengthOf(draft.text) > list.max_note) {
      return;
    }
    if (draft.text.trim() === '') {
      setBlank(true);
      return;
    }
    setBusy(true);
    setFault(null);
    try {
      await drafts.settle(key);
      const asked = { case: caseId, row: row.id, absence: choice, reason: draft.text };
      await platform.call('documents.explain', asked);
      drafts.done(key, draft.text);
      onClose();
    } catch (thrown) {
      write({ text: draft.text, type: choice });
      setFault(toFault(thrown));
    } finally {
      setBusy(false);
    }
  }

  function choose(next: string): void {
    setChoice(next);
    setBlank(false);
    if (next !== UPLOAD && draft.text !== '') {
      write({ text: draft.text, type: next });
    }
  }

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={m.send_title({ name })}
      actions={
        <>
          <Button onPress={onClose}>{m.message_cancel()}</Button>
          {isUpload ? (
            <Button key="pick" look="primary" onPress={onPick} autoFocus data-testid="pick">
              <FilePlus size={15} aria-hidden />
              {m.row_pick()}
            </Button>
          ) : (
            <Button
              key="explain"
              look="primary"
              isPending={busy}
              onPress={() => void explain()}
              data-testid="confirm-explain"
            >
              <SendHorizontal size={15} aria-hidden />
              {m.explain_submit()}
            </Button>
          )}
        </>
      }
    >
      <p className={styles.hint}>{row.help[locale]}</p>
      {absences.length > 0 && (
        <fieldset className={styles.choices} data-testid="send-choices">
          <legend>{m.send_choice()}</legend>
          {[
            ...absences.map((each) => ({ id: each.code, words: each.name[locale] })),
            { id: UPLOAD, words: m.send_upload() },
          ].map(({ id, words }) => (
            <label key={id} className={styles.choice}>
              <input
                type="radio"
                name={group}
                value={id}
                checked={choice === id}
                disabled={busy}
                onChange={() => choose(id)}
              />
              {words}
            </label>
          ))}
        </fieldset>
      )}
      {isUpload ? (
        <>
          <p className={styles.hint}>
            {m.send_upload_hint({ max: fileSize(list.max_bytes, locale) })}
          </p>
          {draft.text !== '' && absences.length > 0 && (
            <p className={styles.hint}>{m.send_has_draft()}</p>
          )}
        </>
      ) : (
        <>
          <AreaField
            label={m.explain_label()}
            hint={m.explain_hint()}
            text={draft.text}
            max={list.max_note}
            rows={3}
            error={blank ? m.explain_blank() : null}
            readOnly={busy}
            onChange={(text) => {
              setBlank(false);
              write({ text, type: choice });
            }}
            onBlur={() => void flush()}
            testId="explain-text"
          />
          {draft.status === 'failed' && draft.fault !== null && (
            <Notice severity="error">{m.draft_failed({ reason: faultText(draft.fault) })}</Notice>
          )}
          {['waiting', 'leaving'].includes(standOf(row)) && (
            <p className={styles.hint}>{m.explain_replaces()}</p>
          )}
          {fault !== null && (
            <Notice severity={FAULTS[fault.code]?.severity ?? 'error'}>{faultText(fault)}</Notice>
          )}
        </>
      )}
    </Dialog>
  );
}
