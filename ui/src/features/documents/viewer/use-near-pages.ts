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
    const pages = [...root.querySelectorAll('[data-page]')];
    for (const element of pages) {
      drawing.observe(element);
    }
    let waiting = 0;
    function onScroll(): void {
      if (waiting === 0) {
        waiting = requestAnimationFrame(() => {
          waiting = 0;
          setPage(root === null ? 1 : pageRead(root, pages));
        });
      }
    }
    root.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      drawing.disconnect();
      root.removeEventListener('scroll', onScroll);
      cancelAnimationFrame(waiting);
    };
  }, [scroller]);

  return { near, page: Math.min(page, count) };
}

/** The page that is read: the one across a line a third of the way down, and at the very end the last. */
export function pageRead(scroller: HTMLElement, pages: readonly Element[]): number {
  if (
    scroller.scrollTop > 0 &&
    scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1
  ) {
    return pages.length;
  }
  const line = scroller.getBoundingClientRect().top + scroller.clientHeight / 3;
  let [first, last] = [0, pages.length - 1];
  while (first < last) {
    const middle = Math.ceil((first + last) / 2);
    const top = pages[middle]?.getBoundingClientRect().top ?? 0;
    if (top <= line) {
      first = middle;
    } else {
      last = middle - 1;
    }
  }
  return first + 1;
}
