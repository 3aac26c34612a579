/** What must be asked before a page is left, because something on it is never shown again. */
import { createContext, type RefObject, use, useEffect } from 'react';

/** Asks, and calls what it is given if the person leaves. */
export type AskFirst = (leave: () => void) => void;

export const LeavingContext = createContext<RefObject<AskFirst | null>>({ current: null });

/** As long as `ask` is given, the page is not left before it has been asked. */
export function useAskBeforeLeaving(ask: AskFirst | null): void {
  const asking = use(LeavingContext);
  useEffect(() => {
    asking.current = ask;
    return () => {
      asking.current = null;
    };
  }, [asking, ask]);
}
