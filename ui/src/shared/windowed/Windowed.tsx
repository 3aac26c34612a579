/**
 * A long list of rows of any height, of which only those near the eye are in the page. A row that has
 * the focus, or that `kept` names, stays wherever the list is scrolled.
 */
import {
  type KeyboardEvent,
  memo,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { flushSync } from 'react-dom';
import { afterPaint } from '../after-paint';
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
  /** Told which rows are near the eye, from the first up to the end, whenever others are. */
  onRange?: (first: number, end: number) => void;
  label: string;
  /** `listbox` where one row is chosen; the rows are then its options. `rowgroup` in a table. */
  role?: 'list' | 'listbox' | 'rowgroup';
  onKeyDown?: (event: KeyboardEvent) => void;
  className?: string | undefined;
  ref?: RefObject<HTMLDivElement | null>;
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
  onRange,
  label,
  role = 'list',
  onKeyDown,
  className,
  ref,
}: WindowedProps<T>) {
  const own = useRef<HTMLDivElement>(null);
  const list = ref ?? own;
  const keys = useMemo(() => items.map(keyOf), [items, keyOf]);
  const indexes = useMemo(() => new Map(keys.map((key, index) => [key, index])), [keys]);
  const [focused, setFocused] = useState<string | null>(null);
  const { extents, range, painted } = useRange(list, keys, estimate);
  useEffect(() => onRange?.(range[0], range[1]), [onRange, range]);
  const short = usePrinting() || (painted && items.length <= SHORT);
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
    // biome-ignore lint/a11y/noStaticElementInteractions: it is a list or a listbox
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both have a name
    <div
      ref={list}
      role={role}
      aria-label={label}
      className={className}
      onKeyDown={onKeyDown}
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

/** Whether the page is being put on paper: there nothing scrolls, so all of it is drawn. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    // Drawn before the event ends: then the page is taken as it is.
    const begin = () => flushSync(() => setPrinting(true));
    const end = () => setPrinting(false);
    window.addEventListener('beforeprint', begin);
    window.addEventListener('afterprint', end);
    return () => {
      window.removeEventListener('beforeprint', begin);
      window.removeEventListener('afterprint', end);
    };
  }, []);
  return printing;
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
): { extents: Extents; range: Range; painted: boolean } {
  const [extents] = useState(() => new Extents(estimate));
  // Until the list has been measured, as many rows as a whole window holds.
  const [range, setRange] = useState<Range>(() => [0, Math.ceil(window.innerHeight / estimate)]);
  // What the eye does not see waits until what it sees is there.
  const [painted, setPainted] = useState(false);
  const margin = painted ? MARGIN_PX : 0;
  const [, redraw] = useState(0);
  useMemo(() => extents.setKeys(keys), [extents, keys]);

  const look = useCallback(() => {
    const scroller = list.current?.closest('[data-scroller]');
    if (list.current === null || scroller === null || scroller === undefined) {
      return;
    }
    const view = scroller.getBoundingClientRect();
    if (view.height === 0) {
      // Not shown: nothing is near the eye, and what is drawn may stay.
      return;
    }
    const top = view.top - list.current.getBoundingClientRect().top;
    const next = extents.between(top - margin, top + view.height + margin);
    setRange((old) => (old[0] === next[0] && old[1] === next[1] ? old : next));
  }, [extents, list, margin]);

  useEffect(() => afterPaint(() => setPainted(true)), []);

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
  return { extents, range, painted };
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
