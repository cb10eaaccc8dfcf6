/** What a modem has said to who plays its host, and was not looked at yet. Bounded: what is past the bound is dropped. */
import type { ByteString } from '../base/bytes.js';
import { Signal } from '../base/signal.js';

const most = 1024 * 1024;

export class Heard {
  readonly arrived = new Signal<void>();
  #pending: ByteString = '';

  get pending(): ByteString {
    return this.#pending;
  }

  add(bytes: ByteString): void {
    this.#pending += bytes.slice(0, Math.max(0, most - this.#pending.length));
    this.arrived.emit();
  }

  take(): ByteString {
    const taken = this.#pending;
    this.#pending = '';
    return taken;
  }
}
