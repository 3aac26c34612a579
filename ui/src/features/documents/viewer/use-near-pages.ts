import { type RefObject, useEffect, useState } from 'react';

/** The pages that are drawn, and the one that is read. */
export function useNearPages(
  scroller: RefObject<HTMLElement | null>,
  count: number,
): { near: ReadonlySet<number>; page: number } {
  const [near, setNear] = useState<ReadonlySet<number>>(new Set([1]));
  const [page, setPage] = useState(1);

  useEffect(() => {
    const root = scroller.current;
    if (root === null || typeof IntersectionObserver === 'undefined') {
      return;
    }
    const numberOf = (element: Element) => Number(element.getAttribute('data-page'));
    // What is almost in view is drawn ahead; the rest is given back.
    const drawing = new IntersectionObserver(
      (entries) =>
        setNear((old) => {
          const next = new Set(old);
          for (const entry of entries) {
            const number = numberOf(entry.target);
            entry.isIntersecting ? next.add(number) : next.delete(number);
          }
          return next;
        }),
      { root, rootMargin: '60% 0px' },
    );
    // The page that is read is the one that lies across a line a third of the way down.
    const reading = new IntersectionObserver(
      (entries) => {
        const read = entries.find((entry) => entry.isIntersecting);
        if (read !== undefined) {
          setPage(numberOf(read.target));
        }
      },
      { root, rootMargin: '-33% 0px -66% 0px' },
    );
    for (const element of root.querySelectorAll('[data-page]')) {
      drawing.observe(element);
      reading.observe(element);
    }
    return () => {
      drawing.disconnect();
      reading.disconnect();
    };
  }, [scroller]);

  return { near, page: Math.min(page, count) };
}
