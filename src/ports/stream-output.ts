/**
 * What a port writes to a stream of Node's: a bounded part is the stream's, the rest waits where it can still be taken
 * back. It owns the order, the bound and the count; it never waits for who reads the stream.
 */
import type { Writable } from 'node:stream';
import { OutputQueue } from './output-queue.js';

/** Bytes given to the stream at most; the rest waits here, where `discard()` still reaches it. */
const streamBound = 64 * 1024;

/** Of a port, over all the streams that it has had. */
export interface Totals {
  delivered: number;
  dropped: number;
}

export interface StreamOutputEvents {
  /** All that was written is with the system. */
  drained(): void;
  /** The bound is met, for the first time since the queue was last empty: bytes are dropped. */
  overflow(): void;
}

export class StreamOutput {
  readonly #stream: Writable;
  readonly #totals: Totals;
  readonly #events: StreamOutputEvents;
  readonly #queue = new OutputQueue();
  #inFlight = 0;
  #isOver = false;

  constructor(stream: Writable, totals: Totals, events: StreamOutputEvents) {
    this.#stream = stream;
    this.#totals = totals;
    this.#events = events;
  }

  get queued(): number {
    return this.#queue.size + this.#inFlight;
  }

  write(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (this.#isOver) this.#totals.dropped += bytes.length;
    else if (this.#queue.size === 0 && this.#inFlight + bytes.length <= streamBound) this.#send(bytes);
    else this.#enqueue(bytes);
  }

  /** Forgets what the stream has not got. */
  discard(): void {
    this.#queue.clear();
  }

  /** The stream is gone, and with it all that it had not passed on. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#totals.dropped += this.#queue.clear() + this.#inFlight;
    this.#inFlight = 0;
  }

  #enqueue(bytes: Buffer): void {
    switch (this.#queue.push(bytes)) {
      case 'taken':
        this.#pump();
        return;
      case 'overflow':
        this.#events.overflow();
        break;
      case 'still-overflowing':
    }
    this.#totals.dropped += bytes.length;
  }

  #pump(): void {
    while (this.#queue.size > 0 && this.#inFlight < streamBound) {
      const block = this.#queue.peek();
      this.#queue.take(block.length);
      this.#send(block);
    }
  }

  #send(bytes: Buffer): void {
    this.#inFlight += bytes.length;
    this.#stream.write(bytes, error => {
      if (error || this.#isOver) return;
      this.#inFlight -= bytes.length;
      this.#totals.delivered += bytes.length;
      this.#pump();
      if (this.queued === 0) this.#events.drained();
    });
  }
}
