/** "ars" finds "Årsrapport": letters without their marks, small. */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase('sv');
}
