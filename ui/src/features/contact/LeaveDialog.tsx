import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';

type LeaveDialogProps = { onBack: () => void; onKeep: () => void; onDiscard: () => void };

/** What is to become of what was typed and is not sent. */
export function LeaveDialog({ onBack, onKeep, onDiscard }: LeaveDialogProps) {
  return (
    <Dialog
      isOpen
      onClose={onBack}
      title={m.contact_discard_title()}
      role="alertdialog"
      actions={
        <>
          <Button look="danger" onPress={onDiscard} data-testid="confirm-discard">
            {m.draft_discard()}
          </Button>
          <Button onPress={onKeep} data-testid="keep-draft">
            {m.message_keep()}
          </Button>
          <Button look="primary" onPress={onBack} autoFocus>
            {m.contact_keep_writing()}
          </Button>
        </>
      }
    >
      <p>{m.contact_discard_text()}</p>
    </Dialog>
  );
}
