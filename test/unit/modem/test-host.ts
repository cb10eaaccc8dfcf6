/** The host at one port of a modem under test: types, reads, and waits for what must come. */
import { expect } from 'vitest';
import { type ByteString, visible } from '../../../src/base/bytes.js';
import { Signal } from '../../../src/base/signal.js';
import type { MemoryPort } from '../../../src/ports/memory.js';
import { eventually, turns } from '../../support/patience.js';

export class TestHost {
  readonly #wrote = new Signal<void>();

  constructor(
    readonly port: MemoryPort,
    /** What ends a command line of this dialect. */
    readonly lineEnd: ByteString,
  ) {
    port.onOutput.on(() => this.#wrote.emit());
  }

  attaches(): void {
    this.port.attach();
  }

  detaches(): void {
    this.port.detach();
  }

  /** Exactly these bytes; a piece ends at every offset of `splitAt`. */
  types(bytes: ByteString, splitAt: readonly number[] = []): void {
    this.port.hostWrite(bytes, splitAt);
  }

  /** A line, and what came until nothing moved any more. */
  async asks(line: ByteString): Promise<ByteString> {
    this.types(line + this.lineEnd);
    return this.reads();
  }

  /** What has come, and what comes in the next turns of the event loop. */
  async reads(): Promise<ByteString> {
    await quiet(this.port);
    return this.take();
  }

  /** Waits until exactly these bytes have come, since the last read; fails when others do. */
  async expects(bytes: ByteString): Promise<void> {
    await eventually(() => this.port.output.length >= bytes.length, this.#wrote);
    await quiet(this.port);
    expect(visible(this.take())).toBe(visible(bytes));
  }

  /** A line, and its whole answer. */
  async dialogue(line: ByteString, answer: ByteString): Promise<void> {
    this.types(line + this.lineEnd);
    await this.expects(answer);
  }

  take(): ByteString {
    return this.port.take();
  }

  get writes(): readonly ByteString[] {
    return this.port.writes;
  }
}

/** Until the event loop has come round a few times without a byte. */
async function quiet(port: MemoryPort): Promise<void> {
  let before: number;
  do {
    before = port.delivered + port.dropped;
    await turns(12);
  } while (port.delivered + port.dropped !== before);
}
