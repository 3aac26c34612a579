import { useEffect, useRef } from 'react';
import type { LeftEntry } from '../generated/rpc';
import { m } from '../i18n/paraglide/messages.js';
import { useToast } from '../shared/components/Toasts';
import { useRead } from '../shared/rpc/queries';

/** Tells, when a case goes to somebody else, where that lies which was begun in it. Draws nothing. */
export function LeftNotice({ onShow }: { onShow: () => void }): null {
  const { data: left } = useRead('outbox.left', {});
  const toast = useToast();
  const known = useRef<ReadonlySet<string> | null>(null);
  const show = useRef(onShow);
  useEffect(() => {
    show.current = onShow;
  });
  useEffect(() => {
    if (left === undefined) {
      return;
    }
    const before = known.current;
    const name = ({ place, left_at }: LeftEntry) => `${place} ${left_at}`;
    // What was removed and is back is not news.
    known.current = new Set([...(before ?? []), ...left.map(name)]);
    // What lay there when the program was opened has been told, and a case with much in it is one.
    const fresh = before === null ? [] : left.filter((entry) => !before.has(name(entry)));
    for (const number of new Set(fresh.map((entry) => entry.number))) {
      toast({ text: () => m.left_notice({ number }), onOpen: () => show.current() });
    }
  }, [left, toast]);
  return null;
}
