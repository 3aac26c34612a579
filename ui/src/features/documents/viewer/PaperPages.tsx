import { useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { m } from '../../../i18n/paraglide/messages.js';
import { Bar } from '../../../shared/components/Bar';
import { useToast } from '../../../shared/components/Toasts';
import { densityFor } from './PdfPage';
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
        const image = await drawn(pdf, number);
        if (isOver) {
          return;
        }
        paper.current?.append(image);
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

/** A page as a picture, which takes far less room than the canvas that it is drawn on. */
async function drawn(pdf: PDFDocumentProxy, number: number): Promise<HTMLImageElement> {
  const page = await pdf.getPage(number);
  const scale = densityFor(page.getViewport({ scale: 1 }), DENSITY / 72);
  const viewport = page.getViewport({ scale });
  const canvas = document.createElement('canvas');
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  const annotationMode = AnnotationMode.ENABLE;
  await page.render({ canvas, viewport, annotationMode, intent: 'print' }).promise;
  page.cleanup();
  const image = document.createElement('img');
  image.alt = '';
  image.src = canvas.toDataURL();
  // At once: some systems keep the dots until much later.
  canvas.width = 0;
  canvas.height = 0;
  await image.decode();
  return image;
}
