import { useEffect, useRef, useState } from 'react';
import { FIND_AFTER_MS, type Found, MATCHES_MAX, matchesIn, type PageText, pageText } from './find';
import type { PDFDocumentProxy } from './pdf';

export type Finding = {
  query: string;
  setQuery: (query: string) => void;
  matches: readonly Found[];
  /** Those on a page. */
  on: (page: number) => readonly Found[];
  /** The number of the match that is looked at. */
  current: number;
  step: (by: 1 | -1) => void;
  /** How many pages have been looked through; all of them once it is done. */
  looked: number;
  /** The text of a page, once it has been looked through. */
  textOf: (page: number) => PageText | undefined;
};

/** What is found, in its order and by page. */
type AllFound = { all: readonly Found[]; pages: ReadonlyMap<number, readonly Found[]> };
const NONE: readonly Found[] = [];
const NOTHING: AllFound = { all: NONE, pages: new Map() };

/** Looks through a document for what is typed, page by page, so that the window goes on meanwhile. */
export function useFind(pdf: PDFDocumentProxy): Finding {
  const [query, setQuery] = useState('');
  const [{ all: matches, pages }, setFound] = useState(NOTHING);
  const [current, setCurrent] = useState(0);
  const [looked, setLooked] = useState(0);
  const texts = useRef(new Map<number, PageText>());

  useEffect(() => {
    let isOver = false;
    setFound(NOTHING);
    setCurrent(0);
    setLooked(0);
    async function look(): Promise<void> {
      const found: Found[] = [];
      const byPage = new Map<number, readonly Found[]>();
      for (let page = 1; page <= pdf.numPages && !isOver; page += 1) {
        let text = texts.current.get(page);
        if (text === undefined) {
          text = await textOfPage(pdf, page);
          texts.current.set(page, text);
        }
        if (isOver) {
          return;
        }
        const here = matchesIn(page, text, query, MATCHES_MAX - found.length).map(
          (match, index) => ({ ...match, index: found.length + index }),
        );
        if (here.length > 0) {
          byPage.set(page, here);
          found.push(...here);
        }
        const isEnough = found.length >= MATCHES_MAX || page === pdf.numPages;
        // The first is shown at once, the others some pages at a time.
        if (isEnough || page % 10 === 0 || (here.length > 0 && found.length === here.length)) {
          setFound({ all: [...found], pages: new Map(byPage) });
          setLooked(isEnough ? pdf.numPages : page);
        }
        if (isEnough) {
          return;
        }
      }
    }
    const timer = query.trim() === '' ? undefined : setTimeout(() => void look(), FIND_AFTER_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [pdf, query]);

  return {
    query,
    setQuery,
    matches,
    on: (page) => pages.get(page) ?? NONE,
    current,
    step: (by) =>
      setCurrent((now) =>
        matches.length === 0 ? 0 : (now + by + matches.length) % matches.length,
      ),
    looked,
    textOf: (page) => texts.current.get(page),
  };
}

/** A page that cannot be read has no text; its neighbours have. */
async function textOfPage(pdf: PDFDocumentProxy, number: number): Promise<PageText> {
  try {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    return pageText(items.filter((item) => 'str' in item));
  } catch {
    return { text: '', starts: [] };
  }
}
