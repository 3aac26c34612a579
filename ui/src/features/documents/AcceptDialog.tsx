import { Check, ExternalLink, Eye } from 'lucide-react';
import type { DocumentView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';
import { Notice } from '../../shared/components/Notice';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { useMemory } from './documents-context';
import styles from './OpenDialog.module.css';
import { useOpen } from './use-open';

type AcceptDialogProps = {
  caseId: string;
  document: DocumentView;
  onClose: () => void;
  onAccept: () => void;
};

/** Accepting cannot be taken back once it has left, so it is asked first; more so about what nobody has read. */
export function AcceptDialog({ caseId, document, onClose, onAccept }: AcceptDialogProps) {
  const memory = useMemory();
  const opening = useOpen(document);
  const isRead = memory.opened.has(document.id);
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={m.accept_title({ name: document.name })}
      role="alertdialog"
      actions={
        <>
          <Button onPress={onClose}>{m.message_cancel()}</Button>
          <Button look="primary" autoFocus={isRead} onPress={onAccept} data-testid="confirm-accept">
            <Check size={15} aria-hidden />
            {m.decide_accept()}
          </Button>
        </>
      }
    >
      <p className={styles.text}>{m.accept_text()}</p>
      {!isRead && <Notice severity="warning">{m.accept_unread()}</Notice>}
      <div className={styles.ways}>
        <Button
          size="small"
          autoFocus={!isRead}
          aria-label={m.document_look_label({ name: document.name })}
          onPress={() => {
            onClose();
            memory.look({ case: caseId, document: document.id, name: document.name });
          }}
          data-testid="look-first"
        >
          <Eye size={14} aria-hidden />
          {m.document_look()}
        </Button>
        <Button
          size="small"
          isPending={opening.isPending}
          aria-label={m.document_open_label({ name: document.name })}
          onPress={opening.open}
          data-testid="open-first"
        >
          <ExternalLink size={14} aria-hidden />
          {m.document_open()}
        </Button>
      </div>
      {opening.fault !== null && (
        <Notice severity={FAULTS[opening.fault.code]?.severity ?? 'error'}>
          {faultText(opening.fault)}
        </Notice>
      )}
      {opening.dialog}
    </Dialog>
  );
}
