/** Where the focus goes when the button that had it goes away with what was done. */

/**
 * The row that `inside` lies in, remembered before the act. Call what it gives after the act: the focus
 * goes to the row's title, unless the person has moved it elsewhere meanwhile.
 */
export function rowFocus(inside: Element | null | undefined): () => void {
  const row = inside?.closest<HTMLElement>('[data-row-id]');
  return () => {
    // The row is drawn anew first, and what is left of a dialog goes away.
    requestAnimationFrame(() => {
      const focused = document.activeElement;
      if (focused === null || focused === document.body || focused === inside) {
        row?.querySelector<HTMLElement>('[data-row-title]')?.focus();
      }
    });
  };
}
