import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { SignInView } from '../features/session/SignInView';
import { UnlockView } from '../features/session/UnlockView';
import { FaultView } from '../shared/components/FaultView';
import { Loading } from '../shared/components/Loading';
import { DraftsProvider } from '../shared/drafts/drafts-context';
import { forgetPrivateData, useRead } from '../shared/rpc/queries';
import { Closing } from './Closing';
import { OpenShell } from './OpenShell';
import { usePaintedMark } from './use-painted-mark';

/** Chooses the screen by the session: sign in, unlock, or the open program. */
export function App() {
  const { data: session, error, refetch } = useRead('session.state', {});
  const client = useQueryClient();
  // The core's session says no more than "locked".
  const [hasLoggedOut, setLoggedOut] = useState(false);
  const state = session?.state;
  usePaintedMark(session !== undefined || error !== null);
  useEffect(() => {
    if (state !== undefined && state !== 'open') {
      forgetPrivateData(client);
    } else if (state === 'open') {
      setLoggedOut(false);
    }
  }, [state, client]);

  function screen() {
    if (session === undefined) {
      return error === null ? (
        <Loading />
      ) : (
        <FaultView fault={error} onRetry={() => void refetch()} />
      );
    }
    switch (session.state) {
      case 'signed_out':
      case 'code_needed':
        // One view for both steps: what was typed in the first is there if the person goes back.
        return (
          <SignInView
            asked={session.state === 'code_needed' ? session : null}
            erased={session.state === 'signed_out' && session.erased}
          />
        );
      case 'locked':
        return (
          <UnlockView
            server={session.server}
            keyring={session.keyring}
            triesLeft={session.tries_left}
            hasLoggedOut={hasLoggedOut}
          />
        );
      case 'open':
        return (
          <OpenShell
            name={session.name}
            server={session.server}
            keyring={session.keyring}
            staff={session.staff}
            onLoggedOut={() => setLoggedOut(true)}
          />
        );
    }
  }

  return (
    <DraftsProvider isOpen={state === 'open'}>
      {screen()}
      <Closing isOpen={state === 'open'} />
    </DraftsProvider>
  );
}
