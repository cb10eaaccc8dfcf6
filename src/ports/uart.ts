/**
 * A modem at the end of a real serial line: a device of this machine that a host's UART is wired to. Nobody can see whether
 * a host is there, so it is taken to be while the device is. It owns the device's comings and goings: one that is unplugged
 * is waited for.
 */
import { existsSync } from 'node:fs';
import type { Clock, Timer } from '../base/clock.js';
import type { Log } from '../base/log.js';
import { type DceLines, type Port, type PortEvents, usualSpeed } from './port.js';
import type { Totals } from './stream-output.js';
import { uartFailure } from './uart-failure.js';
import { type FlowControl, type LoadDriver, UartLine } from './uart-line.js';

export interface UartPortOptions {
  spec: string;
  device: string;
  /** Bits a second until the module is told otherwise; without it, what the module comes with. */
  baud?: number;
  flow?: readonly FlowControl[];
  clock: Clock;
  log: Log;
  loadDriver?: LoadDriver;
}

/** Milliseconds between two looks for a device that was unplugged. */
const lookEvery = 250;

export class UartPort implements Port {
  readonly spec: string;
  readonly path: string;
  readonly #options: UartPortOptions;
  readonly #totals: Totals = { delivered: 0, dropped: 0 };
  #state: 'new' | 'open' | 'closed' = 'new';
  #events: PortEvents | undefined;
  #line: UartLine | undefined;
  #return: Timer | undefined;
  /** Why the device, there again, could not be opened: told once. */
  #refusal: string | undefined;
  #speed: number;
  /** The module's first: the operator's stands for it. */
  #startsWith: number | undefined;
  #lines: DceLines | undefined;
  #isHeld = false;

  constructor(options: UartPortOptions) {
    this.spec = options.spec;
    this.path = options.device;
    this.#options = options;
    this.#speed = options.baud ?? usualSpeed;
  }

  get isAttached(): boolean {
    return this.#line !== undefined;
  }

  get queued(): number {
    return this.#line?.queued ?? 0;
  }

  get delivered(): number {
    return this.#totals.delivered;
  }

  get dropped(): number {
    return this.#totals.dropped;
  }

  /** A device that is not there at the start is a mistake; later it may go and come back. */
  async open(events: PortEvents): Promise<void> {
    if (this.#state !== 'new') throw new Error(`${this.spec} was opened before`);
    this.#events = events;
    this.#state = 'open';
    try {
      await this.#openLine();
    } catch (error) {
      this.#state = 'closed';
      throw await uartFailure(this.path, error as Error);
    }
    // In a later turn, when whoever opens the port has done the rest.
    this.#options.clock.soon(() => this.#line && this.#events?.attached());
  }

  write(bytes: Buffer): void {
    if (this.#line) this.#line.write(bytes);
    else this.#totals.dropped += bytes.length;
  }

  discard(): void {
    this.#line?.discard();
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#line?.hold(isHeld);
  }

  /** A module that waits to be told by an `AT` (0) is not told here: somebody must listen to the wire at some speed. */
  setSpeed(baud: number): void {
    this.#startsWith ??= baud;
    if (baud === 0) return;
    this.#speed = (baud === this.#startsWith ? this.#options.baud : undefined) ?? baud;
    this.#line?.setSpeed(this.#speed);
  }

  setLines(lines: DceLines): void {
    this.#lines = lines;
    this.#line?.setLines(lines);
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#return?.cancel();
    const line = this.#line;
    this.#line = undefined;
    await line?.close();
  }

  async #openLine(): Promise<void> {
    const { device, flow = [], clock, log, loadDriver } = this.#options;
    const line = await UartLine.open(
      { device, flow, clock, log, loadDriver, speed: this.#speed, totals: this.#totals },
      {
        bytes: chunk => this.#events?.bytes(chunk),
        drained: () => this.#events?.drained(),
        lines: lines => this.#events?.lines?.(lines),
        gone: reason => this.#gone(reason),
      },
    );
    if (this.#state === 'closed') return line.close();
    this.#line = line;
    // The module may have been told another while the device was being opened.
    line.setSpeed(this.#speed);
    if (this.#lines) line.setLines(this.#lines);
    if (this.#isHeld) line.hold(true);
  }

  #gone(reason: Error): void {
    this.#line = undefined;
    this.#refusal = undefined;
    this.#options.log.warn({ port: this.path, reason: reason.message }, 'the serial device is gone: waiting for it');
    this.#events?.detached();
    this.#awaitReturn();
  }

  #awaitReturn(): void {
    if (this.#state !== 'open') return;
    this.#return = this.#options.clock.after(lookEvery, () => {
      if (existsSync(this.path)) void this.#comeBack();
      else this.#awaitReturn();
    });
  }

  /** It may be there before its rights are set: then it is tried again. */
  async #comeBack(): Promise<void> {
    const { log } = this.#options;
    try {
      await this.#openLine();
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.#refusal) log.warn({ port: this.path, error: message }, 'the serial device does not open');
      this.#refusal = message;
      return this.#awaitReturn();
    }
    if (!this.#line) return;
    log.info({ port: this.path }, 'the serial device is back');
    this.#events?.attached();
  }
}
