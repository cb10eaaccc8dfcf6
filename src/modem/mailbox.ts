/** Where messages wait that the host fetches itself: numbered slots, filled from the lowest, in RAM. */
import type { Dialect } from '../grammar/dialect.js';
import type { Row } from '../grammar/values.js';
import type { Address } from '../grammar/vocabulary.js';

export class Mailbox {
  readonly #slots: (Row | undefined)[];
  /** Slots in the order they were filled. */
  #order: number[] = [];

  constructor(
    slots: number,
    readonly full: 'drop-oldest' | 'drop-newest',
  ) {
    this.#slots = new Array(slots).fill(undefined);
  }

  /** @returns the slot, or undefined when it is full and keeps what it has */
  put(message: Row): number | undefined {
    let slot = this.#slots.indexOf(undefined);
    if (slot < 0 && this.full === 'drop-oldest') slot = this.#order.shift()!;
    if (slot < 0) return undefined;
    this.#slots[slot] = message;
    this.#order.push(slot);
    return slot;
  }

  /** Takes out one slot, or all, oldest first. */
  take(slot?: number): Row[] {
    const wanted = slot === undefined ? this.#order : this.#order.filter(each => each === slot);
    const messages = wanted.map(each => ({ slot: each, ...this.#slots[each] }));
    for (const each of wanted) this.#slots[each] = undefined;
    this.#order = this.#order.filter(each => !wanted.includes(each));
    return messages;
  }

  /** For each slot: does it hold a message? */
  get occupied(): boolean[] {
    return this.#slots.map(message => message !== undefined);
  }
}

/** The mailboxes of a modem: one, or one a client, as its dialect says. */
export class Mailboxes {
  readonly #boxes = new Map<number, Mailbox>();

  constructor(readonly spec: NonNullable<Dialect['mailbox']>) {}

  at(address: Address): Mailbox {
    const { slots, full, of } = this.spec;
    const index = of === 'client' ? (address.client ?? 0) : 0;
    const box = this.#boxes.get(index) ?? new Mailbox(slots, full);
    this.#boxes.set(index, box);
    return box;
  }

  /** How many messages wait in all. */
  get messages(): number {
    return [...this.#boxes.values()].reduce((sum, box) => sum + box.occupied.filter(Boolean).length, 0);
  }

  clear(): void {
    this.#boxes.clear();
  }
}
