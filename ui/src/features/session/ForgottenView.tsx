import { useState } from 'react';
import type { SessionView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { useKeepSession } from '../../shared/rpc/use-keep-session';
import type { CodeAsked } from './CodeForm';
import { SessionPage } from './SessionPage';
import { SignInSteps } from './SignInSteps';
import { wordTexts } from './word';

type ForgottenViewProps = {
  server: string;
  keyring: boolean;
  /** Why a sign-in is needed. */
  lead: string;
  /** Back to trying the PIN; absent when no try is left. */
  onBack?: () => void;
};

/** A full sign-in opens what is locked, with a new PIN. Nothing that was written is touched. */
export function ForgottenView({ server, keyring, lead, onBack }: ForgottenViewProps) {
  // The core's session says "locked" until the replica is open, so the step is known here only.
  const [asked, setAsked] = useState<CodeAsked | null>(null);
  const keepSession = useKeepSession();

  function answer(session: SessionView): void {
    if (session.state === 'code_needed') {
      setAsked(session);
    } else {
      keepSession(session);
    }
  }

  return (
    <SessionPage
      title={asked === null ? wordTexts(keyring).newTitle() : m.code_title()}
      {...(asked === null ? { lead } : {})}
    >
      <SignInSteps
        purpose="forgotten"
        server={server}
        keyring={keyring}
        asked={asked}
        onAnswer={answer}
        onBack={() => setAsked(null)}
        {...(onBack === undefined ? {} : { onCancel: onBack })}
      />
    </SessionPage>
  );
}
