import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { m } from '../../i18n/paraglide/messages.js';
import { type Result, toFault } from '../../platform';
import { useToast } from '../components/Toasts';
import { faultText } from '../errors/faults';
import { usePlatform } from './platform-context';
import { queryKey } from './queries';

/** How long the button waits for a line. Connecting may take longer, and what waits is then sent all the same. */
const LINE_MS = 1_500;
const LOOK_EVERY_MS = 250;

/** Tries to send and fetch at once, and says so if there is no line; the banner and the outbox offer it. */
export function useSyncNow() {
  const platform = usePlatform();
  const client = useQueryClient();
  const toast = useToast();
  const [isPending, setPending] = useState(false);

  /** The core answers before it has tried; what came of it comes with the change feed. */
  async function isOffline(): Promise<boolean> {
    for (let waited = 0; ; waited += LOOK_EVERY_MS) {
      const sync = client.getQueryData<Result<'sync.state'>>(queryKey('sync.state', {}));
      if (sync?.line !== 'offline' || waited >= LINE_MS) {
        return sync?.line === 'offline';
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  return {
    isPending,
    async tryNow(): Promise<void> {
      if (isPending) {
        return;
      }
      setPending(true);
      try {
        await platform.call('sync.now', {});
        // Asked anew: the answer may be older than what the change feed has brought since.
        await client.invalidateQueries({ queryKey: ['sync'] });
        if (await isOffline()) {
          toast({ text: () => m.sync_now_offline() });
        }
      } catch (thrown) {
        const fault = toFault(thrown);
        toast({ text: () => faultText(fault) });
      } finally {
        setPending(false);
      }
    },
  };
}
