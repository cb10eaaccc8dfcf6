/** A host on a pty that is driven by events: writes, reads when told to, and waits for exact bytes. */
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { type ByteString, fromBuffer } from '../../src/base/bytes.js';
import { Signal } from '../../src/base/signal.js';
import { loadPtyLibrary, type PtyLibrary } from '../../src/ports/pty-library.js';
import { eventually } from './patience.js';

/** Milliseconds that an answer may take; met only by what fails. */
const patience = 10_000;

export class PtyClient {
  /** Bytes came; they are in `pending`. */
  readonly arrived = new Signal<void>();
  /** What came and was not taken yet. */
  pending: ByteString = '';
  readonly #buffer = Buffer.alloc(64 * 1024);
  #readiness: { close(): void } | undefined;
  #state: 'open' | 'closed' = 'open';

  private constructor(
    readonly library: PtyLibrary,
    readonly fd: number,
  ) {
    this.resume();
  }

  static async open(path: string): Promise<PtyClient> {
    const library = await loadPtyLibrary();
    return new PtyClient(library, openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK));
  }

  write(bytes: ByteString): void {
    writeSync(this.fd, bytes, null, 'latin1');
  }

  /** As much as the kernel takes now. */
  writeSome(bytes: Buffer): void {
    this.library.write(this.fd, bytes);
  }

  /** Sends a line and takes the answer, which must be these bytes and come next. */
  async exchange(line: ByteString, answer: ByteString): Promise<void> {
    this.write(line);
    await this.expect(answer);
  }

  async expect(bytes: ByteString): Promise<void> {
    await eventually(() => this.pending.length >= bytes.length, this.arrived, patience);
    if (!this.pending.startsWith(bytes))
      throw new Error(`expected ${JSON.stringify(bytes)}, came ${JSON.stringify(this.pending.slice(0, 200))}`);
    this.pending = this.pending.slice(bytes.length);
  }

  /** Leaves what comes in the kernel, as a host does that does not read. */
  pause(): void {
    this.#readiness?.close();
    this.#readiness = undefined;
  }

  resume(): void {
    this.#readiness ??= this.library.whenReadable(this.fd, () => this.#read());
  }

  /** Safe to call twice. */
  close(): void {
    this.pause();
    if (this.#state === 'open') closeSync(this.fd);
    this.#state = 'closed';
  }

  #read(): void {
    const count = this.library.read(this.fd, this.#buffer);
    if (typeof count !== 'number' || count === 0) return;
    this.pending += fromBuffer(this.#buffer.subarray(0, count));
    this.arrived.emit();
  }
}
