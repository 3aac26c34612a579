import { useState } from 'react';
import type { SessionView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Dialog } from '../../shared/components/Dialog';
import { useWrite } from '../../shared/rpc/queries';
import { useKeepSession } from '../../shared/rpc/use-keep-session';
import { SignInSteps } from './SignInSteps';

type SignInAgainDialogProps = { isOpen: boolean; server: string; onClose: () => void };

/** The server no longer knows the person; the program stays open and nothing written is touched. */
export function SignInAgainDialog({ isOpen, server, onClose }: SignInAgainDialogProps) {
  // The session stays open all the while, so the step is known here only.
  const [phone, setPhone] = useState<string | null>(null);
  const keepSession = useKeepSession();
  const cancel = useWrite('session.sign_in_cancel');

  function close(): void {
    if (phone !== null) {
      // Escape in the code step. If it fails, the code that was sent grows old by itself.
      cancel.mutate({});
    }
    setPhone(null);
    onClose();
  }

  function answer(session: SessionView): void {
    if (session.state === 'code_needed') {
      setPhone(session.phone);
      return;
    }
    keepSession(session);
    setPhone(null);
    onClose();
  }

  return (
    <Dialog
      isOpen={isOpen}
      onClose={close}
      title={phone === null ? m.signin_again_title() : m.code_title()}
    >
      {phone === null && <p>{m.signin_again_lead()}</p>}
      <SignInSteps
        purpose="again"
        server={server}
        phone={phone}
        onAnswer={answer}
        onBack={() => setPhone(null)}
        onCancel={close}
      />
    </Dialog>
  );
}
