import { useEffect } from 'react';
import { afterPaint } from '../shared/after-paint';

/**
 * Sets `data-painted` on the document once the first real screen is on the glass: the frame after
 * the one in which it was drawn. The end-to-end tests and the start-up measurement wait for it.
 */
export function usePaintedMark(hasScreen: boolean): void {
  useEffect(() => {
    if (!hasScreen) {
      return undefined;
    }
    return afterPaint(() => {
      document.documentElement.dataset.painted = 'true';
    });
  }, [hasScreen]);
}
