import { useEffect, useRef, useState } from 'react';
import { type Match, matchesIn, type PageText, pageText } from './find';
import type { PDFDocumentProxy } from './pdf';

export type Finding = {
  query: string;
  setQuery: (query: string) => void;
  matches: readonly Match[];
  /** The number of the match that is looked at. */
  current: number;
  step: (by: 1 | -1) => void;
  /** How many pages have been looked through; all of them once it is done. */
  looked: number;
  /** The text of a page, once it has been looked through. */
  textOf: (page: number) => PageText | undefined;
};

/** Looks through a document for what is typed, page by page, so that the window goes on meanwhile. */
export function useFind(pdf: PDFDocumentProxy): Finding {
  const [query, setQuery] = useState('');
  const [matches, setMatches] = useState<readonly Match[]>([]);
  const [current, setCurrent] = useState(0);
  const [looked, setLooked] = useState(0);
  const texts = useRef(new Map<number, PageText>());

  useEffect(() => {
    let isOver = false;
    setMatches([]);
    setCurrent(0);
    setLooked(0);
    async function look(): Promise<void> {
      let found: Match[] = [];
      for (let page = 1; page <= pdf.numPages && !isOver; page += 1) {
        let text = texts.current.get(page);
        if (text === undefined) {
          text = await textOfPage(pdf, page);
          texts.current.set(page, text);
        }
        if (isOver) {
          return;
        }
        const here = matchesIn(page, text, query);
        if (here.length > 0) {
          found = [...found, ...here];
          setMatches(found);
        }
        if (page % 10 === 0 || page === pdf.numPages) {
          setLooked(page);
        }
      }
    }
    const timer = query.trim() === '' ? undefined : setTimeout(() => void look(), 150);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [pdf, query]);

  return {
    query,
    setQuery,
    matches,
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
