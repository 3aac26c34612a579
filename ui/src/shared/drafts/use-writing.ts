import { useState } from 'react';
import { type RpcFault, toFault } from '../../platform';
import type { Content, Draft, SaveContent } from './drafts';
import { useDraftField, useDrafts } from './drafts-context';

/** A text being written that is sent from where it stands. */
export type Writing = {
  draft: Draft;
  write: (content: Content) => void;
  flush: () => Promise<void>;
  /** It is being sent. */
  busy: boolean;
  /** Why it could not be sent. */
  fault: RpcFault | null;
  /** Sends it: then it is a draft no more. If that fails it still is; tells which. */
  send: (act: () => Promise<unknown>) => Promise<boolean>;
};

export function useWriting(key: string, stored: Content, save: SaveContent): Writing {
  const drafts = useDrafts();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<RpcFault | null>(null);
  const { draft, write, flush } = useDraftField(key, stored, save);

  async function send(act: () => Promise<unknown>): Promise<boolean> {
    const { text, type } = draft;
    setBusy(true);
    setFault(null);
    try {
      await drafts.settle(key);
      await act();
      drafts.done(key, text);
      return true;
    } catch (thrown) {
      write({ text, type });
      setFault(toFault(thrown));
      return false;
    } finally {
      setBusy(false);
    }
  }

  return { draft, write, flush, busy, fault, send };
}
