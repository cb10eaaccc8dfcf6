/**
 * The serial line of a channel, where its port carries more than bytes: the module's speed, which a command may set, and
 * the control lines of both sides [V.24, V.250 6.2.8, 6.2.9]. Owns what the port was told of them, and when: a new speed is
 * in force once the answer that grants it has been written.
 */
import type { Timer } from '../base/clock.js';
import type { Evaluate } from '../grammar/values.js';
import type { DceLines, DteLines } from '../ports/port.js';
import type { Channel } from './channel.js';

export interface SerialLineEvents {
  /** What was written until now goes to the port. */
  flush(): void;
  /** The host dropped DTR while port and link are one. */
  dtrDropped(meaning: DtrMeaning): void;
}

/** Back to command state, the link stays; or the link ends. */
export type DtrMeaning = 'escape' | 'hang-up';

const meanings = new Map<number, DtrMeaning>([
  [1, 'escape'],
  [2, 'hang-up'],
]);

export class SerialLine {
  readonly #channel: Channel;
  readonly #events: SerialLineEvents;
  #speed: number | undefined;
  #isOpen = false;
  #told: DceLines | undefined;
  #dte: DteLines | undefined;
  #ringing: Timer | undefined;

  constructor(channel: Channel, events: SerialLineEvents) {
    this.#channel = channel;
    this.#events = events;
  }

  /** A port hears nothing before it is open, and a UART opens with its lines on, whatever the module does. */
  opened(): void {
    this.#isOpen = true;
    this.refresh();
  }

  /** Power came or went: what is in force now, and a module that listens for its speed begins anew. */
  powered(): void {
    this.#ringing?.cancel();
    this.#ringing = undefined;
    this.#speed = undefined;
    this.refresh();
  }

  /** Tells the port what has changed. */
  refresh(): void {
    const { port, modem } = this.#channel;
    if (!this.#isOpen) return;
    if (port.setSpeed && modem.isOn) this.#tellSpeed(this.#number('speed'));
    if (port.setLines) this.#tellLines();
  }

  /** A URC is being written: circuit 125 says so, where the module has it. */
  ring(): void {
    const { port, modem } = this.#channel;
    const { ring } = modem.dialect.serial;
    if (!port.setLines || !ring) return;
    const milliseconds = this.#number('ring') ?? 0;
    if (milliseconds <= 0) return;
    this.#ringing?.cancel();
    this.#ringing = modem.clock.after(milliseconds, () => {
      this.#ringing = undefined;
      this.refresh();
    });
    this.refresh();
  }

  /** The host set or dropped its lines. */
  heard(lines: DteLines): void {
    const { modem, index } = this.#channel;
    const isDropped = this.#dte?.dtr === true && !lines.dtr;
    this.#dte = lines;
    modem.events.emit({ event: 'lines', channel: index, ...lines });
    const meaning = isDropped && meanings.get(this.#number('dtr') ?? 0);
    if (meaning) this.#events.dtrDropped(meaning);
  }

  #tellSpeed(speed: number | undefined): void {
    if (speed === undefined || speed === this.#speed) return;
    this.#speed = speed;
    this.#events.flush();
    this.#channel.port.setSpeed?.(speed);
  }

  #tellLines(): void {
    const { port, modem, state } = this.#channel;
    const isOn = modem.isOn;
    const followsLink = this.#number('dcd') === 1;
    const lines = {
      cts: isOn,
      dsr: isOn,
      dcd: isOn && (!followsLink || state === 'online'),
      ri: this.#ringing !== undefined,
    };
    if (this.#told && Object.entries(this.#told).every(([name, level]) => lines[name as keyof DceLines] === level))
      return;
    this.#told = lines;
    port.setLines?.(lines);
  }

  #number(rule: 'speed' | 'dtr' | 'dcd' | 'ring'): number | undefined {
    const { modem, address } = this.#channel;
    const evaluate: Evaluate | undefined = modem.dialect.serial[rule];
    const value = evaluate?.(modem.scopeAt(address));
    return typeof value === 'number' ? value : undefined;
  }
}
