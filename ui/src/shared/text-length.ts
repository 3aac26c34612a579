/** Characters as the core counts them: a letter outside the first 65,536 is one, not two. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _character of text) {
    length += 1;
  }
  return length;
}

/** From here on the field says how much room is left. */
export function isNearLimit(length: number, max: number): boolean {
  return max - length <= Math.max(50, Math.floor(max / 10));
}
