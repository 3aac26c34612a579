/** Accepting a document. It can be undone only as long as it has not left this computer. */
import { useState } from 'react';
import type { CaseView, DocumentView, OutboxEntry } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { type RpcFault, toFault } from '../../platform';
import { useToast } from '../../shared/components/Toasts';
import { faultText } from '../../shared/errors/faults';
import { usePlatform } from '../../shared/rpc/platform-context';

export function useAccept(item: CaseView, document: DocumentView) {
  const platform = usePlatform();
  const toast = useToast();
  const [isPending, setPending] = useState(false);
  const [fault, setFault] = useState<RpcFault | null>(null);

  /** The core names no command for an act; it is the newest of its kind about this file. */
  function isIt(entry: OutboxEntry): boolean {
    return (
      entry.kind === 'accept_document' &&
      entry.subject === item.title &&
      entry.file_name === document.name &&
      entry.can_withdraw
    );
  }

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
    async accept(): Promise<void> {
      setPending(true);
      setFault(null);
      try {
        await platform.call('documents.accept', { document: document.id });
        const outbox = await platform.call('outbox.list', {}).catch(() => []);
        const entry = outbox.find(isIt);
        toast({
          text: () => m.decide_accepted({ name: document.name }),
          ...(entry !== undefined && { onUndo: () => void undo(entry.command) }),
        });
      } catch (thrown) {
        setFault(toFault(thrown));
      } finally {
        setPending(false);
      }
    },
  };
}
