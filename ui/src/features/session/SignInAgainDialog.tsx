import { m } from '../../i18n/paraglide/messages.js';
import { Dialog } from '../../shared/components/Dialog';
import { SignInForm } from './SignInForm';

type SignInAgainDialogProps = { isOpen: boolean; server: string; onClose: () => void };

/** The server no longer knows the person; the program stays open and nothing written is touched. */
export function SignInAgainDialog({ isOpen, server, onClose }: SignInAgainDialogProps) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={m.signin_again_title()}>
      <p>{m.signin_again_lead()}</p>
      <SignInForm purpose="again" server={server} onDone={onClose} onCancel={onClose} />
    </Dialog>
  );
}
