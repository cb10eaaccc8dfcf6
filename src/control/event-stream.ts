/**
 * One client of the live events. It is sent whole batches, and never waited for: while it does not read, events are left out
 * and counted; when it does not read for long, it is cut.
 */
import type { Clock } from '../base/clock.js';
import type { LiveEvent } from './messages.js';

/** Of the WebSocket, what is needed here. */
export interface EventSocket {
  /** Bytes that the client has not taken. */
  readonly bufferedAmount: number;
  send(text: string): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** Bytes that may wait for a client. */
export const mostBuffered = 1024 * 1024;
/** How long a client may stay behind, in ms. */
export const streamPatience = 10_000;

export class EventStream {
  #missed = 0;
  #behindSince: number | undefined;
  #isCut = false;

  constructor(
    readonly socket: EventSocket,
    readonly clock: Clock,
    /** It was too slow. */
    readonly cut: () => void,
  ) {}

  /**
   * @param batch the JSON of so many events
   * @param anew what a client needs that has missed some
   */
  offer(batch: string, events: number, anew: () => readonly LiveEvent[]): void {
    if (this.#isCut) return;
    if (this.socket.bufferedAmount > mostBuffered) return this.#leaveOut(events);
    this.#behindSince = undefined;
    if (this.#missed > 0) {
      const missed: LiveEvent = { event: 'missed', count: this.#missed };
      this.#missed = 0;
      this.socket.send(JSON.stringify([missed, ...anew()]));
    }
    this.socket.send(batch);
  }

  /** There is nothing more to tell. */
  end(why: string): void {
    // 1001: the other side goes away [RFC 6455 7.4.1].
    this.socket.close(1001, why);
  }

  #leaveOut(events: number): void {
    this.#missed += events;
    this.#behindSince ??= this.clock.now();
    if (this.clock.now() - this.#behindSince < streamPatience) return;
    this.#isCut = true;
    this.socket.terminate();
    this.cut();
  }
}
