/**
 * The newest lines of one modem's dialogue, and those of them that a filter lets through. Bounded: the oldest go, some at a
 * time, so that a line costs the same however many there are. Owns both lists; who draws them reads `shown` and `revision`.
 */
import type { DialogueEntry } from '../control/messages.js';
import type { LineTest } from './line-filter.js';

/** A line, with how many in front of it never came or are no longer kept. */
export interface BufferedLine extends DialogueEntry {
  missing?: number;
}

export const mostLinesKept = 10_000;

export class DialogueBuffer {
  /** Counts changes of what is shown. */
  revision = 0;
  #lines: BufferedLine[] = [];
  #shown: BufferedLine[] = [];
  #forgotten = 0;
  #test: LineTest = () => true;

  /** @param most lines that are kept; for a moment a tenth more are */
  constructor(readonly most = mostLinesKept) {}

  get shown(): readonly BufferedLine[] {
    return this.#shown;
  }

  /** How many lines have left `shown` at its front, since the filter was set. */
  get forgotten(): number {
    return this.#forgotten;
  }

  get length(): number {
    return this.#lines.length;
  }

  /** The number of the newest line; 0 where there is none. */
  get last(): number {
    return this.#lines.at(-1)?.n ?? 0;
  }

  /** Lines that are there already are passed over. */
  add(lines: readonly DialogueEntry[]): void {
    let last = this.last;
    for (const line of lines) {
      if (line.n <= last) continue;
      const missing = line.n - last - 1;
      const kept: BufferedLine = missing > 0 ? { ...line, missing } : line;
      this.#lines.push(kept);
      if (this.#test(kept)) this.#shown.push(kept);
      last = line.n;
    }
    this.#forgetOldest();
    this.revision += 1;
  }

  filter(test: LineTest): void {
    this.#test = test;
    this.#shown = this.#lines.filter(test);
    this.#forgotten = 0;
    this.revision += 1;
  }

  clear(): void {
    this.#lines = [];
    this.#shown = [];
    this.#forgotten = 0;
    this.revision += 1;
  }

  #forgetOldest(): void {
    if (this.#lines.length <= this.most * 1.1) return;
    this.#lines = this.#lines.slice(-this.most);
    const oldest = this.#lines[0]!.n;
    const gone = countBefore(this.#shown, oldest);
    this.#shown = this.#shown.slice(gone);
    this.#forgotten += gone;
  }
}

/** How many of them, which are in order, have a lower number. */
function countBefore(lines: readonly BufferedLine[], n: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle]!.n < n) low = middle + 1;
    else high = middle;
  }
  return low;
}
