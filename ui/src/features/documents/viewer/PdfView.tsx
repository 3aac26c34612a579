import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { m } from '../../../i18n/paraglide/messages.js';
import { FindBar } from './FindBar';
import { PaperPages } from './PaperPages';
import { PdfPage, type Size } from './PdfPage';
import { PdfToolbar } from './PdfToolbar';
import type { PDFDocumentProxy } from './pdf';
import { useFind } from './use-find';
import { useNearPages } from './use-near-pages';
import styles from './Viewer.module.css';

/** Room beside a page, and its border. */
const MARGIN = 36;
const STEPS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4];

type PdfViewProps = {
  pdf: PDFDocumentProxy;
  /** What the first page measures: what the others are taken to, until they are known. */
  first: Size;
  name: string;
  /** Something of it has been seen. */
  onSeen: () => void;
};

/** A PDF, page below page. Only those near what is looked at are drawn. */
export function PdfView({ pdf, first, name, onSeen }: PdfViewProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const findField = useRef<HTMLInputElement>(null);
  const width = useWidth(scroller);
  const [zoom, setZoom] = useState<number | 'width'>('width');
  const [sizes, setSizes] = useState<ReadonlyMap<number, Size>>(new Map());
  const [isFinding, setFinding] = useState(false);
  const [isPrinting, setPrinting] = useState(false);
  const find = useFind(pdf);
  const { near, page } = useNearPages(scroller, pdf.numPages);
  const widest = Math.max(first.width, ...[...sizes.values()].map((size) => size.width));
  const fitting = Math.min(4, Math.max(0.2, (width - MARGIN) / widest));
  const scale = zoom === 'width' ? fitting : zoom;
  const current = find.matches[find.current];

  const onSize = useCallback((number: number, size: Size) => {
    setSizes((old) => {
      const known = old.get(number);
      const same = known?.width === size.width && known.height === size.height;
      return same ? old : new Map(old).set(number, size);
    });
  }, []);

  const goTo = useCallback((number: number) => {
    const target = scroller.current?.querySelector(`[data-page="${number}"]`);
    target?.scrollIntoView?.({ block: 'start' });
  }, []);

  function zoomBy(by: 1 | -1): void {
    const next =
      by > 0
        ? STEPS.find((step) => step > scale * 1.01)
        : STEPS.findLast((step) => step < scale * 0.99);
    setZoom(next ?? scale);
    keepPlace(scroller.current);
  }

  const openFind = useCallback(() => {
    setFinding(true);
    findField.current?.select();
  }, []);
  useFindKey(openFind);

  // The keys that scroll work at once, unless the person has gone elsewhere while it was opened.
  useEffect(() => {
    const focused = document.activeElement;
    const isHere = scroller.current?.closest('section')?.contains(focused) ?? false;
    if (isHere || focused === document.body) {
      scroller.current?.focus({ preventScroll: true });
    }
  }, []);

  // What is found is brought into view: the page first, since it may not be drawn yet.
  useEffect(() => {
    if (current !== undefined) {
      const target = scroller.current?.querySelector('mark[data-current]');
      if (target === null || target === undefined) {
        goTo(current.page);
      }
      const timer = setTimeout(() => {
        const drawn = scroller.current?.querySelector('mark[data-current]');
        drawn?.scrollIntoView?.({ block: 'center', inline: 'nearest' });
      }, 250);
      return () => clearTimeout(timer);
    }
    return undefined;
  }, [current, goTo]);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.altKey || event.target instanceof HTMLInputElement) {
      return;
    }
    if (event.key === '+' || event.key === '=') {
      zoomBy(1);
    } else if (event.key === '-') {
      zoomBy(-1);
    } else if (event.key === '0') {
      setZoom('width');
    } else {
      return;
    }
    event.preventDefault();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys that its parts leave to it
    <div className={styles.pdf} onKeyDown={onKeyDown}>
      <PdfToolbar
        page={page}
        count={pdf.numPages}
        scale={scale}
        isFitted={zoom === 'width'}
        onPage={goTo}
        onZoom={zoomBy}
        onFit={() => setZoom('width')}
        onFind={openFind}
        onPrint={() => setPrinting(true)}
      />
      {isFinding && (
        <FindBar
          fieldRef={findField}
          query={find.query}
          onQuery={find.setQuery}
          count={find.matches.length}
          current={find.current}
          isDone={find.looked === pdf.numPages}
          onStep={find.step}
          onClose={() => {
            setFinding(false);
            find.setQuery('');
            scroller.current?.focus();
          }}
        />
      )}
      <div
        ref={scroller}
        className={styles.pages}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
        tabIndex={0}
        role="document"
        aria-label={m.viewer_label({ name })}
        data-testid="pdf-pages"
        data-scroller
      >
        {Array.from({ length: pdf.numPages }, (_, index) => {
          const number = index + 1;
          return (
            <PdfPage
              key={number}
              pdf={pdf}
              number={number}
              size={sizes.get(number) ?? first}
              scale={scale}
              isNear={near.has(number)}
              found={find.on(number)}
              current={find.current}
              text={find.textOf(number)}
              onSize={onSize}
              onDrawn={onSeen}
            />
          );
        })}
      </div>
      {isPrinting && <PaperPages pdf={pdf} onDone={() => setPrinting(false)} />}
    </div>
  );
}

/** The same place of the document stays in view when its pages grow or shrink. */
function keepPlace(scroller: HTMLElement | null): void {
  if (scroller === null) {
    return;
  }
  const share = scroller.scrollTop / Math.max(1, scroller.scrollHeight);
  requestAnimationFrame(() => {
    scroller.scrollTop = share * scroller.scrollHeight;
  });
}

function useWidth(scroller: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(800);
  useEffect(() => {
    const element = scroller.current;
    if (element === null || typeof ResizeObserver === 'undefined') {
      return;
    }
    const observer = new ResizeObserver(() => {
      keepPlace(element);
      setWidth(element.clientWidth);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
  return width;
}

/** Ctrl + F, or Command + F, as long as a document is shown. */
export function useFindKey(onFind: () => void): void {
  useEffect(() => {
    function onKeyDown(event: globalThis.KeyboardEvent): void {
      const asked = event.key.toLowerCase() === 'f' && (event.ctrlKey || event.metaKey);
      if (asked && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        onFind();
      }
    }
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [onFind]);
}
