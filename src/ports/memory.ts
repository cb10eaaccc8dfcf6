/**
 * A port without an operating system: the test is the DTE. It owns what the modem wrote, write by write, and cuts what
 * the host writes into pieces, because a module must answer the same wherever a chunk ends. Everything is synchronous.
 */
import { type ByteString, fromBuffer, toBuffer } from '../base/bytes.js';
import { Signal } from '../base/signal.js';
import { type DteLines, maximumQueued, type Port, type PortEvents } from './port.js';

export interface MemoryPortOptions {
  spec?: string;
  /** Host bytes reach the modem in pieces of at most this many. */
  chunkLimit?: number;
}

type State = 'new' | 'detached' | 'attached' | 'closed';

export class MemoryPort implements Port {
  readonly spec: string;
  readonly path = 'memory';
  /** Each write that reached the host, as it arrives. */
  readonly onOutput = new Signal<ByteString>();
  chunkLimit: number;

  #events: PortEvents | undefined;
  #state: State = 'new';
  #reading = true;
  #writes: ByteString[] = [];
  #waiting: ByteString[] = [];
  #isHeld = false;
  /** Written by the host while it is not read. */
  #unread: Buffer[] = [];
  #queued = 0;
  #delivered = 0;
  #dropped = 0;

  constructor({ spec = 'memory', chunkLimit = Number.POSITIVE_INFINITY }: MemoryPortOptions = {}) {
    this.spec = spec;
    this.chunkLimit = chunkLimit;
  }

  get isAttached(): boolean {
    return this.#state === 'attached';
  }

  get queued(): number {
    return this.#queued;
  }

  get delivered(): number {
    return this.#delivered;
  }

  get dropped(): number {
    return this.#dropped;
  }

  async open(events: PortEvents): Promise<void> {
    if (this.#state !== 'new') throw new Error(`${this.spec} was opened before`);
    this.#events = events;
    this.#state = 'detached';
  }

  write(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (!this.isAttached || this.#queued + bytes.length > maximumQueued) {
      this.#dropped += bytes.length;
      return;
    }
    const text = fromBuffer(bytes);
    if (this.#reading) this.#deliver(text);
    else this.#enqueue(text);
  }

  discard(): void {
    this.#waiting = [];
    this.#queued = 0;
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    const unread = isHeld ? [] : this.#unread.splice(0);
    for (const piece of unread) this.#read(piece);
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    this.discard();
  }

  // The DTE's side.

  attach(): void {
    if (this.#state !== 'detached') throw new Error(`no DTE can attach: ${this.spec} is ${this.#state}`);
    this.#state = 'attached';
    this.#events?.attached();
  }

  /** The host closes the port; what it had not read is gone. */
  detach(): void {
    if (!this.isAttached) throw new Error(`no DTE to detach: ${this.spec} is ${this.#state}`);
    this.#state = 'detached';
    this.#dropped += this.#queued;
    this.discard();
    this.#unread = [];
    this.#events?.detached();
  }

  /**
   * The host writes. A piece ends at every offset of `splitAt`, and no piece is longer than `chunkLimit`. When the modem
   * closes the port or the host leaves half-way, the rest is lost, as on a wire.
   */
  hostWrite(bytes: ByteString | Buffer, splitAt: readonly number[] = []): void {
    if (!this.isAttached) throw new Error(`no DTE to write: ${this.spec} is ${this.#state}`);
    const whole = typeof bytes === 'string' ? toBuffer(bytes) : bytes;
    let start = 0;
    for (const end of [...splitAt, whole.length]) {
      for (; start < end; start += this.chunkLimit) {
        if (!this.isAttached) return;
        const piece = whole.subarray(start, Math.min(end, start + this.chunkLimit));
        this.#read(Buffer.from(piece));
      }
      start = end;
    }
  }

  /** The host says how fast it speaks from now on. */
  hostSpeed(baud: number): void {
    this.#events?.lineSpeed?.(baud);
  }

  /** The host sets or drops its control lines. */
  hostLines(lines: DteLines): void {
    this.#events?.lines?.(lines);
  }

  /** The host stops reading: what the modem writes from here on is queued. */
  stall(): void {
    this.#reading = false;
  }

  resume(): void {
    if (this.#reading) return;
    this.#reading = true;
    const waiting = this.#waiting;
    this.discard();
    for (const text of waiting) this.#deliver(text);
    if (waiting.length > 0) this.#events?.drained();
  }

  /** What the modem wrote and the test has not taken. */
  get output(): ByteString {
    return this.#writes.join('');
  }

  /** The same, one entry a write. */
  get writes(): readonly ByteString[] {
    return this.#writes;
  }

  take(): ByteString {
    const taken = this.output;
    this.#writes = [];
    return taken;
  }

  #read(piece: Buffer): void {
    if (this.#isHeld) this.#unread.push(piece);
    else this.#events?.bytes(piece);
  }

  #enqueue(text: ByteString): void {
    this.#waiting.push(text);
    this.#queued += text.length;
  }

  #deliver(text: ByteString): void {
    this.#writes.push(text);
    this.#delivered += text.length;
    this.onOutput.emit(text);
  }
}
