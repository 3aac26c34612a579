/**
 * Where the rows of a long list lie, of which only those near the eye are drawn. A row that has never
 * been drawn counts with the list's estimate.
 */
export class Extents {
  readonly #estimate: number;
  readonly #heights = new Map<string, number>();
  #keys: readonly string[] = [];
  /** `#tops[i]` is where row i begins; one more for where the last one ends. */
  #tops = new Float64Array(1);
  #stale = true;

  constructor(estimate: number) {
    this.#estimate = estimate;
  }

  setKeys(keys: readonly string[]): void {
    this.#keys = keys;
    this.#stale = true;
  }

  /** A row's height as it was drawn; gives by how much it differs from what was believed. */
  measured(key: string, height: number): number {
    const difference = height - (this.#heights.get(key) ?? this.#estimate);
    if (difference !== 0) {
      this.#heights.set(key, height);
      this.#stale = true;
    }
    return difference;
  }

  /** Where row `index` begins; with the number of rows, where the list ends. */
  top(index: number): number {
    return this.#fresh()[index] ?? 0;
  }

  /** The rows that touch the stretch from `from` to `to`: first, and one past the last. */
  between(from: number, to: number): [number, number] {
    const tops = this.#fresh();
    const count = this.#keys.length;
    return [Math.min(this.#rowAt(tops, from), count), Math.min(this.#rowAt(tops, to) + 1, count)];
  }

  #rowAt(tops: Float64Array, y: number): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tops[middle + 1] ?? 0) <= y) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  #fresh(): Float64Array {
    if (this.#stale) {
      this.#tops = new Float64Array(this.#keys.length + 1);
      let top = 0;
      this.#keys.forEach((key, index) => {
        top += this.#heights.get(key) ?? this.#estimate;
        this.#tops[index + 1] = top;
      });
      this.#stale = false;
    }
    return this.#tops;
  }
}
