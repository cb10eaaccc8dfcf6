/**
 * One serial device while it is there: opened raw, 8N1, by `serialport`. It owns the stream, the changes of speed between
 * what is written, and the watch on the device and its control lines, which tell of nothing by themselves. Joined to a host
 * as modems are, by a crossed cable: our RTS is its CTS, our DTR its DSR; its RTS and DTR are our CTS and DSR.
 */
import { type Stats, statSync } from 'node:fs';
import type { SerialPort } from 'serialport';
import type { Clock, Timer } from '../base/clock.js';
import type { Log } from '../base/log.js';
import { OutputQueue } from './output-queue.js';
import { bitsPerByte, type DceLines, type DteLines } from './port.js';
import { StreamOutput, type Totals } from './stream-output.js';

export type FlowControl = 'rtscts' | 'xonxoff';

/** `serialport`, unless a test has a device with control lines. */
export type LoadDriver = () => Promise<new (...options: ConstructorParameters<typeof SerialPort>) => SerialPort>;

const loadSerialport: LoadDriver = async () => (await import('serialport')).SerialPort;

export interface UartLineOptions {
  device: string;
  speed: number;
  flow: readonly FlowControl[];
  totals: Totals;
  clock: Clock;
  log: Log;
  loadDriver?: LoadDriver;
}

export interface UartLineEvents {
  bytes(chunk: Buffer): void;
  drained(): void;
  lines(lines: DteLines): void;
  /** Unplugged. Nothing comes after it. */
  gone(reason: Error): void;
}

/** Milliseconds between two looks at the device and its lines. */
const lookEvery = 50;
/** Milliseconds that the last bytes need through the buffers of an adapter, which nobody can ask about. */
const adapterDelay = 20;

export class UartLine {
  readonly #serial: SerialPort;
  readonly #options: UartLineOptions;
  readonly #events: UartLineEvents;
  readonly #output: StreamOutput;
  readonly #identity: string;
  /** Written after a speed that is not in force yet. */
  readonly #later = new OutputQueue();
  #speed: number;
  #wanted: number;
  #change: 'none' | 'waits' | 'runs' = 'none';
  /** When the wire will have carried what was written. */
  #busyUntil = 0;
  #lines: DteLines | undefined;
  #hasLines = true;
  #nextLook: Timer | undefined;
  #state: 'open' | 'over' = 'open';

  /** Rejects with the driver's error. */
  static async open(options: UartLineOptions, events: UartLineEvents): Promise<UartLine> {
    const { device, speed, flow, loadDriver = loadSerialport } = options;
    const Driver = await loadDriver();
    const serial = new Driver({
      path: device,
      baudRate: speed,
      rtscts: flow.includes('rtscts'),
      xon: flow.includes('xonxoff'),
      xoff: flow.includes('xonxoff'),
      autoOpen: false,
    });
    await new Promise<void>((resolve, reject) => serial.open(error => (error ? reject(error) : resolve())));
    return new UartLine(serial, options, events);
  }

  private constructor(serial: SerialPort, options: UartLineOptions, events: UartLineEvents) {
    this.#serial = serial;
    this.#options = options;
    this.#events = events;
    this.#speed = options.speed;
    this.#wanted = options.speed;
    this.#identity = identityOf(options.device);
    this.#output = new StreamOutput(serial, options.totals, {
      drained: () => this.#drained(),
      overflow: () => this.#overflow(),
    });
    serial.on('data', (chunk: Buffer) => this.#state === 'open' && events.bytes(chunk));
    serial.on('error', error => this.#gone(error));
    serial.on('close', (error: Error | null) => this.#gone(error ?? new Error('it was closed by the system')));
    this.#look();
  }

  get queued(): number {
    return this.#output.queued + this.#later.size;
  }

  write(bytes: Buffer): void {
    if (this.#change === 'none') return this.#send(bytes);
    const result = this.#later.push(bytes);
    if (result === 'overflow') this.#overflow();
    if (result !== 'taken') this.#options.totals.dropped += bytes.length;
  }

  discard(): void {
    this.#output.discard();
    this.#later.clear();
  }

  hold(isHeld: boolean): void {
    if (isHeld) this.#serial.pause();
    else this.#serial.resume();
  }

  /** In force once what was written before is on the wire. */
  setSpeed(baud: number): void {
    this.#wanted = baud;
    if (this.#change !== 'none' || baud === this.#speed) return;
    this.#change = 'waits';
    if (this.#output.queued === 0) this.#changeSpeed();
  }

  /** With hardware flow control RTS is the driver's. */
  setLines({ cts, dsr }: DceLines): void {
    if (!this.#hasLines) return;
    const rts = cts || this.#options.flow.includes('rtscts');
    this.#serial.set({ dtr: dsr, rts }, error => this.#noLines(error));
  }

  async close(): Promise<void> {
    this.#end();
    if (this.#serial.isOpen) await new Promise<void>(resolve => this.#serial.close(() => resolve()));
  }

  #send(bytes: Buffer): void {
    const { now } = this.#options.clock;
    this.#busyUntil = Math.max(now(), this.#busyUntil) + (bytes.length * bitsPerByte * 1000) / this.#speed;
    this.#output.write(bytes);
  }

  #overflow(): void {
    this.#options.log.warn({ port: this.#options.device, queued: this.queued }, 'the line is stuck: dropping output');
  }

  #drained(): void {
    if (this.#change === 'waits') this.#changeSpeed();
    else if (this.queued === 0) this.#events.drained();
  }

  /** tcdrain(3) would tell when the wire is free, and would hold one of the process's few threads until then. */
  #changeSpeed(): void {
    this.#change = 'runs';
    const { clock } = this.#options;
    clock.after(Math.max(0, this.#busyUntil - clock.now()) + adapterDelay, () => {
      if (this.#state === 'over') return;
      const baudRate = this.#wanted;
      this.#serial.update({ baudRate }, error => this.#changed(baudRate, error));
    });
  }

  #changed(baud: number, error: Error | null): void {
    if (this.#state === 'over') return;
    const { log, device } = this.#options;
    if (error) log.warn({ port: device, baud, error: error.message }, 'the device does not take this speed');
    this.#speed = baud;
    if (this.#wanted !== baud) return this.#changeSpeed();
    this.#change = 'none';
    while (this.#later.size > 0) {
      const block = this.#later.peek();
      this.#later.take(block.length);
      this.#send(block);
    }
  }

  /** A device that is gone or another one now does not always fail to be read; its lines never tell of a change. */
  #look(): void {
    if (identityOf(this.#options.device) !== this.#identity) return this.#gone(new Error('it was unplugged'));
    if (this.#hasLines) {
      this.#serial.get((error, status) => (error ? this.#noLines(error) : this.#sawLines(status)));
    }
    this.#nextLook = this.#options.clock.after(lookEvery, () => this.#look());
  }

  /** A pty, or an adapter that has none. */
  #noLines(error: Error | null): void {
    if (error) this.#hasLines = false;
  }

  #sawLines(status: { cts: boolean; dsr: boolean } | undefined): void {
    if (this.#state === 'over' || !status) return;
    const lines = { dtr: status.dsr, rts: status.cts };
    const isSame = this.#lines?.dtr === lines.dtr && this.#lines.rts === lines.rts;
    this.#lines = lines;
    if (!isSame) this.#events.lines(lines);
  }

  #gone(reason: Error): void {
    if (this.#state === 'over') return;
    this.#end();
    if (this.#serial.isOpen) this.#serial.close(() => {});
    this.#events.gone(reason);
  }

  #end(): void {
    this.#state = 'over';
    this.#nextLook?.cancel();
    this.#options.totals.dropped += this.#later.clear();
    this.#output.end();
  }
}

/** What the name stands for now: a device that was plugged in anew, or another behind the link, is another one. */
function identityOf(device: string): string {
  const found: Stats | undefined = statSync(device, { throwIfNoEntry: false });
  return found ? `${found.dev}:${found.ino}:${found.rdev}` : 'none';
}
