import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { SessionView } from '../../generated/rpc';
import { usePlatform } from './platform-context';
import { queryKey, readAhead } from './queries';

/** Shows the screen for the session that the core answered with. */
export function useKeepSession(): (session: SessionView) => void {
  const platform = usePlatform();
  const client = useQueryClient();
  return useCallback(
    (session) => {
      if (session.state === 'open') {
        // The core looks up the cases while the window draws the frame around them.
        void readAhead(client, platform, 'cases.list', {});
      }
      client.setQueryData(queryKey('session.state', {}), session);
    },
    [platform, client],
  );
}
