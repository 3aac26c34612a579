import { useRef } from 'react';
import type { CaseView } from '../../generated/rpc';

/** After this a letter begins a new word. */
const PAUSE_MS = 1_000;

/** Typing the beginning of a title leads to its row: gives the row's index, or null for other keys. */
export function useTypedAhead(): (
  key: string,
  cases: readonly CaseView[],
  at: number,
) => number | null {
  const typed = useRef({ text: '', at: Number.NEGATIVE_INFINITY });
  return (key, cases, at) => {
    if ([...key].length !== 1 || key === ' ') {
      return null;
    }
    const now = performance.now();
    const before = now - typed.current.at < PAUSE_MS ? typed.current.text : '';
    const text = before + key.toLocaleLowerCase();
    typed.current = { text, at: now };
    // A first letter leads on from here; the following ones may only make it clearer.
    const begin = before === '' ? at + 1 : at;
    for (let step = 0; step < cases.length; step += 1) {
      const index = (begin + step) % cases.length;
      if (cases[index]?.title.toLocaleLowerCase().startsWith(text)) {
        return index;
      }
    }
    return null;
  };
}
