import { useSyncExternalStore } from 'react';

/** Below this width the panes stand one at a time. The same number stands in the CSS modules. */
const ONE_COLUMN = '(max-width: 820px)';

/** Whether the window is so narrow that list and detail take turns. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, isNarrow, () => false);
}

function isNarrow(): boolean {
  return query()?.matches ?? false;
}

function subscribe(onChange: () => void): () => void {
  const list = query();
  list?.addEventListener('change', onChange);
  return () => list?.removeEventListener('change', onChange);
}

/** jsdom has no matchMedia. */
function query(): MediaQueryList | undefined {
  return typeof window.matchMedia === 'function' ? window.matchMedia(ONE_COLUMN) : undefined;
}
