import { useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { m } from '../../../i18n/paraglide/messages.js';
import { Bar } from '../../../shared/components/Bar';
import { useToast } from '../../../shared/components/Toasts';
import { AnnotationMode, type PDFDocumentProxy } from './pdf';
import styles from './Viewer.module.css';

/** Dots an inch on paper. */
const DENSITY = 130;
/** All pages are held at once; more than this is for another program. */
const PAGES_MAX = 60;

/** The document on paper, in place of the window's screen. */
export function PaperPages({ pdf, onDone }: { pdf: PDFDocumentProxy; onDone: () => void }) {
  const paper = useRef<HTMLDivElement>(null);
  const [done, setDone] = useState(0);
  const toast = useToast();
  const told = useRef({ onDone, toast });
  told.current = { onDone, toast };

  useEffect(() => {
    let isOver = false;
    async function print(): Promise<void> {
      if (pdf.numPages > PAGES_MAX) {
        told.current.toast({ text: () => m.viewer_print_many({ max: PAGES_MAX }) });
        return;
      }
      for (let number = 1; number <= pdf.numPages; number += 1) {
        const canvas = await drawn(pdf, number);
        if (isOver) {
          return;
        }
        paper.current?.append(canvas);
        setDone(number);
      }
      document.documentElement.dataset.printing = 'part';
      window.print();
    }
    void print()
      .catch(() => told.current.toast({ text: () => m.viewer_print_failed() }))
      .finally(() => {
        if (!isOver) {
          told.current.onDone();
        }
      });
    return () => {
      isOver = true;
      delete document.documentElement.dataset.printing;
    };
  }, [pdf]);

  return (
    <>
      <div className={styles.preparing} role="status">
        {m.viewer_print_preparing()} <Bar value={done} max={pdf.numPages} />
      </div>
      {createPortal(<div ref={paper} className={styles.paper} data-paper />, document.body)}
    </>
  );
}

async function drawn(pdf: PDFDocumentProxy, number: number): Promise<HTMLCanvasElement> {
  const page = await pdf.getPage(number);
  const viewport = page.getViewport({ scale: DENSITY / 72 });
  const canvas = document.createElement('canvas');
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  const annotationMode = AnnotationMode.ENABLE;
  await page.render({ canvas, viewport, annotationMode, intent: 'print' }).promise;
  page.cleanup();
  return canvas;
}
