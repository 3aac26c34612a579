/**
 * A long list of rows of any height, of which only those near the eye are in the page. A row that has
 * the focus, or that `kept` names, stays wherever the list is scrolled.
 */
import {
  memo,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { Extents } from './extents';

/** Drawn above and below what is seen, so that scrolling meets no blank. */
const MARGIN_PX = 800;
/** Up to here everything is drawn: nothing is gained, and finding in the page and printing work. */
const SHORT = 40;

type WindowedProps<T> = {
  items: readonly T[];
  keyOf: (item: T) => string;
  /** A usual row's height, in CSS pixels. */
  estimate: number;
  /** The whole row; give the outermost element `place`. */
  render: (item: T, place: RowPlace) => ReactNode;
  /** The keys of rows that stay wherever the list is scrolled. */
  kept: readonly string[];
  label: string;
  className?: string | undefined;
};

export type RowPlace = {
  'aria-posinset': number;
  'aria-setsize': number;
};

type Range = readonly [first: number, end: number];

export function Windowed<T>({
  items,
  keyOf,
  estimate,
  render,
  kept,
  label,
  className,
}: WindowedProps<T>) {
  const list = useRef<HTMLDivElement>(null);
  const keys = useMemo(() => items.map(keyOf), [items, keyOf]);
  const indexes = useMemo(() => new Map(keys.map((key, index) => [key, index])), [keys]);
  const [focused, setFocused] = useState<string | null>(null);
  const { extents, range } = useRange(list, keys, estimate);
  const short = items.length <= SHORT;
  const drawn = short ? items.map((_, index) => index) : drawnRows();

  function drawnRows(): number[] {
    const rows = new Set<number>();
    for (let index = range[0]; index < Math.min(range[1], items.length); index += 1) {
      rows.add(index);
    }
    for (const key of focused === null ? kept : [...kept, focused]) {
      const index = indexes.get(key);
      if (index !== undefined) {
        rows.add(index);
      }
    }
    return [...rows].sort((a, b) => a - b);
  }

  /** Blank room in place of the rows from `from` up to `to`. */
  function gap(from: number, to: number): ReactNode {
    const height = short || from >= to ? 0 : extents.top(to) - extents.top(from);
    return height > 0 && <div key={`gap-${from}`} style={{ height }} />;
  }

  return (
    // The handlers only remember which row must stay; everything to do is inside the rows.
    // biome-ignore lint/a11y/useSemanticElements: blank room stands between the rows
    <div
      ref={list}
      role="list"
      aria-label={label}
      className={className}
      onFocus={(event) => setFocused(rowKey(event.target))}
      onBlur={() => setFocused(null)}
    >
      {drawn.flatMap((index, position) => {
        const item = items[index];
        const key = keys[index];
        const previous = drawn[position - 1] ?? -1;
        if (item === undefined || key === undefined) {
          return [];
        }
        return [
          gap(previous + 1, index),
          <div key={key} data-row-key={key} role="presentation">
            <Row item={item} index={index} count={items.length} render={render as RenderRow} />
          </div>,
        ];
      })}
      {gap((drawn.at(-1) ?? -1) + 1, items.length)}
    </div>
  );
}

type RenderRow = (item: unknown, place: RowPlace) => ReactNode;
type RowProps = { item: unknown; index: number; count: number; render: RenderRow };

/** Scrolling draws the rows that come, and leaves those that stay as they are. */
const Row = memo(function Row({ item, index, count, render }: RowProps) {
  return render(item, { 'aria-posinset': index + 1, 'aria-setsize': count });
});

function rowKey(element: Element): string | null {
  return element.closest<HTMLElement>('[data-row-key]')?.dataset.rowKey ?? null;
}

/** Which rows are near the eye, as the list is scrolled and its rows turn out to be. */
function useRange(
  list: { current: HTMLDivElement | null },
  keys: readonly string[],
  estimate: number,
): { extents: Extents; range: Range } {
  const [extents] = useState(() => new Extents(estimate));
  const [range, setRange] = useState<Range>([0, SHORT]);
  const [, redraw] = useState(0);
  useMemo(() => extents.setKeys(keys), [extents, keys]);

  const look = useCallback(() => {
    const scroller = list.current?.closest('[data-scroller]');
    if (list.current === null || scroller === null || scroller === undefined) {
      return;
    }
    const view = scroller.getBoundingClientRect();
    const top = view.top - list.current.getBoundingClientRect().top;
    const next = extents.between(top - MARGIN_PX, top + view.height + MARGIN_PX);
    setRange((old) => (old[0] === next[0] && old[1] === next[1] ? old : next));
  }, [extents, list]);

  useEffect(() => {
    const scroller = list.current?.closest('[data-scroller]');
    scroller?.addEventListener('scroll', look, { passive: true });
    window.addEventListener('resize', look);
    return () => {
      scroller?.removeEventListener('scroll', look);
      window.removeEventListener('resize', look);
    };
  }, [list, look]);

  // A row may grow by itself: what is told or written in it is opened.
  const [sizes] = useState(() => watchSizes(extents, () => redraw((count) => count + 1)));
  useEffect(() => () => sizes?.disconnect(), [sizes]);

  // Every row that comes is measured before the eye sees it; what is above the eye and turns out
  // higher or lower than believed must not move what is being read.
  const known = useRef<ReadonlySet<Element>>(new Set());
  useLayoutEffect(() => {
    const scroller = list.current?.closest('[data-scroller]');
    if (keys.length <= SHORT || list.current === null || !scroller) {
      return;
    }
    const eye = scroller.getBoundingClientRect().top;
    const rows = new Set(list.current.querySelectorAll(':scope > [data-row-key]'));
    let moved = 0;
    let differs = false;
    for (const row of rows) {
      if (!known.current.has(row)) {
        const box = row.getBoundingClientRect();
        const difference = measure(extents, row, box.height);
        differs ||= difference !== 0;
        moved += box.bottom <= eye ? difference : 0;
        sizes?.observe(row);
      }
    }
    for (const row of known.current) {
      if (!rows.has(row)) {
        sizes?.unobserve(row);
      }
    }
    known.current = rows;
    if (moved !== 0) {
      scroller.scrollTop += moved;
    }
    if (differs) {
      redraw((count) => count + 1);
    }
    look();
  });
  return { extents, range };
}

/** What is not shown has no height to learn. */
function measure(extents: Extents, row: Element, height: number): number {
  const key = (row as HTMLElement).dataset.rowKey;
  return key === undefined || height === 0 ? 0 : extents.measured(key, height);
}

/** jsdom has no ResizeObserver. */
function watchSizes(extents: Extents, onChange: () => void): ResizeObserver | null {
  if (typeof ResizeObserver === 'undefined') {
    return null;
  }
  return new ResizeObserver((entries) => {
    const changes = entries.map(({ target }) =>
      measure(extents, target, target.getBoundingClientRect().height),
    );
    if (changes.some((change) => change !== 0)) {
      onChange();
    }
  });
}
