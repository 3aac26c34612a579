import { useState } from 'react';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';
import styles from './OpenDialog.module.css';

type OpenDialogProps = {
  name: string;
  onClose: () => void;
  onOpen: (dontAsk: boolean) => void;
};

/** A file leaves the program's shelter when it opens elsewhere; that is said first. */
export function OpenDialog({ name, onClose, onOpen }: OpenDialogProps) {
  const [dontAsk, setDontAsk] = useState(false);
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={m.open_title()}
      actions={
        <>
          <Button onPress={onClose}>{m.message_cancel()}</Button>
          <Button
            look="primary"
            onPress={() => onOpen(dontAsk)}
            autoFocus
            data-testid="confirm-open"
          >
            {m.document_open()}
          </Button>
        </>
      }
    >
      <p className={styles.text}>{m.open_text({ name })}</p>
      <p className={styles.text}>{m.open_text_copy()}</p>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={dontAsk}
          onChange={(event) => setDontAsk(event.target.checked)}
        />
        {m.open_dont_ask()}
      </label>
    </Dialog>
  );
}
