/** What a modem would see of a port, in order, and a way to wait for it without sleeping. */
import { type ByteString, fromBuffer } from '../../../src/base/bytes.js';
import { Signal } from '../../../src/base/signal.js';
import type { DteLines, PortEvents } from '../../../src/ports/port.js';

export class Recorder implements PortEvents {
  /** Such as `attached`, `bytes AT\r`, `detached`. */
  readonly log: string[] = [];
  received: ByteString = '';
  /** What the modem does with bytes at once, inside of the event. */
  onBytes: (chunk: Buffer) => void = () => {};
  readonly #happened = new Signal<void>();

  attached(): void {
    this.#add('attached');
  }

  detached(): void {
    this.#add('detached');
  }

  bytes(chunk: Buffer): void {
    this.received += fromBuffer(chunk);
    this.#add(`bytes ${fromBuffer(chunk)}`);
    this.onBytes(chunk);
  }

  drained(): void {
    this.#add('drained');
  }

  lineSpeed(baud: number): void {
    this.#add(`speed ${baud}`);
  }

  /** Those that are on. */
  lines({ dtr, rts }: DteLines): void {
    this.#add(`lines${dtr ? ' dtr' : ''}${rts ? ' rts' : ''}`);
  }

  lost(reason: Error): void {
    this.#add(`lost ${reason.message}`);
  }

  count(entry: string): number {
    return this.log.filter(other => other === entry).length;
  }

  /** Resolves once the condition holds; a test that waits for what never comes ends by vitest's timeout. */
  until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise(resolve => {
      const stop = this.#happened.on(() => {
        if (!condition()) return;
        stop();
        resolve();
      });
    });
  }

  untilLogged(entry: string, times = 1): Promise<void> {
    return this.until(() => this.count(entry) >= times);
  }

  #add(entry: string): void {
    this.log.push(entry);
    this.#happened.emit();
  }
}
