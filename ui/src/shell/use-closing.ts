/** The window closes when the page says that everything is saved. */
import { useEffect, useRef } from 'react';
import { usePlatform } from '../shared/rpc/platform-context';

/** Answers when the window is about to close, after `save`; with null somebody else answers. */
export function useClosing(save: (() => Promise<unknown>) | null): void {
  const platform = usePlatform();
  const latest = useRef(save);
  latest.current = save;
  const answers = save !== null;
  useEffect(() => {
    if (!answers) {
      return;
    }
    async function close(): Promise<void> {
      await latest.current?.();
      // The program closes by itself if it hears nothing.
      await platform.call('shell.close', {}).catch(() => {});
    }
    const end = platform.listen('closing', () => void close());
    return () => void end.then((stop) => stop());
  }, [answers, platform]);
}

/** For a window in which nothing can be written. */
export async function saveNothing(): Promise<void> {}
