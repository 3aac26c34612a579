/** Bringing files to a row: from the system's own dialog, or dropped. No path is ever seen here. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { PickedFile } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { type RpcFault, toFault } from '../../platform';
import { useToast } from '../../shared/components/Toasts';
import { faultText } from '../../shared/errors/faults';
import { usePlatform } from '../../shared/rpc/platform-context';
import { queryKey as queryKeyOf } from '../../shared/rpc/queries';
import { useMemory } from './documents-context';

/** The focus goes on to the file, which comes into view with its "Skicka", as soon as it stands there. */
export function showFile(file: string | null, frames = 20): void {
  requestAnimationFrame(() => {
    const card = document.querySelector(`[data-file="${file}"]`);
    if (card !== null) {
      card.querySelector('textarea')?.focus({ preventScroll: true });
      card.scrollIntoView?.({ block: 'nearest' });
    } else if (frames > 0) {
      showFile(file, frames - 1);
    }
  });
}

export function useAddFiles(caseId: string) {
  const platform = usePlatform();
  const client = useQueryClient();
  const memory = useMemory();
  const toast = useToast();
  const [addingTo, setAddingTo] = useState<string | null>(null);

  const queryKey = queryKeyOf('documents.list', { case: caseId });

  async function add(row: string, bring: () => Promise<readonly PickedFile[]>): Promise<void> {
    setAddingTo(row);
    try {
      const files = await bring();
      const refused = files.filter((each) => each.refused !== null);
      if (refused.length > 0) {
        memory.addUnusable(row, refused);
      }
      const [added, ...more] = files.filter((each) => each.refused === null);
      if (added !== undefined) {
        if (more.length > 0) {
          toast({ text: () => m.files_added({ count: more.length + 1 }) });
        }
        await client.invalidateQueries({ queryKey });
        showFile(added.file);
      }
    } catch (thrown) {
      const fault = toFault(thrown);
      toast({ text: () => faultText(fault) });
    } finally {
      setAddingTo(null);
      void client.invalidateQueries({ queryKey });
    }
  }

  return {
    /** The row that files are being brought to. */
    addingTo,
    pick: (row: string) => add(row, () => platform.call('documents.pick', { case: caseId, row })),
    addDropped: (row: string, dropped: readonly string[]) =>
      add(row, async () => {
        const files: PickedFile[] = [];
        const faults: RpcFault[] = [];
        for (const each of dropped) {
          // One that cannot be read takes nothing from the others.
          await platform
            .call('documents.add_dropped', { case: caseId, row, dropped: each })
            .then((file) => files.push(file))
            .catch((thrown: unknown) => faults.push(toFault(thrown)));
        }
        const [fault] = faults;
        if (fault !== undefined) {
          toast({
            text: () => m.files_failed({ count: faults.length, reason: faultText(fault) }),
          });
        }
        return files;
      }),
  };
}
