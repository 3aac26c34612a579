/** The window closes when the page says that everything is saved. */
import { useEffect, useRef } from 'react';
import { usePlatform } from '../shared/rpc/platform-context';

/**
 * Answers when the window is about to close: with `save`'s true it closes, with false it stays open. A
 * page that says nothing for three seconds is closed by the shell.
 */
export function useClosing(save: () => Promise<boolean>): void {
  const platform = usePlatform();
  const latest = useRef(save);
  latest.current = save;
  useEffect(() => {
    async function answer(): Promise<void> {
      const saved = await latest.current();
      await platform.call(saved ? 'shell.close' : 'shell.stay', {}).catch(() => {});
    }
    const end = platform.listen('closing', () => void answer());
    return () => void end.then((stop) => stop());
  }, [platform]);
}
