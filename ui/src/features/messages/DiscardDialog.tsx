import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';

type DiscardDialogProps = {
  isOpen: boolean;
  onDiscard: () => void;
  /** Closes the field, where that is what the person asked for. */
  onKeep?: () => void;
  onBack: () => void;
  /** What the person goes back to. */
  backLabel: string;
};

/** One of the three questions that are asked first: what is to become of a text that is not sent. */
export function DiscardDialog({
  isOpen,
  onDiscard,
  onKeep,
  onBack,
  backLabel,
}: DiscardDialogProps) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onBack}
      title={onKeep === undefined ? m.discard_title() : m.discard_title_close()}
      role="alertdialog"
      actions={
        <>
          <Button look="danger" onPress={onDiscard} data-testid="confirm-discard">
            {m.draft_discard()}
          </Button>
          {onKeep !== undefined && <Button onPress={onKeep}>{m.message_keep()}</Button>}
          <Button look="primary" onPress={onBack} autoFocus>
            {backLabel}
          </Button>
        </>
      }
    >
      <p>{onKeep === undefined ? m.discard_text() : m.discard_text_open()}</p>
    </Dialog>
  );
}
