/** Accepting a document. It can be undone only as long as it has not left this computer. */
import { useState } from 'react';
import type { DocumentView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { type RpcFault, toFault } from '../../platform';
import { useToast } from '../../shared/components/Toasts';
import { faultText } from '../../shared/errors/faults';
import { usePlatform } from '../../shared/rpc/platform-context';

export function useAccept(document: DocumentView) {
  const platform = usePlatform();
  const toast = useToast();
  const [isPending, setPending] = useState(false);
  const [fault, setFault] = useState<RpcFault | null>(null);

  async function undo(command: string): Promise<void> {
    try {
      await platform.call('outbox.withdraw', { command });
    } catch (thrown) {
      const failed = toFault(thrown);
      toast({ text: () => faultText(failed) });
    }
  }

  return {
    isPending,
    fault,
    /** Whether it has been accepted here. */
    async accept(): Promise<boolean> {
      setPending(true);
      setFault(null);
      try {
        const { command } = await platform.call('documents.accept', { document: document.id });
        const outbox = await platform.call('outbox.list', {}).catch(() => []);
        const isHere = outbox.some((entry) => entry.command === command && entry.can_withdraw);
        toast({
          text: () => m.decide_accepted({ name: document.name }),
          ...(isHere && { onUndo: () => void undo(command) }),
        });
        return true;
      } catch (thrown) {
        setFault(toFault(thrown));
        return false;
      } finally {
        setPending(false);
      }
    },
  };
}
