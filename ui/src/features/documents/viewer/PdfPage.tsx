import { useEffect, useRef, useState } from 'react';
import { m } from '../../../i18n/paraglide/messages.js';
import { type Found, marksOf, type PageText } from './find';
import {
  AnnotationMode,
  type PDFDocumentProxy,
  type PDFPageProxy,
  RenderingCancelledException,
  TextLayer,
} from './pdf';
import styles from './Viewer.module.css';

/** A page at its own size, in CSS pixels. */
export type Size = { width: number; height: number };

/** More dots than this in one canvas are more than some systems can hold. */
const DOTS_MAX = 16_000_000;

type PdfPageProps = {
  pdf: PDFDocumentProxy;
  number: number;
  size: Size;
  scale: number;
  /** Whether it is near enough to what is looked at to be drawn. */
  isNear: boolean;
  /** What is found on it, with the number of each among all that is found. */
  found: readonly Found[];
  current: number;
  text: PageText | undefined;
  /** What it measures, once it is known. */
  onSize: (number: number, size: Size) => void;
  onDrawn: () => void;
};

/** One page: a place of the right size, and on it what is drawn while it is near. */
export function PdfPage(props: PdfPageProps) {
  const { pdf, number, size, scale, isNear, onSize } = props;
  const [page, setPage] = useState<PDFPageProxy | null>(null);
  const [isBroken, setBroken] = useState(false);

  useEffect(() => {
    if (!isNear) {
      return;
    }
    let isOver = false;
    pdf.getPage(number).then(
      (got) => {
        if (!isOver) {
          const { width, height } = got.getViewport({ scale: 96 / 72 });
          onSize(number, { width, height });
          setPage(got);
        }
      },
      () => setBroken(!isOver),
    );
    return () => {
      isOver = true;
      setPage((old) => {
        old?.cleanup();
        return null;
      });
    };
  }, [pdf, number, isNear, onSize]);

  return (
    <section
      className={styles.page}
      style={{ width: Math.floor(size.width * scale), height: Math.floor(size.height * scale) }}
      aria-label={m.viewer_page_of({ page: number, count: pdf.numPages })}
      data-page={number}
      data-testid="pdf-page"
    >
      {isBroken && <p className={styles.broken}>{m.viewer_page_broken()}</p>}
      {page !== null && isNear && <Drawn {...props} page={page} onBroken={() => setBroken(true)} />}
    </section>
  );
}

type DrawnProps = PdfPageProps & { page: PDFPageProxy; onBroken: () => void };

function Drawn({ page, scale, found, current, text, onDrawn, onBroken }: DrawnProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const pieces = useRef<{ spans: HTMLElement[]; strings: string[] } | null>(null);
  const [layers, setLayers] = useState(0);
  const told = useRef({ onDrawn, onBroken });
  told.current = { onDrawn, onBroken };

  useEffect(() => {
    const target = canvas.current;
    if (target === null) {
      return;
    }
    const shown = page.getViewport({ scale: (scale * 96) / 72 });
    const dots = densityFor(shown, window.devicePixelRatio || 1);
    const viewport = page.getViewport({ scale: (scale * dots * 96) / 72 });
    // Drawn beside and put in its place when it is whole: zooming does not blink.
    const beside = document.createElement('canvas');
    beside.width = Math.floor(viewport.width);
    beside.height = Math.floor(viewport.height);
    const task = page.render({
      canvas: beside,
      viewport,
      annotationMode: AnnotationMode.ENABLE,
    });
    task.promise.then(
      () => {
        target.width = beside.width;
        target.height = beside.height;
        target.getContext('2d')?.drawImage(beside, 0, 0);
        target.dataset.drawn = 'true';
        told.current.onDrawn();
      },
      (thrown: unknown) => {
        if (!(thrown instanceof RenderingCancelledException)) {
          told.current.onBroken();
        }
      },
    );
    return () => task.cancel();
  }, [page, scale]);

  useEffect(() => {
    const container = layer.current;
    if (container === null) {
      return;
    }
    container.replaceChildren();
    pieces.current = null;
    const texts = new TextLayer({
      textContentSource: page.streamTextContent(),
      container,
      viewport: page.getViewport({ scale: 96 / 72 }),
    });
    texts.render().then(
      () => {
        pieces.current = { spans: texts.textDivs, strings: texts.textContentItemsStr };
        setLayers((times) => times + 1);
      },
      () => {},
    );
    return () => texts.cancel();
  }, [page]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new layer has no marks yet
  useEffect(() => {
    if (pieces.current !== null) {
      mark(pieces.current, text, found, current);
    }
  }, [found, current, text, layers]);

  return (
    <>
      <canvas ref={canvas} className={styles.canvas} aria-hidden />
      <div
        ref={layer}
        className={styles.text}
        style={{ '--total-scale-factor': (scale * 96) / 72 } as React.CSSProperties}
      />
    </>
  );
}

/** Dots for each unit of a page that measures so much: as many as are wished, if its canvas can hold them. */
export function densityFor({ width, height }: Size, wished: number): number {
  return Math.min(wished, Math.sqrt(DOTS_MAX / (width * height)));
}

/** Marks what is found, and takes away the marks of what was looked for before. */
function mark(
  { spans, strings }: { spans: HTMLElement[]; strings: string[] },
  text: PageText | undefined,
  found: readonly Found[],
  current: number,
): void {
  const marks = text === undefined ? new Map() : marksOf(text, found);
  spans.forEach((span, piece) => {
    const parts = marks.get(piece);
    const string = strings[piece] ?? '';
    if (parts === undefined) {
      if (span.firstElementChild !== null) {
        span.replaceChildren(string);
      }
      return;
    }
    const nodes: (string | HTMLElement)[] = [];
    let at = 0;
    for (const { from, to, match } of parts) {
      const element = document.createElement('mark');
      element.textContent = string.slice(from, to);
      if (match === current) {
        element.dataset.current = 'true';
      }
      nodes.push(string.slice(at, from), element);
      at = to;
    }
    span.replaceChildren(...nodes, string.slice(at));
  });
}
