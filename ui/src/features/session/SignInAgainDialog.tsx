import { useState } from 'react';
import type { SessionView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Dialog } from '../../shared/components/Dialog';
import { useWrite } from '../../shared/rpc/queries';
import { useKeepSession } from '../../shared/rpc/use-keep-session';
import type { CodeAsked } from './CodeForm';
import { SignInSteps } from './SignInSteps';

type SignInAgainDialogProps = { isOpen: boolean; server: string; onClose: () => void };

/** The server no longer knows the person; the program stays open and nothing written is touched. */
export function SignInAgainDialog({ isOpen, server, onClose }: SignInAgainDialogProps) {
  // The session stays open all the while, so the step is known here only.
  const [asked, setAsked] = useState<CodeAsked | null>(null);
  const keepSession = useKeepSession();
  const cancel = useWrite('session.sign_in_cancel');

  function close(): void {
    if (asked !== null) {
      // Escape in the code step. If it fails, the code that was sent grows old by itself.
      cancel.mutate({});
    }
    setAsked(null);
    onClose();
  }

  function answer(session: SessionView): void {
    if (session.state === 'code_needed') {
      setAsked(session);
      return;
    }
    keepSession(session);
    setAsked(null);
    onClose();
  }

  return (
    <Dialog
      isOpen={isOpen}
      onClose={close}
      title={asked === null ? m.signin_again_title() : m.code_title()}
    >
      {asked === null && <p>{m.signin_again_lead()}</p>}
      <SignInSteps
        purpose="again"
        server={server}
        asked={asked}
        onAnswer={answer}
        onBack={() => setAsked(null)}
        onCancel={close}
      />
    </Dialog>
  );
}
