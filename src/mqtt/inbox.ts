/**
 * Keeps the broker's order visible. An operation's answer reaches its caller through a promise, a turn later than a message,
 * which is a signal: of SUBACK and a retained PUBLISH in one chunk the host would read the message first. So whatever follows
 * an answer waits until the caller has seen that answer.
 */
import type { Clock } from '../base/clock.js';

export class Inbox<Item> {
  #waiting: Item[] = [];
  #mode: 'direct' | 'waiting' = 'direct';

  constructor(
    readonly clock: Clock,
    readonly take: (item: Item) => void,
  ) {}

  put(item: Item): void {
    if (this.#mode === 'direct') this.take(item);
    else this.#waiting.push(item);
  }

  /** An operation was just answered. */
  answered(): void {
    if (this.#mode === 'waiting') return;
    this.#mode = 'waiting';
    this.clock.soon(() => this.#goOn());
  }

  clear(): void {
    this.#waiting = [];
  }

  #goOn(): void {
    this.#mode = 'direct';
    const items = this.#waiting;
    this.#waiting = [];
    for (const item of items) this.put(item);
  }
}
