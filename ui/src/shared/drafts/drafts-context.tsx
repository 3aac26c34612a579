import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useState,
  useSyncExternalStore,
} from 'react';
import { type Content, type Draft, Drafts, type SaveContent } from './drafts';

const DraftsContext = createContext<Drafts | null>(null);

type DraftsProviderProps = {
  /** Whether the program is open, so that a text can be saved. */
  isOpen: boolean;
  children: ReactNode;
};

/** Keeps the texts being written, and past a lock those that could not be saved. */
export function DraftsProvider({ isOpen, children }: DraftsProviderProps) {
  const [drafts] = useState(() => new Drafts());
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
    };
  }, [drafts]);
  useEffect(() => {
    if (!isOpen) {
      return;
    }
    drafts.unlock();
    return () => drafts.lock();
  }, [drafts, isOpen]);
  return <DraftsContext value={drafts}>{children}</DraftsContext>;
}

export function useDrafts(): Drafts {
  const drafts = use(DraftsContext);
  if (drafts === null) {
    throw new Error('DraftsProvider is missing');
  }
  return drafts;
}

/** The text with this key: what was written here, or else what the core holds. */
export function useDraft(key: string, stored: Content): Draft {
  const drafts = useDrafts();
  const written = useSyncExternalStore(drafts.subscribe, () => drafts.get(key));
  return written ?? { ...stored, status: 'saved', fault: null };
}

/** A text that the core does not have; null if it has them all. */
export function useUnsaved(): Draft | null {
  const drafts = useDrafts();
  return useSyncExternalStore(drafts.subscribe, drafts.unsaved);
}

/** Whether the field with this key has been opened. */
export function useOpened(key: string): boolean {
  const drafts = useDrafts();
  return useSyncExternalStore(drafts.subscribe, () => drafts.isOpened(key));
}

/** A text in a field that is on screen: how it stands, and what a key and leaving the field do. */
export function useDraftField(key: string, stored: Content, save: SaveContent) {
  const drafts = useDrafts();
  const draft = useDraft(key, stored);
  useEffect(() => {
    drafts.enter(key);
    return () => void drafts.leave(key);
  }, [drafts, key]);
  return {
    draft,
    write: useCallback((content: Content) => drafts.write(key, content, save), [drafts, key, save]),
    flush: useCallback(() => drafts.flush(key), [drafts, key]),
  };
}
