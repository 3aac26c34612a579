import { useEffect, useRef, useState } from 'react';
import type { Words } from '../../generated/rpc';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { type RpcFault, toFault } from '../../platform';
import { AreaField } from '../../shared/components/AreaField';
import { Button } from '../../shared/components/Button';
import { Notice } from '../../shared/components/Notice';
import { SelectField } from '../../shared/components/SelectField';
import { useDraftField, useDrafts } from '../../shared/drafts/drafts-context';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { lengthOf } from '../../shared/text-length';
import styles from './Card.module.css';
import { refusalKey, useSaveRefusal } from './refusal-draft';
import { rowFocus } from './row-focus';

type RefusalProps = {
  caseId: string;
  /** What is refused: a document, or a reason for lacking one. */
  id: string;
  /** The reason as the core has it. */
  stored: string;
  label: string;
  /** Reasons that are often needed. */
  usual: readonly Words[];
  maxReason: number;
  onRefuse: (reason: string) => Promise<unknown>;
  /** It has been refused. */
  onDone: () => void;
  onClose: () => void;
};

/** The reason, which the holder reads. It is kept while it is written. */
export function Refusal({
  caseId,
  id,
  stored,
  label,
  usual,
  maxReason,
  onRefuse,
  onDone,
  onClose,
}: RefusalProps) {
  const { locale } = useLocale();
  const drafts = useDrafts();
  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const [blank, setBlank] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<RpcFault | null>(null);
  const key = refusalKey(id);
  const save = useSaveRefusal(caseId, id);
  const { draft, write, flush } = useDraftField(key, { text: stored, type: '' }, save);

  useEffect(() => {
    field.current?.focus();
    // The way to send it is in view too.
    box.current?.scrollIntoView?.({ block: 'nearest' });
  }, []);

  async function refuse(): Promise<void> {
    if (busy || lengthOf(draft.text) > maxReason) {
      return;
    }
    if (draft.text.trim() === '') {
      setBlank(true);
      field.current?.focus();
      return;
    }
    setBusy(true);
    setFault(null);
    const toRow = rowFocus(field.current);
    try {
      await drafts.settle(key);
      await onRefuse(draft.text);
      drafts.done(key, draft.text);
      onDone();
      toRow();
    } catch (thrown) {
      write({ text: draft.text, type: '' });
      setFault(toFault(thrown));
    } finally {
      setBusy(false);
    }
  }

  /** A usual reason goes below what has been written. */
  function add(index: number): void {
    const words = usual[index]?.[locale] ?? '';
    const text = draft.text.trim() === '' ? words : `${draft.text}\n\n${words}`;
    setBlank(false);
    write({ text, type: '' });
    field.current?.focus();
  }

  return (
    <div ref={box} className={styles.refusal}>
      {usual.length > 0 && (
        <SelectField
          label={m.refusal_usual()}
          placeholder={m.refusal_usual_pick()}
          choices={usual.map((words, index) => ({ id: String(index), name: words[locale] }))}
          selected={null}
          onSelect={(index) => add(Number(index))}
          testId="usual-reason"
        />
      )}
      <AreaField
        ref={field}
        label={label}
        hint={m.refusal_hint()}
        text={draft.text}
        max={maxReason}
        rows={3}
        error={blank ? m.refusal_blank() : null}
        readOnly={busy}
        onChange={(text) => {
          setBlank(false);
          write({ text, type: '' });
        }}
        onBlur={() => void flush()}
        testId="refusal-text"
      />
      {draft.status === 'failed' && draft.fault !== null && (
        <Notice severity="error">{m.draft_failed({ reason: faultText(draft.fault) })}</Notice>
      )}
      <div className={styles.actions}>
        <Button
          look="danger"
          isPending={busy}
          onPress={() => void refuse()}
          data-testid="confirm-refuse"
        >
          {m.refusal_submit()}
        </Button>
        <Button
          onPress={() => {
            void flush();
            onClose();
          }}
        >
          {m.message_cancel()}
        </Button>
      </div>
      {fault !== null && (
        <Notice severity={FAULTS[fault.code]?.severity ?? 'error'}>{faultText(fault)}</Notice>
      )}
    </div>
  );
}
