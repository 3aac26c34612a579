/** The window closes when the page says that everything is saved. */
import { useEffect, useRef } from 'react';
import { usePlatform } from '../shared/rpc/platform-context';

/**
 * Answers when the window is about to close: with `save`'s true it closes, with false it stays open. With
 * null somebody else answers. A page that says nothing for three seconds is closed by the shell.
 */
export function useClosing(save: (() => Promise<boolean>) | null): void {
  const platform = usePlatform();
  const latest = useRef(save);
  latest.current = save;
  const answers = save !== null;
  useEffect(() => {
    if (!answers) {
      return;
    }
    async function answer(): Promise<void> {
      const saved = (await latest.current?.()) ?? true;
      await platform.call(saved ? 'shell.close' : 'shell.stay', {}).catch(() => {});
    }
    const end = platform.listen('closing', () => void answer());
    return () => void end.then((stop) => stop());
  }, [answers, platform]);
}

/** For a window in which nothing can be written. */
export async function saveNothing(): Promise<boolean> {
  return true;
}
