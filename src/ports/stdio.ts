/**
 * AT over the standard streams of this process: stdin is what the DTE says, stdout what it hears. It owns neither stream
 * and closes none; the DTE leaves when stdin ends, and then still hears what it asked for before.
 */
import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { Port, PortEvents } from './port.js';
import { StreamOutput, type Totals } from './stream-output.js';

export interface StdioPortOptions {
  clock: Clock;
  log: Log;
  input: Readable;
  output: Writable;
}

export class StdioPort implements Port {
  readonly spec = 'stdio';
  readonly path = 'stdio';
  readonly #options: StdioPortOptions;
  readonly #totals: Totals = { delivered: 0, dropped: 0 };
  readonly #output: StreamOutput;
  #events: PortEvents | undefined;
  #state: 'new' | 'open' | 'deaf' | 'closed' = 'new';
  #isHeld = false;

  constructor(options: StdioPortOptions) {
    this.#options = options;
    this.#output = new StreamOutput(options.output, this.#totals, {
      drained: () => this.#events?.drained(),
      overflow: () =>
        options.log.warn({ port: this.path, queued: this.queued }, 'nobody reads stdout: dropping output'),
    });
  }

  get isAttached(): boolean {
    return this.#state === 'open' || this.#state === 'deaf';
  }

  get queued(): number {
    return this.#output.queued;
  }

  get delivered(): number {
    return this.#totals.delivered;
  }

  get dropped(): number {
    return this.#totals.dropped;
  }

  /** The DTE is there from the first: told of in a later turn, when whoever opens the port has done the rest. */
  async open(events: PortEvents): Promise<void> {
    if (this.#state !== 'new') throw new Error('stdio was opened before');
    this.#events = events;
    this.#state = 'open';
    this.#options.output.on('error', this.#broken);
    this.#options.clock.soon(() => this.#begin());
  }

  write(bytes: Buffer): void {
    if (this.isAttached) this.#output.write(bytes);
    else this.#totals.dropped += bytes.length;
  }

  discard(): void {
    this.#output.discard();
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (isHeld) this.#options.input.pause();
    else if (this.#state === 'open') this.#options.input.resume();
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    const { input, output } = this.#options;
    input.off('data', this.#heard).off('end', this.#ended).off('error', this.#ended);
    input.pause();
    output.off('error', this.#broken);
  }

  #begin(): void {
    if (this.#state !== 'open') return;
    this.#events?.attached();
    const { input } = this.#options;
    input.on('data', this.#heard).on('end', this.#ended).on('error', this.#ended);
    if (this.#isHeld) input.pause();
  }

  readonly #heard = (chunk: Buffer): void => this.#events?.bytes(chunk);

  readonly #ended = (): void => {
    if (this.#state !== 'open') return;
    this.#state = 'deaf';
    this.#events?.detached();
  };

  /** Whoever read stdout has gone. */
  readonly #broken = (): void => {
    this.#output.end();
    this.#ended();
  };
}
