/**
 * A port over a WebSocket: its client is the DTE, for as long as the WebSocket is there. Bytes come and go as binary
 * messages; a text message counts as its UTF-8. A client that does not read is cut: nothing waits for it.
 */
import type { RawData, WebSocket } from 'ws';
import type { Port, PortEvents } from '../ports/port.js';

/** Bytes that may wait for the client. */
export const mostUnread = 1024 * 1024;

export class WebSocketPort implements Port {
  readonly spec = 'terminal';
  readonly #socket: WebSocket;
  /** The client did not read. */
  readonly #slow: () => void;
  #events: PortEvents | undefined;
  #state: 'new' | 'open' | 'attached' | 'closed' = 'new';
  #delivered = 0;
  #dropped = 0;

  constructor(
    socket: WebSocket,
    /** Where its client calls from. */
    readonly path: string,
    slow: () => void,
  ) {
    this.#socket = socket;
    this.#slow = slow;
  }

  get isAttached(): boolean {
    return this.#state === 'attached';
  }

  get queued(): number {
    return this.#socket.bufferedAmount;
  }

  get delivered(): number {
    return this.#delivered;
  }

  get dropped(): number {
    return this.#dropped;
  }

  async open(events: PortEvents): Promise<void> {
    if (this.#state !== 'new') throw new Error('the terminal was opened before');
    this.#events = events;
    this.#state = 'open';
    this.#socket.on('message', (message: RawData) => this.isAttached && events.bytes(bytesOf(message)));
    this.#socket.on('close', () => this.#left());
  }

  /** The client is told which channel it is, and types from now on. */
  attach(): void {
    if (this.#state !== 'open' || this.#socket.readyState !== this.#socket.OPEN) return;
    this.#state = 'attached';
    this.#events?.attached();
  }

  write(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (!this.isAttached) this.#dropped += bytes.length;
    else if (this.queued > mostUnread) this.#cut(bytes.length);
    else this.#socket.send(bytes, { binary: true }, error => !error && this.#sent(bytes.length));
  }

  /** What was written is with the socket at once. */
  discard(): void {}

  hold(isHeld: boolean): void {
    if (isHeld) this.#socket.pause();
    else this.#socket.resume();
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#events = undefined;
    // 1001: the other side goes away [RFC 6455 7.4.1].
    this.#socket.close(1001, 'the terminal is closed');
  }

  #sent(bytes: number): void {
    this.#delivered += bytes;
    if (this.queued === 0) this.#events?.drained();
  }

  #cut(dropped: number): void {
    this.#dropped += dropped;
    this.#slow();
    this.#socket.terminate();
  }

  #left(): void {
    if (!this.isAttached) return;
    this.#state = 'open';
    this.#events?.detached();
  }
}

/** The receiver owns the bytes: a message may be a part of a buffer that is used again. */
function bytesOf(message: RawData): Buffer {
  if (Array.isArray(message)) return Buffer.concat(message);
  return Buffer.isBuffer(message) ? Buffer.from(message) : Buffer.from(message);
}
