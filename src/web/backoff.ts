/** How long to wait before the next try: longer each time, and not all pages at once. Pure but for its dice. */

const first = 250;
const longest = 8000;

export class Backoff {
  #tries = 0;

  /** @param random 0 to 1 */
  constructor(readonly random: () => number = Math.random) {}

  /** It went well: the next try is soon. */
  reset(): void {
    this.#tries = 0;
  }

  /** Milliseconds. */
  next(): number {
    const step = Math.min(longest, first * 2 ** this.#tries);
    this.#tries = Math.min(this.#tries + 1, 10);
    return Math.round(step / 2 + (this.random() * step) / 2);
  }
}
