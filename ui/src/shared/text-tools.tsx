import { createContext, type ReactNode, use } from 'react';

/** Draws what helps in writing a text; `insert` puts a text into the field. */
export type DrawTools = (insert: (text: string) => void) => ReactNode;

const ToolsContext = createContext<DrawTools | null>(null);

/** Says what helps in writing the texts of a case, wherever one is written. */
export function TextToolsProvider({ draw, children }: { draw: DrawTools; children: ReactNode }) {
  return <ToolsContext value={draw}>{children}</ToolsContext>;
}

type TextToolsProps = { text: string; onInsert: (text: string) => void };

/** What helps in writing this text, if anything does. What is put in stands below what was written. */
export function TextTools({ text, onInsert }: TextToolsProps) {
  const draw = use(ToolsContext);
  return draw?.((more) => onInsert(text.trim() === '' ? more : `${text.trimEnd()}\n\n${more}`));
}
