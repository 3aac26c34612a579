import { type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from 'react';
import type { CaseView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { afterPaint } from '../../shared/after-paint';
import { useNarrow } from '../../shared/use-narrow';
import { Windowed } from '../../shared/windowed/Windowed';
import styles from './CaseList.module.css';
import { CaseRow } from './CaseRow';
import { useTypedAhead } from './use-typed-ahead';

/** A row without chips, in CSS pixels. */
const ROW_PX = 84;

/** The row that has the focus, or gets it when the list does. */
export const STOP = '[role="option"][tabindex="0"]';

type CaseListProps = {
  cases: CaseView[];
  selected: string | null;
  onSelect: (caseId: string) => void;
  list: RefObject<HTMLDivElement | null>;
};

/** The person's cases; arrows move, and in a wide window the detail follows. */
export function CaseList({ cases, selected, onSelect, list }: CaseListProps) {
  const narrow = useNarrow();
  const typedAhead = useTypedAhead();
  // The row that the keys move from: the only one that Tab reaches.
  const [current, setCurrent] = useState(selected);
  const stop = cases.some((each) => each.id === current) ? current : (cases[0]?.id ?? null);
  const isCalled = useRef(false);

  // The row may be far away and is drawn only now.
  useLayoutEffect(() => {
    if (stop === null) {
      return undefined;
    }
    const row = list.current?.querySelector<HTMLElement>(STOP);
    const show = () => row?.scrollIntoView?.({ block: 'nearest' });
    show();
    if (isCalled.current) {
      isCalled.current = false;
      row?.focus({ preventScroll: true });
    }
    // Rows that were never drawn turn out higher or lower than believed, and move it.
    return afterPaint(show);
  }, [stop, list]);

  function moveTo(index: number): void {
    const item = cases[Math.max(0, Math.min(index, cases.length - 1))];
    if (item === undefined || item.id === stop) {
      return;
    }
    isCalled.current = true;
    setCurrent(item.id);
    // In one column the detail replaces the list, so only a press or Enter may choose.
    if (!narrow) {
      onSelect(item.id);
    }
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const at = cases.findIndex((each) => each.id === stop);
    const target = targetOf(event.key, at, cases.length) ?? typedAhead(event.key, cases, at);
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      if (stop !== null) {
        onSelect(stop);
      }
    } else if (target !== null) {
      event.preventDefault();
      moveTo(target);
    }
  }

  return (
    <Windowed
      ref={list}
      role="listbox"
      items={cases}
      keyOf={caseKey}
      estimate={ROW_PX}
      label={m.cases_title()}
      className={styles.list}
      kept={stop === null ? [] : [stop]}
      onKeyDown={onKeyDown}
      render={(item, place) => (
        <CaseRow
          item={item}
          place={place}
          isSelected={item.id === selected}
          isStop={item.id === stop}
          onPress={() => {
            setCurrent(item.id);
            onSelect(item.id);
          }}
        />
      )}
    />
  );
}

/** Where a key leads from row `at` of `count`; null if it leads nowhere. */
function targetOf(key: string, at: number, count: number): number | null {
  const page = Math.max(1, Math.floor(window.innerHeight / ROW_PX) - 2);
  switch (key) {
    case 'ArrowDown':
      return at + 1;
    case 'ArrowUp':
      return at - 1;
    case 'PageDown':
      return at + page;
    case 'PageUp':
      return at - page;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

function caseKey(item: CaseView): string {
  return item.id;
}
