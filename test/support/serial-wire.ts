/**
 * A serial device that a test can plug in and pull out, and the host at the other end of it: the near end is a name that a
 * driver opens, behind it a pty; the far end is the test's.
 */
import { closeSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ByteString, fromBuffer, toBuffer } from '../../src/base/bytes.js';
import { Signal } from '../../src/base/signal.js';
import { type PtyLibrary, requests } from '../../src/ports/pty-library.js';
import { PtyPair } from '../../src/ports/pty-pair.js';
import { temporaryFolder } from '../unit/store/temporary.js';
import { eventually, patience } from './patience.js';

interface Plugged {
  pair: PtyPair;
  readiness: { close(): void };
}

export class SerialWire {
  /** What the host has heard and not taken. */
  heard: ByteString = '';
  readonly #arrived = new Signal<void>();
  readonly #buffer = Buffer.alloc(64 * 1024);
  #plugged: Plugged | undefined;

  private constructor(
    readonly library: PtyLibrary,
    /** The near end: of the device, as long as it is plugged in. */
    readonly path: string,
  ) {}

  static async make(library: PtyLibrary): Promise<SerialWire> {
    const wire = new SerialWire(library, join(await temporaryFolder(), 'ttyUSB7'));
    onTestFinished(() => wire.unplug());
    wire.plug();
    return wire;
  }

  plug(): void {
    const pair = PtyPair.create(this.library, 0o600);
    // Plain bytes: what the driver sets is asked for, not told.
    this.library.ioctl(pair.master, requests.TIOCPKT, Buffer.alloc(4));
    this.#plugged = { pair, readiness: this.library.whenReadable(pair.master, () => this.#read(pair)) };
    symlinkSync(pair.device, this.path);
  }

  /** Safe to call twice. */
  unplug(): void {
    if (!this.#plugged) return;
    const { pair, readiness } = this.#plugged;
    this.#plugged = undefined;
    rmSync(this.path, { force: true });
    readiness.close();
    pair.release();
    closeSync(pair.master);
  }

  /** Bits a second, as the near end has set them. */
  get speed(): number {
    return this.#plugged!.pair.lineSpeed();
  }

  write(bytes: ByteString): void {
    this.library.write(this.#plugged!.pair.master, toBuffer(bytes));
  }

  /** These bytes come next; they are taken. */
  async hears(bytes: ByteString): Promise<void> {
    await eventually(() => this.heard.length >= bytes.length, this.#arrived, patience);
    if (!this.heard.startsWith(bytes))
      throw new Error(`expected ${JSON.stringify(bytes)}, came ${JSON.stringify(this.heard.slice(0, 200))}`);
    this.heard = this.heard.slice(bytes.length);
  }

  #read({ master }: PtyPair): void {
    const count = this.library.read(master, this.#buffer);
    if (typeof count !== 'number') return;
    this.heard += fromBuffer(this.#buffer.subarray(0, count));
    this.#arrived.emit();
  }
}
