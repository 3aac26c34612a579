import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  type ReactNode,
  use,
  useEffect,
  useState,
  useSyncExternalStore,
} from 'react';
import type { MessageList } from '../../generated/rpc';
import { usePlatform } from '../../shared/rpc/platform-context';
import { queryKey } from '../../shared/rpc/queries';
import { type Draft, Drafts } from './drafts';

const DraftsContext = createContext<Drafts | null>(null);

/** Keeps the texts being written for as long as the program is open. */
export function DraftsProvider({ children }: { children: ReactNode }) {
  const platform = usePlatform();
  const client = useQueryClient();
  const [drafts] = useState(
    () =>
      new Drafts(async (caseId, text) => {
        await platform.call('messages.draft_save', { case: caseId, text });
        await keepInCache(client, caseId, text);
      }),
  );
  useEffect(() => {
    const flush = () => void drafts.flushAll();
    const flushWhenHidden = () => {
      if (document.visibilityState === 'hidden') {
        flush();
      }
    };
    window.addEventListener('pagehide', flush);
    document.addEventListener('visibilitychange', flushWhenHidden);
    return () => {
      window.removeEventListener('pagehide', flush);
      document.removeEventListener('visibilitychange', flushWhenHidden);
      flush();
    };
  }, [drafts]);
  return <DraftsContext value={drafts}>{children}</DraftsContext>;
}

/**
 * The core announces no change for a saved draft, so the cached list gets it here. An answer that is
 * on its way may be from before, and would bring the old text back: it is asked for again.
 */
async function keepInCache(client: QueryClient, caseId: string, text: string): Promise<void> {
  const key = queryKey('messages.list', { case: caseId });
  const onItsWay = client.isFetching({ queryKey: key }) > 0;
  await client.cancelQueries({ queryKey: key });
  client.setQueryData<MessageList>(
    key,
    (list) => list && { ...list, draft: text === '' ? null : text },
  );
  if (onItsWay) {
    void client.invalidateQueries({ queryKey: key });
  }
}

export function useDrafts(): Drafts {
  const drafts = use(DraftsContext);
  if (drafts === null) {
    throw new Error('DraftsProvider is missing');
  }
  return drafts;
}

const UNTOUCHED_EMPTY: Draft = { text: '', status: 'saved', fault: null };

/** The text of one case: what was written here, or else the core's draft. */
export function useDraft(caseId: string, stored: string | null): Draft {
  const drafts = useDrafts();
  const written = useSyncExternalStore(drafts.subscribe, () => drafts.get(caseId));
  if (written !== null) {
    return written;
  }
  return stored === null ? UNTOUCHED_EMPTY : { text: stored, status: 'saved', fault: null };
}
