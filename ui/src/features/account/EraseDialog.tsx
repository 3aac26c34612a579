import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';
import { Notice } from '../../shared/components/Notice';

type EraseDialogProps = {
  name: string;
  /** When the person signed in there: they may have two of the same name. */
  signedIn: string;
  onClose: () => void;
  onErase: () => void;
};

/** What is emptied there cannot be had back, and nobody can see from here what it is: so it is asked first. */
export function EraseDialog({ name, signedIn, onClose, onErase }: EraseDialogProps) {
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={m.erase_title({ name })}
      role="alertdialog"
      actions={
        <>
          <Button look="danger" onPress={onErase} data-testid="confirm-erase">
            {m.device_erase()}
          </Button>
          <Button look="primary" autoFocus onPress={onClose}>
            {m.signin_cancel()}
          </Button>
        </>
      }
    >
      <p>{m.erase_which({ time: signedIn })}</p>
      <p>{m.erase_text()}</p>
      <Notice severity="warning">{m.erase_lost()}</Notice>
      <p>{m.erase_kept()}</p>
    </Dialog>
  );
}
