import { Check, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { CaseView, DocumentView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { type RpcFault, toFault } from '../../platform';
import { AreaField } from '../../shared/components/AreaField';
import { Button } from '../../shared/components/Button';
import { Notice } from '../../shared/components/Notice';
import { useDraftField, useDrafts, useOpened } from '../../shared/drafts/drafts-context';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { usePlatform } from '../../shared/rpc/platform-context';
import { lengthOf } from '../../shared/text-length';
import { AcceptDialog } from './AcceptDialog';
import styles from './Card.module.css';
import { refusalKey, useSaveRefusal } from './refusal-draft';
import { rowFocus } from './row-focus';
import { useAccept } from './use-accept';

type DecideProps = { item: CaseView; document: DocumentView; maxReason: number };

/** What the officer makes of a document: sufficient, or not and why. */
export function Decide({ item, document, maxReason }: DecideProps) {
  const drafts = useDrafts();
  const key = refusalKey(document.id);
  const isRefusing = useOpened(key);
  const accept = useAccept(document);
  const [asking, setAsking] = useState(false);
  const accepter = useRef<HTMLButtonElement>(null);
  const opener = useRef<HTMLButtonElement>(null);

  async function acceptNow(): Promise<void> {
    setAsking(false);
    const toRow = rowFocus(accepter.current);
    if (await accept.accept()) {
      toRow();
    }
  }

  if (isRefusing) {
    return (
      <Refusal
        draftKey={key}
        caseId={item.id}
        document={document}
        maxReason={maxReason}
        onDone={() => drafts.setOpened(key, false)}
        onClose={() => {
          drafts.setOpened(key, false);
          requestAnimationFrame(() => opener.current?.focus());
        }}
      />
    );
  }
  return (
    <>
      <div className={styles.actions}>
        <Button
          ref={accepter}
          aria-label={m.decide_accept_label({ name: document.name })}
          isPending={accept.isPending}
          onPress={() => setAsking(true)}
          data-testid="accept"
        >
          <Check size={15} aria-hidden />
          {m.decide_accept_ask()}
        </Button>
        <Button
          ref={opener}
          aria-label={m.decide_refuse_label({ name: document.name })}
          onPress={() => drafts.setOpened(key, true)}
          data-testid="refuse"
        >
          <X size={15} aria-hidden />
          {m.decide_refuse()}
        </Button>
        {document.refusal_draft !== '' && (
          <span className={styles.meta}>{m.decide_has_draft()}</span>
        )}
      </div>
      {asking && (
        <AcceptDialog
          document={document}
          onClose={() => setAsking(false)}
          onAccept={() => void acceptNow()}
        />
      )}
      {accept.fault !== null && (
        <Notice severity={FAULTS[accept.fault.code]?.severity ?? 'error'}>
          {faultText(accept.fault)}
        </Notice>
      )}
    </>
  );
}

type RefusalProps = {
  draftKey: string;
  caseId: string;
  document: DocumentView;
  maxReason: number;
  /** It has been refused. */
  onDone: () => void;
  onClose: () => void;
};

/** The reason, which the holder reads. It is kept while it is written. */
function Refusal({ draftKey, caseId, document, maxReason, onDone, onClose }: RefusalProps) {
  const platform = usePlatform();
  const drafts = useDrafts();
  const field = useRef<HTMLTextAreaElement>(null);
  const [blank, setBlank] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<RpcFault | null>(null);
  const id = document.id;
  const save = useSaveRefusal(caseId, id);
  const stored = { text: document.refusal_draft, type: '' };
  const { draft, write, flush } = useDraftField(draftKey, stored, save);

  useEffect(() => field.current?.focus(), []);

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
      await drafts.settle(draftKey);
      await platform.call('documents.refuse', { document: id, reason: draft.text });
      drafts.done(draftKey, draft.text);
      onDone();
      toRow();
    } catch (thrown) {
      write({ text: draft.text, type: '' });
      setFault(toFault(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className={styles.refusal}>
      <AreaField
        ref={field}
        label={m.refusal_label()}
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
