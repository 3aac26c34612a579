import type { DocumentView, RowView } from '../../generated/rpc';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';
import { SendingBar } from '../../shared/components/SendingBar';
import { StateChip } from '../../shared/components/StateChip';
import { rejectionText } from '../../shared/errors/rejections';
import { useRead } from '../../shared/rpc/queries';
import styles from './TransferBox.module.css';

/** A file that was just handed over to be sent. */
export type Transfer = {
  row: string;
  name: string;
  /** The documents that were in the row before; the new one is none of them. */
  before: readonly string[];
};

type TransferBoxProps = { transfer: Transfer; row: RowView | undefined; onClose: () => void };

/** Confirms a transfer (KW-79) and says no more than is true: received only when the server has it. */
export function TransferBox({ transfer, row, onClose }: TransferBoxProps) {
  const { locale } = useLocale();
  const { data: sync } = useRead('sync.state', {});
  const document = row?.documents.find((each) => !transfer.before.includes(each.id));
  const isLeaving = sync?.line === 'online' && sync.fault === null;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={titleOf(document, isLeaving)}
      actions={
        <Button look="primary" onPress={onClose} autoFocus data-testid="close-transfer-box">
          {m.close()}
        </Button>
      }
    >
      <div
        className={styles.box}
        data-testid="transfer-box"
        data-state={document?.state ?? 'queued'}
        role="status"
      >
        <p className={styles.what}>
          <strong>{transfer.name}</strong>
          {row !== undefined && <span className={styles.row}>{row.name[locale]}</span>}
          {document !== undefined && (
            <StateChip state={document.state} isMoving={isLeaving && document.sending !== null} />
          )}
        </p>
        <p>{textOf(document, isLeaving)}</p>
      </div>
      {document?.sending != null && <SendingBar progress={document.sending} isMoving={isLeaving} />}
    </Dialog>
  );
}

function titleOf(document: DocumentView | undefined, isLeaving: boolean): string {
  switch (document?.state) {
    case 'received':
      return m.transfer_title_received();
    case 'refused':
      return m.transfer_title_refused();
    default:
      return isLeaving ? m.transfer_title_sending() : m.transfer_title_queued();
  }
}

function textOf(document: DocumentView | undefined, isLeaving: boolean): string {
  switch (document?.state) {
    case 'received':
      return m.transfer_received();
    case 'refused':
      return rejectionText(document.reason ?? { code: 'unknown' });
    default:
      return isLeaving ? m.transfer_sending() : m.transfer_queued();
  }
}
