/**
 * A port whose two sides understand each other only at one speed: at two, each hears garbage, as on a wire. A module that
 * has none of its own yet listens for an `AT`, takes its speed, and says then what it had to say.
 */
import { OutputQueue } from './output-queue.js';
import type { Port, PortEvents } from './port.js';
import { PortOver, passedOn } from './port-over.js';
import { garble } from './wrong-baud.js';

export interface StrictBaudPortOptions {
  /** Of a host that has not set one; undefined where hosts cannot: then it is always right. */
  dteSpeed: number | undefined;
}

/** Bytes that a module keeps for when it knows the speed. */
const mostUntold = 64 * 1024;

const trainings = ['AT', 'at'];

export class StrictBaudPort extends PortOver {
  readonly #untold = new OutputQueue(mostUntold);
  /** Undefined: whatever the other side has. */
  #dte: number | undefined;
  #module: number | 'listening' | undefined;
  /** The last byte that a listening module heard. */
  #heard = '';

  constructor(inner: Port, { dteSpeed }: StrictBaudPortOptions) {
    super(inner);
    this.#dte = dteSpeed;
  }

  override get queued(): number {
    return this.#untold.size + this.inner.queued;
  }

  open(events: PortEvents): Promise<void> {
    return this.inner.open({
      ...passedOn(events),
      detached: () => {
        this.#untold.clear();
        events.detached();
      },
      bytes: chunk => this.#came(chunk, events),
      lineSpeed: baud => {
        this.#dte = baud;
        events.lineSpeed?.(baud);
      },
    });
  }

  write(bytes: Buffer): void {
    if (this.#module === 'listening') this.#keep(bytes);
    else this.inner.write(between(bytes, this.#module, this.#dte));
  }

  override discard(): void {
    this.#untold.clear();
    this.inner.discard();
  }

  override setSpeed(baud: number): void {
    super.setSpeed(baud);
    this.#module = baud === 0 ? 'listening' : baud;
    this.#heard = '';
    if (baud !== 0) this.#tell();
  }

  #keep(bytes: Buffer): void {
    if (this.inner.isAttached) this.#untold.push(bytes);
    else this.inner.write(bytes);
  }

  #tell(): void {
    while (this.#untold.size > 0) {
      const block = this.#untold.peek();
      this.#untold.take(block.length);
      this.write(block);
    }
  }

  #came(chunk: Buffer, events: PortEvents): void {
    const bytes = this.#module === 'listening' ? this.#listen(chunk) : between(chunk, this.#dte, this.#module);
    if (bytes.length > 0) events.bytes(bytes);
  }

  /** @returns from the `AT` on, where one came; both its letters are of one case, as autobauders want it */
  #listen(chunk: Buffer): Buffer {
    const heard = Buffer.concat([Buffer.from(this.#heard, 'latin1'), chunk]);
    this.#heard = heard.toString('latin1', Math.max(0, heard.length - 1));
    const places = trainings.map(letters => heard.indexOf(letters)).filter(at => at >= 0);
    if (places.length === 0) return heard.subarray(0, 0);
    this.#module = this.#dte;
    this.#heard = '';
    this.#tell();
    return heard.subarray(Math.min(...places));
  }
}

/** What one side hears of what the other says. */
function between(bytes: Buffer, from: number | undefined, to: number | undefined): Buffer {
  return from === undefined || to === undefined ? bytes : garble(bytes, from, to);
}
