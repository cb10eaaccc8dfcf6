/**
 * The newest lines of one modem's dialogue, numbered from 1, for who asks later. Bounded by lines and by bytes; what is
 * over goes, the oldest first.
 */
import type { DialogueLine } from '../modem/dialogue.js';
import type { DialogueEntry } from './messages.js';

export interface DialogueBounds {
  lines: number;
  bytes: number;
}

/** What one log may take, and all of them together. */
export const largestLog: DialogueBounds = { lines: 2000, bytes: 1024 * 1024 };
const allLogs = 64 * 1024 * 1024;
const smallestLog = 32 * 1024;
/** Bytes that a line costs beside its text, about. */
const lineCost = 100;

/** The share of one of so many modems. */
export function boundsFor(modems: number): DialogueBounds {
  const share = Math.floor(allLogs / Math.max(1, modems));
  return { lines: largestLog.lines, bytes: Math.max(smallestLog, Math.min(largestLog.bytes, share)) };
}

export class DialogueLog {
  /** A ring: the oldest stands at `#start`. */
  #entries: (DialogueEntry | undefined)[] = [];
  #start = 0;
  #length = 0;
  #bytes = 0;
  #last = 0;

  constructor(readonly bounds: DialogueBounds = largestLog) {}

  /** The number of the newest line; 0 before there is one. */
  get last(): number {
    return this.#last;
  }

  /** The number of the oldest line that is kept; 0 where none is. */
  get first(): number {
    return this.#length === 0 ? 0 : this.#last - this.#length + 1;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add({ at, channel, from, direction, urc, text }: DialogueLine): DialogueEntry {
    this.#last += 1;
    const entry: DialogueEntry = { n: this.#last, at, channel, from, text };
    if (direction !== undefined) entry.direction = direction;
    if (urc) entry.urc = true;
    if (this.#length === this.bounds.lines) this.#forgetOldest();
    this.#entries[(this.#start + this.#length) % this.bounds.lines] = entry;
    this.#length += 1;
    this.#bytes += costOf(entry);
    while (this.#bytes > this.bounds.bytes && this.#length > 1) this.#forgetOldest();
    return entry;
  }

  /** Of the lines after number `after` that are kept, the first `limit`. */
  after(after: number, limit: number): DialogueEntry[] {
    const from = Math.max(0, after + 1 - this.first);
    return this.#slice(from, Math.min(this.#length, from + limit));
  }

  newest(limit: number): DialogueEntry[] {
    return this.#slice(Math.max(0, this.#length - limit), this.#length);
  }

  /** How many lines after number `after` are no longer kept. */
  missedAfter(after: number): number {
    const oldest = this.#length === 0 ? this.#last + 1 : this.first;
    return Math.max(0, oldest - after - 1);
  }

  #slice(from: number, to: number): DialogueEntry[] {
    const entries: DialogueEntry[] = [];
    for (let i = from; i < to; i++) entries.push(this.#entries[(this.#start + i) % this.bounds.lines]!);
    return entries;
  }

  #forgetOldest(): void {
    const oldest = this.#entries[this.#start]!;
    this.#entries[this.#start] = undefined;
    this.#start = (this.#start + 1) % this.bounds.lines;
    this.#length -= 1;
    this.#bytes -= costOf(oldest);
  }
}

/** Text beyond latin1 takes two bytes a character; it is counted so always. */
const costOf = ({ text }: DialogueEntry): number => lineCost + 2 * text.length;
