/** Opening a document outside the program, from wherever it is offered. */
import { type ReactNode, useState } from 'react';
import type { DocumentView } from '../../generated/rpc';
import type { RpcFault } from '../../platform';
import { useWrite } from '../../shared/rpc/queries';
import { useMemory } from './documents-context';
import { OpenDialog } from './OpenDialog';

type Opening = {
  isPending: boolean;
  fault: RpcFault | null;
  /** Opens it, after the warning if that has not been silenced. */
  open: () => void;
  /** The warning; draw it beside the button. */
  dialog: ReactNode;
};

export function useOpen({
  id,
  name,
  fetching,
}: Pick<DocumentView, 'id' | 'name' | 'fetching'>): Opening {
  const memory = useMemory();
  const write = useWrite('documents.open');
  const [asking, setAsking] = useState(false);

  function openNow(): void {
    write.mutate({ document: id }, { onSuccess: () => memory.addOpened(id) });
  }

  return {
    isPending: write.isPending || fetching !== null,
    fault: write.error,
    open: () => (memory.opensWithoutAsking ? openNow() : setAsking(true)),
    dialog: asking && (
      <OpenDialog
        name={name}
        onClose={() => setAsking(false)}
        onOpen={(dontAsk) => {
          setAsking(false);
          if (dontAsk) {
            memory.openWithoutAsking();
          }
          openNow();
        }}
      />
    ),
  };
}
