import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';

type CancelDialogProps = {
  isOpen: boolean;
  onDiscard: () => void;
  onSave: () => void;
  onContinue: () => void;
};

/** One of the three questions that are asked first: what is to become of a text that is not sent. */
export function CancelDialog({ isOpen, onDiscard, onSave, onContinue }: CancelDialogProps) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onContinue}
      title={m.discard_title()}
      role="alertdialog"
      actions={
        <>
          <Button look="danger" onPress={onDiscard}>
            {m.discard_throw()}
          </Button>
          <Button onPress={onSave}>{m.discard_save()}</Button>
          <Button look="primary" onPress={onContinue} autoFocus>
            {m.discard_continue()}
          </Button>
        </>
      }
    >
      <p>{m.discard_text()}</p>
    </Dialog>
  );
}
