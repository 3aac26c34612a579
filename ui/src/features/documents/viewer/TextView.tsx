import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { m } from '../../../i18n/paraglide/messages.js';
import { FindBar } from './FindBar';
import { FIND_AFTER_MS, matchesIn, pageText } from './find';
import { useFindKey } from './PdfView';
import styles from './Viewer.module.css';

type TextViewProps = { text: string; cut: boolean; name: string; onSeen: () => void };

/** The plain text of an Office document. */
export function TextView({ text, cut, name, onSeen }: TextViewProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [isFinding, setFinding] = useState(false);
  const [query, setQuery] = useState('');
  /** What is looked for: what was typed when the person paused. */
  const [wanted, setWanted] = useState('');
  const [current, setCurrent] = useState(0);
  const whole = useMemo(() => pageText([{ str: text, hasEOL: false }]), [text]);
  const matches = useMemo(() => matchesIn(1, whole, wanted), [whole, wanted]);
  const told = useRef(onSeen);
  told.current = onSeen;
  useEffect(() => told.current(), []);
  useEffect(() => {
    const timer = setTimeout(() => {
      setWanted(query);
      setCurrent(0);
    }, FIND_AFTER_MS);
    return () => clearTimeout(timer);
  }, [query]);
  const openFind = useCallback(() => {
    setFinding(true);
    field.current?.select();
  }, []);
  useFindKey(openFind);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another match stands elsewhere
  useEffect(() => {
    const target = scroller.current?.querySelector('mark[data-current]');
    target?.scrollIntoView?.({ block: 'center' });
  }, [current, matches]);

  function pieces(): ReactNode[] {
    const nodes: ReactNode[] = [];
    let at = 0;
    matches.forEach(({ from, to }, index) => {
      nodes.push(
        text.slice(at, from),
        <mark key={from} data-current={index === current || undefined}>
          {text.slice(from, to)}
        </mark>,
      );
      at = to;
    });
    return [...nodes, text.slice(at)];
  }

  return (
    <div className={styles.pdf}>
      <p className={styles.only} data-testid="text-only">
        {m.viewer_text_only()}
        {cut && ` ${m.viewer_text_cut()}`}
      </p>
      {isFinding && (
        <FindBar
          fieldRef={field}
          query={query}
          onQuery={setQuery}
          count={matches.length}
          current={current}
          isDone={wanted === query}
          onStep={(by) =>
            setCurrent((now) =>
              matches.length === 0 ? 0 : (now + by + matches.length) % matches.length,
            )
          }
          onClose={() => {
            setFinding(false);
            setQuery('');
            scroller.current?.focus();
          }}
        />
      )}
      <div
        ref={scroller}
        className={styles.plain}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
        tabIndex={0}
        role="document"
        aria-label={m.viewer_label({ name })}
        data-testid="plain-text"
        data-scroller
      >
        {pieces()}
      </div>
    </div>
  );
}
