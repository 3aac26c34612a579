/**
 * Desktop notifications: that there is something new, and in which case; never what it says. Only
 * while nobody looks at the window, and one for all that comes at once.
 */
import { useEffect, useRef } from 'react';
import type { CaseView } from '../generated/rpc';
import { m } from '../i18n/paraglide/messages.js';
import { noticeChoice } from '../shared/notice-choice';
import { usePlatform } from '../shared/rpc/platform-context';
import { useRead } from '../shared/rpc/queries';

/** What comes within this time of the first is one burst. */
export const BURST_MS = 1_500;

/** Draws nothing, so that a change in the cases draws nothing anew because of it. */
export function Notices(): null {
  useNotices();
  return null;
}

function useNotices(): void {
  const platform = usePlatform();
  const { data: cases } = useRead('cases.list', {});
  const known = useRef<ReadonlyMap<string, CaseView> | null>(null);
  const fresh = useRef(new Map<string, string>());
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  useEffect(() => {
    if (cases === undefined) {
      return;
    }
    const before = known.current;
    known.current = new Map(cases.map((each) => [each.id, each]));
    if (before === null || document.hasFocus()) {
      return;
    }
    for (const now of cases) {
      const old = before.get(now.id);
      if (old !== undefined && hasNews(old, now)) {
        fresh.current.set(now.id, now.title);
      }
    }
    if (fresh.current.size > 0 && timer.current === null) {
      timer.current = setTimeout(() => {
        const titles = [...fresh.current.values()];
        fresh.current.clear();
        timer.current = null;
        // Somebody who has come back in the meantime sees it in the window.
        if (!document.hasFocus() && noticeChoice() !== 'off') {
          platform.call('shell.notify', noticeOf(titles)).catch(() => {});
        }
      }, BURST_MS);
    }
  }, [cases, platform]);

  useEffect(
    () => () => {
      if (timer.current !== null) {
        clearTimeout(timer.current);
      }
    },
    [],
  );
}

/** A message to read, a document to handle, or a decision about one's own. */
function hasNews(old: CaseView, now: CaseView): boolean {
  if (now.unread > old.unread) {
    return true;
  }
  return now.mine_to_handle
    ? now.documents_to_handle > old.documents_to_handle
    : now.documents_accepted > old.documents_accepted ||
        now.documents_to_handle < old.documents_to_handle;
}

function noticeOf(titles: readonly string[]): { title: string; body: string } {
  const [first] = titles;
  const isNamed = noticeChoice() === 'case' && titles.length === 1;
  return {
    title: m.app_name(),
    body:
      isNamed && first !== undefined
        ? m.notice_one({ title: first })
        : m.notice_several({ count: titles.length }),
  };
}
