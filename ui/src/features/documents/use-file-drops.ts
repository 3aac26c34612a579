/** Files dragged over the window: which row they are over, and where they are let go. */
import { useEffect, useRef, useState } from 'react';
import type { RowView } from '../../generated/rpc';
import type { Events } from '../../platform';
import { usePlatform } from '../../shared/rpc/platform-context';
import { takesFiles } from './row-state';

type FileDrops = {
  /** Whether drops mean anything here and now. */
  isOn: boolean;
  rows: readonly RowView[];
  onDropped: (row: string, dropped: readonly string[]) => Promise<void>;
};

export function useFileDrops({ isOn, rows, onDropped }: FileDrops) {
  const platform = usePlatform();
  const [isDragging, setDragging] = useState(false);
  const [overRow, setOverRow] = useState<string | null>(null);
  /** Handles of files that were dropped beside the rows. */
  const [homeless, setHomeless] = useState<readonly string[]>([]);

  const latest = useRef({ rows, onDropped });
  latest.current = { rows, onDropped };

  useEffect(() => {
    if (!isOn) {
      return;
    }
    function rowAt(x: number, y: number): string | null {
      const element = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-row-id]');
      const row = latest.current.rows.find((each) => each.id === element?.dataset.rowId);
      return row !== undefined && takesFiles(row) ? row.id : null;
    }
    function onOver({ over, x, y }: Events['files_over']): void {
      setDragging(over);
      setOverRow(over ? rowAt(x, y) : null);
    }
    function onDrop({ dropped, x, y }: Events['files_dropped']): void {
      setDragging(false);
      setOverRow(null);
      const row = rowAt(x, y);
      if (row === null) {
        setHomeless(dropped);
      } else {
        void latest.current.onDropped(row, dropped);
      }
    }
    const ends = [platform.listen('files_over', onOver), platform.listen('files_dropped', onDrop)];
    return () => {
      for (const end of ends) {
        void end.then((stop) => stop());
      }
      setDragging(false);
      setOverRow(null);
    };
  }, [isOn, platform]);

  return {
    isDragging,
    overRow,
    homeless,
    forget: () => setHomeless([]),
    /** The files get a row. */
    take(): readonly string[] {
      setHomeless([]);
      return homeless;
    },
  };
}
