/** Sending and discarding the text of one case. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { MessageList } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { type Params, type RpcFault, toFault } from '../../platform';
import { useToast } from '../../shared/components/Toasts';
import { faultText } from '../../shared/errors/faults';
import { usePlatform } from '../../shared/rpc/platform-context';
import { queryKey } from '../../shared/rpc/queries';
import { useDrafts } from './drafts-context';

type Ending = 'messages.send' | 'messages.draft_discard';

export function useComposerActs(caseId: string) {
  const platform = usePlatform();
  const client = useQueryClient();
  const drafts = useDrafts();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<RpcFault | null>(null);

  /** Both ways a text ends: no save may come after it, and no old answer may bring it back. */
  async function end<M extends Ending>(method: M, params: Params<M>, text: string) {
    setBusy(true);
    setFault(null);
    try {
      await drafts.settle(caseId);
      await platform.call(method, params);
      drafts.done(caseId, text);
      const key = queryKey('messages.list', { case: caseId });
      await client.cancelQueries({ queryKey: key });
      client.setQueryData<MessageList>(key, (list) => list && { ...list, draft: null });
      void client.invalidateQueries({ queryKey: key });
      return null;
    } catch (thrown) {
      // The text stays where it is, and is saved again in case that was stopped above.
      drafts.write(caseId, text);
      return toFault(thrown);
    } finally {
      setBusy(false);
    }
  }

  return {
    busy,
    fault,
    forgetFault: () => setFault(null),
    async send(text: string): Promise<void> {
      setFault(await end('messages.send', { case: caseId, text }, text));
    },
    async discard(text: string): Promise<void> {
      const failed = await end('messages.draft_discard', { case: caseId }, text);
      toast(
        failed === null
          ? { text: () => m.discard_done(), onUndo: () => drafts.write(caseId, text) }
          : { text: () => faultText(failed) },
      );
    },
  };
}
