import { useEffect } from 'react';
import { usePlatform } from '../../shared/rpc/platform-context';

/** At most so often the core hears that somebody is there. It keeps the time and locks. */
const EVERY_MS = 30_000;
const TOUCHES = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;

/** Reports that somebody uses the window, for as long as it is open. */
export function useActivity(): void {
  const platform = usePlatform();
  useEffect(() => {
    let reportedAt = Number.NEGATIVE_INFINITY;
    const touched = () => {
      if (performance.now() - reportedAt >= EVERY_MS) {
        reportedAt = performance.now();
        // If it fails the program has locked meanwhile, and the window hears of that by itself.
        platform.call('session.activity', {}).catch(() => undefined);
      }
    };
    for (const touch of TOUCHES) {
      window.addEventListener(touch, touched, { capture: true, passive: true });
    }
    return () => {
      for (const touch of TOUCHES) {
        window.removeEventListener(touch, touched, { capture: true });
      }
    };
  }, [platform]);
}
