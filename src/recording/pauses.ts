/**
 * The times of a recording, as pauses between its items. What is too short to be told is not lost: it is told with the next
 * one, so that pauses never add up to less than what passed. Pure.
 */

/** Milliseconds; shorter ones tell nothing, and would stand between any two lines. */
const shortest = 10;

export class Pauses {
  #began: number | undefined;
  #told = 0;

  begin(at: number): void {
    this.#began ??= at;
  }

  /** Whole milliseconds to be told before what happens now, if any. */
  before(at: number): number | undefined {
    this.begin(at);
    const untold = at - this.#began! - this.#told;
    if (untold < shortest) return undefined;
    const milliseconds = Math.ceil(untold);
    this.#told += milliseconds;
    return milliseconds;
  }
}
