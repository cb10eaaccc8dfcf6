/** A WebSocket of live events that comes back by itself: after a while, and after signing in where that is what it lacked. */
import type { EventBatch } from '../control/messages.js';
import { ApiFailure, socketAddress } from './api.js';
import { Backoff } from './backoff.js';
import { after } from './time.js';

export type FeedState = 'connecting' | 'live' | 'lost' | 'signed-out';

export interface FeedOptions {
  /** Asked for each try: what was seen last may be in it. */
  path: () => string;
  batch: (batch: EventBatch) => void;
  moved?: (state: FeedState) => void;
  /** A refused WebSocket does not say why: this request does. */
  probe: () => Promise<unknown>;
}

export class Feed {
  readonly #options: FeedOptions;
  readonly #backoff = new Backoff();
  #socket: WebSocket | undefined;
  #cancelRetry = () => {};
  #isClosed = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.reconnect();
  }

  /** Now, whatever it was doing. */
  reconnect(): void {
    this.#cancelRetry();
    this.#drop();
    this.#options.moved?.('connecting');
    const socket = new WebSocket(socketAddress(this.#options.path()));
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      this.#backoff.reset();
      this.#options.batch(JSON.parse(data));
    };
    socket.onopen = () => this.#options.moved?.('live');
    socket.onclose = () => void this.#lost(socket);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelRetry();
    this.#drop();
  }

  #drop(): void {
    if (!this.#socket) return;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.onopen = null;
    this.#socket.close();
    this.#socket = undefined;
  }

  async #lost(socket: WebSocket): Promise<void> {
    this.#options.moved?.('lost');
    const isSignedOut = await this.#options.probe().then(
      () => false,
      error => error instanceof ApiFailure && error.code === 'unauthorized',
    );
    if (this.#isClosed || this.#socket !== socket) return;
    // Whoever signs in reconnects.
    if (isSignedOut) this.#options.moved?.('signed-out');
    else this.#cancelRetry = after(this.#backoff.next(), () => this.reconnect());
  }
}
