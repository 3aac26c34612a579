/** Searching in a document: what stands where, and which of it is found. */

/** One page's text, and where in it each of its pieces begins. */
export type PageText = { text: string; starts: number[] };

export type Piece = { str: string; hasEOL: boolean };

/** A place in a page. */
export type Match = { page: number; from: number; to: number };

/** A match, with its number among all that is found. */
export type Found = Match & { index: number };

/** More than this nobody goes through, and marking them would hold the window up. */
export const MATCHES_MAX = 2_000;
/** What is typed is looked for once the person pauses this long. */
export const FIND_AFTER_MS = 150;

/** A part of one piece that is found. */
export type Mark = { from: number; to: number; match: number };

/** Pieces in their order. A line that ends is a blank: what is looked for may go on in the next. */
export function pageText(pieces: readonly Piece[]): PageText {
  const starts: number[] = [];
  let text = '';
  for (const { str, hasEOL } of pieces) {
    starts.push(text.length);
    text += hasEOL ? `${str} ` : str;
  }
  return { text: folded(text), starts };
}

/** Without the difference of capitals, and of one blank and another; as long as before. */
export function folded(text: string): string {
  const blanks = text.replace(/\s/g, ' ');
  const lower = blanks.toLocaleLowerCase('sv');
  return lower.length === blanks.length ? lower : blanks;
}

/** Where a page has what is looked for: the first so many places. */
export function matchesIn(
  page: number,
  { text }: PageText,
  query: string,
  most = MATCHES_MAX,
): Match[] {
  const wanted = folded(query).trim().replace(/ +/g, ' ');
  const matches: Match[] = [];
  if (wanted === '') {
    return matches;
  }
  let at = text.indexOf(wanted);
  while (at >= 0 && matches.length < most) {
    matches.push({ page, from: at, to: at + wanted.length });
    at = text.indexOf(wanted, at + wanted.length);
  }
  return matches;
}

/** The parts of each piece that are found, by the piece's number. */
export function marksOf(
  { starts, text }: PageText,
  matches: readonly Found[],
): Map<number, Mark[]> {
  const marks = new Map<number, Mark[]>();
  starts.forEach((start, piece) => {
    const end = starts[piece + 1] ?? text.length;
    for (const { from, to, index } of matches) {
      if (from < end && to > start) {
        const mark = { from: Math.max(from, start) - start, to: Math.min(to, end) - start };
        marks.set(piece, [...(marks.get(piece) ?? []), { ...mark, match: index }]);
      }
    }
  });
  return marks;
}
