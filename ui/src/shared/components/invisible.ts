/**
 * Characters that come along when a password is pasted and that nobody can see (KW-09).
 * An ordinary space is not one of them: it may be part of the password.
 */

export type InvisibleKind = 'zero_width' | 'direction' | 'tab' | 'soft_hyphen' | 'nbsp';

const KINDS: ReadonlyArray<{ kind: InvisibleKind; pattern: RegExp }> = [
  // Zero-width space, non-joiner and joiner, word joiner, byte order mark.
  { kind: 'zero_width', pattern: /\u200B|\u200C|\u200D|\u2060|\uFEFF/gu },
  // Left-to-right and right-to-left marks, and the embeddings, overrides and isolates.
  { kind: 'direction', pattern: /[\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu },
  { kind: 'tab', pattern: /\t/gu },
  { kind: 'soft_hyphen', pattern: /\u00AD/gu },
  { kind: 'nbsp', pattern: /\u00A0/gu },
];

export type InvisibleCount = { kind: InvisibleKind; count: number };

/** Which invisible characters there are and how many of each; empty if none. */
export function findInvisible(text: string): InvisibleCount[] {
  return KINDS.map(({ kind, pattern }) => ({
    kind,
    count: text.match(pattern)?.length ?? 0,
  })).filter(({ count }) => count > 0);
}

/** A fixed space becomes the ordinary one that the person typed when they chose the password. */
export function removeInvisible(text: string): string {
  return KINDS.reduce(
    (rest, { kind, pattern }) => rest.replace(pattern, kind === 'nbsp' ? ' ' : ''),
    text,
  );
}
