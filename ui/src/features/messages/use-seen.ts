/** When a conversation has really been seen: long enough, in a window that somebody looks at. */
import { type RefObject, useCallback, useEffect, useRef } from 'react';
import type { MessageView } from '../../generated/rpc';
import { usePlatform } from '../../shared/rpc/platform-context';

/** Shorter than this is scrolling past. */
export const SEEN_AFTER_MS = 1_000;

/**
 * Calls `onSeen` once `element` has been in view for a while with `news` in it, which names what is
 * new there: other news take their own while. Not at all while there is none.
 */
export function useSeen(
  element: RefObject<HTMLElement | null>,
  news: string | null,
  onSeen: () => void,
): void {
  const latest = useRef(onSeen);
  latest.current = onSeen;
  useEffect(() => {
    const target = element.current;
    if (news === null || target === null || typeof IntersectionObserver === 'undefined') {
      return;
    }
    let inView = false;
    let timer: ReturnType<typeof setTimeout> | null = null;
    function look(): void {
      const seen = inView && document.visibilityState === 'visible' && document.hasFocus();
      if (!seen && timer !== null) {
        clearTimeout(timer);
        timer = null;
      } else if (seen && timer === null) {
        timer = setTimeout(() => latest.current(), SEEN_AFTER_MS);
      }
    }
    const observer = new IntersectionObserver(
      (entries) => {
        const entry = entries.at(-1);
        if (entry !== undefined) {
          // Half of it, or, of what is higher than the window, as much as fills half the window.
          const enough = entry.intersectionRatio >= 0.5 || fillsWindow(entry);
          inView = entry.isIntersecting && enough;
          look();
        }
      },
      { threshold: [0, 0.1, 0.25, 0.5, 0.75, 1] },
    );
    observer.observe(target);
    window.addEventListener('focus', look);
    window.addEventListener('blur', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      observer.disconnect();
      window.removeEventListener('focus', look);
      window.removeEventListener('blur', look);
      document.removeEventListener('visibilitychange', look);
      if (timer !== null) {
        clearTimeout(timer);
      }
    };
  }, [element, news]);
}

function fillsWindow({ intersectionRect, rootBounds }: IntersectionObserverEntry): boolean {
  return rootBounds !== null && intersectionRect.height >= rootBounds.height / 2;
}

/**
 * Tells the core that a conversation has been read; once for each `newest`, which is the newest message
 * that was shown and had not been read.
 */
export function useMarkRead(caseId: string): (thread: string, newest: MessageView) => void {
  const platform = usePlatform();
  const told = useRef(new Set<string>());
  return useCallback(
    (thread, newest) => {
      const key = `${thread} ${newest.id}`;
      if (told.current.has(key)) {
        return;
      }
      told.current.add(key);
      const shown = { case: caseId, thread, up_to: newest.at };
      platform.call('messages.mark_read', shown).catch(() => {
        // It stays unread, and counts as seen again the next time the list is opened.
        told.current.delete(key);
      });
    },
    [platform, caseId],
  );
}
