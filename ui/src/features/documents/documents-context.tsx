/** What the documents' screens remember while the program is open, and no longer: not past a lock. */
import { createContext, type ReactNode, use, useMemo, useState } from 'react';
import type { PickedFile } from '../../generated/rpc';

/** A document that is read within the program, and in which case. */
export type Looking = { case: string; document: string; name: string };

type Memory = {
  /** The person knows that files open outside the program. */
  opensWithoutAsking: boolean;
  openWithoutAsking: () => void;
  /** What is read beside its case; nothing else at the same time. */
  looking: Looking | null;
  look: (at: Looking | null) => void;
  /** The documents that have been opened here. */
  opened: ReadonlySet<string>;
  addOpened: (document: string) => void;
  /** Files that are being thrown away, while that can be taken back. */
  leaving: ReadonlySet<string>;
  setLeaving: (file: string, isLeaving: boolean) => void;
  /** Files that were texts; the text is then only in the history of where it was written. */
  madeOfText: ReadonlySet<string>;
  addMadeOfText: (file: string) => void;
  /** Files that cannot be sent, by row; the core does not keep them. */
  unusable: ReadonlyMap<string, readonly PickedFile[]>;
  addUnusable: (row: string, files: readonly PickedFile[]) => void;
  forgetUnusable: (row: string) => void;
};

const MemoryContext = createContext<Memory | null>(null);

export function DocumentsProvider({ children }: { children: ReactNode }) {
  const [opensWithoutAsking, setOpens] = useState(false);
  const [looking, setLooking] = useState<Looking | null>(null);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [leaving, setLeavingFiles] = useState<ReadonlySet<string>>(new Set());
  const [unusable, setUnusable] = useState<ReadonlyMap<string, readonly PickedFile[]>>(new Map());
  const [madeOfText, setMadeOfText] = useState<ReadonlySet<string>>(new Set());
  const memory = useMemo<Memory>(
    () => ({
      opensWithoutAsking,
      openWithoutAsking: () => setOpens(true),
      looking,
      look: (at) => {
        setLooking(at);
        if (at === null && looking !== null) {
          backTo(looking.document);
        }
      },
      opened,
      addOpened: (document) =>
        setOpened((old) => (old.has(document) ? old : new Set(old).add(document))),
      leaving,
      setLeaving: (file, isLeaving) =>
        setLeavingFiles((old) => {
          const files = new Set(old);
          isLeaving ? files.add(file) : files.delete(file);
          return files;
        }),
      madeOfText,
      addMadeOfText: (file) => setMadeOfText((old) => new Set(old).add(file)),
      unusable,
      addUnusable: (row, files) =>
        setUnusable((old) => {
          // A file that is tried again is told of once.
          const isOther = ({ name }: PickedFile) => files.every((file) => file.name !== name);
          return new Map(old).set(row, [...(old.get(row) ?? []).filter(isOther), ...files]);
        }),
      forgetUnusable: (row) => setUnusable((old) => new Map(old).set(row, [])),
    }),
    [opensWithoutAsking, looking, opened, leaving, madeOfText, unusable],
  );
  return <MemoryContext value={memory}>{children}</MemoryContext>;
}

/** The focus goes back to where the document was taken up, once its place is as wide as before. */
function backTo(document: string): void {
  requestAnimationFrame(() => {
    const from = window.document.querySelector<HTMLElement>(`[data-look="${document}"]`);
    from?.focus();
    from?.scrollIntoView?.({ block: 'nearest' });
  });
}

export function useMemory(): Memory {
  const memory = use(MemoryContext);
  if (memory === null) {
    throw new Error('DocumentsProvider is missing');
  }
  return memory;
}
