/**
 * The access server's side of the Telnet Com Port Control Option [RFC 2217]: what a client sets and asks of the serial line
 * that it believes to be there, and what it is told of the modem's control lines. Pure: commands in, answers and events out.
 */
import type { DceLines, DteLines } from './port.js';

/** By the client; the server's answer is 100 more [RFC 2217 2, 3]. */
const commands = {
  signature: 0,
  setBaudRate: 1,
  setDataSize: 2,
  setParity: 3,
  setStopSize: 4,
  setControl: 5,
  notifyLineState: 6,
  notifyModemState: 7,
  suspend: 8,
  resume: 9,
  setLineStateMask: 10,
  setModemStateMask: 11,
  purge: 12,
} as const;

const answerOffset = 100;
const signature = 'atmodem';

/** Bits a second that a client may set. */
const speeds = { least: 50, most: 20_000_000 };

/** Of the character settings, which are kept and change nothing: the line is 8N1. Values and first value. */
const characterSettings = new Map([
  [commands.setDataSize, { values: [5, 6, 7, 8], initial: 8 }],
  [commands.setParity, { values: [1, 2, 3, 4, 5], initial: 1 }],
  [commands.setStopSize, { values: [1, 2, 3], initial: 1 }],
] as const);

type CharacterSetting = Parameters<typeof characterSettings.get>[0];

/** Values of SET-CONTROL [RFC 2217 3]. */
const control = {
  askFlow: 0,
  noFlow: 1,
  softwareFlow: 2,
  hardwareFlow: 3,
  askBreak: 4,
  breakOn: 5,
  breakOff: 6,
  askDtr: 7,
  dtrOn: 8,
  dtrOff: 9,
  askRts: 10,
  rtsOn: 11,
  rtsOff: 12,
  askInboundFlow: 13,
  noInboundFlow: 14,
  hardwareInboundFlow: 16,
  dcdFlow: 17,
  dtrFlow: 18,
  dsrFlow: 19,
} as const;

/** Of the line state: nothing waits to be sent. */
const transmitterEmpty = 0x60;

export interface ComPortEvents {
  /** An answer or a notification: the payload of a subnegotiation. */
  send(payload: Buffer): void;
  baud(baud: number): void;
  lines(lines: DteLines): void;
  /** What the client has not heard yet is to be forgotten. */
  purge(): void;
  /** `mayTransmit` may be another now. */
  flow(): void;
}

export class ComPort {
  readonly #events: ComPortEvents;
  readonly #character = new Map<number, number>([...characterSettings].map(([key, { initial }]) => [key, initial]));
  #baud: number;
  #flow: number = control.noFlow;
  #inboundFlow: number = control.noInboundFlow;
  #isBreak = false;
  #isSuspended = false;
  #lines: DteLines = { dtr: true, rts: true };
  #levels = 0;
  #modemStateMask = 0xff;
  #isNotified = false;

  /** @param baud what the client is told before it sets one */
  constructor(baud: number, events: ComPortEvents) {
    this.#baud = baud;
    this.#events = events;
  }

  /** On from the first, as when a device is opened. */
  get lines(): DteLines {
    return this.#lines;
  }

  /** Does the client take what the modem says? It may ask for silence, or drop RTS under hardware flow control. */
  get mayTransmit(): boolean {
    return !this.#isSuspended && (this.#flow !== control.hardwareFlow || this.#lines.rts);
  }

  /** The client speaks the option: from here on it is told of the modem's lines. */
  begin(): void {
    if (this.#isNotified) return;
    this.#isNotified = true;
    this.#notify(this.#levels);
  }

  setLines(lines: DceLines): void {
    const before = this.#levels;
    this.#levels = levelsOf(lines);
    const changes = changesOf(before, this.#levels);
    const isOfInterest = ((before ^ this.#levels) | changes) & this.#modemStateMask;
    if (this.#isNotified && isOfInterest) this.#notify((this.#levels | changes) & this.#modemStateMask);
  }

  /** @param payload of a subnegotiation: the command and its value. What is none is ignored. */
  take(payload: Buffer): void {
    const [command, value = 0] = payload;
    switch (command) {
      case commands.signature:
        if (payload.length === 1) this.#answer(command, Buffer.from(signature));
        return;
      case commands.setBaudRate:
        if (payload.length === 5) this.#setBaudRate(payload.readUInt32BE(1));
        return;
      case commands.setDataSize:
      case commands.setParity:
      case commands.setStopSize:
        return this.#setCharacter(command, value);
      case commands.setControl:
        return this.#control(value);
      case commands.notifyLineState:
        return this.#answer(command, transmitterEmpty);
      case commands.notifyModemState:
        return this.#notify(this.#levels);
      case commands.suspend:
      case commands.resume:
        this.#isSuspended = command === commands.suspend;
        return this.#events.flow();
      case commands.setLineStateMask:
        return this.#answer(command, value);
      case commands.setModemStateMask:
        this.#modemStateMask = value;
        return this.#answer(command, value);
      case commands.purge:
        if (value === 1 || value === 3) this.#events.purge();
        return this.#answer(command, value);
    }
  }

  #setBaudRate(baud: number): void {
    const isNew = baud >= speeds.least && baud <= speeds.most && baud !== this.#baud;
    if (isNew) this.#baud = baud;
    const answer = Buffer.alloc(4);
    answer.writeUInt32BE(this.#baud);
    this.#answer(commands.setBaudRate, answer);
    if (baud === this.#baud) this.#events.baud(baud);
  }

  #setCharacter(command: CharacterSetting, value: number): void {
    const { values } = characterSettings.get(command)!;
    if ((values as readonly number[]).includes(value)) this.#character.set(command, value);
    this.#answer(command, this.#character.get(command)!);
  }

  #control(value: number): void {
    switch (value) {
      case control.askFlow:
      case control.dcdFlow:
      case control.dsrFlow:
        return this.#answerControl(this.#flow);
      case control.noFlow:
      case control.softwareFlow:
      case control.hardwareFlow:
        this.#flow = value;
        this.#answerControl(value);
        return this.#events.flow();
      case control.askBreak:
        return this.#answerControl(this.#isBreak ? control.breakOn : control.breakOff);
      case control.breakOn:
      case control.breakOff:
        this.#isBreak = value === control.breakOn;
        return this.#answerControl(value);
      case control.askDtr:
        return this.#answerControl(this.#lines.dtr ? control.dtrOn : control.dtrOff);
      case control.dtrOn:
      case control.dtrOff:
        return this.#setDteLines(value, { ...this.#lines, dtr: value === control.dtrOn });
      case control.askRts:
        return this.#answerControl(this.#lines.rts ? control.rtsOn : control.rtsOff);
      case control.rtsOn:
      case control.rtsOff:
        return this.#setDteLines(value, { ...this.#lines, rts: value === control.rtsOn });
      case control.askInboundFlow:
      case control.dtrFlow:
        return this.#answerControl(this.#inboundFlow);
    }
    if (value < control.noInboundFlow || value > control.hardwareInboundFlow) return;
    this.#inboundFlow = value;
    this.#answerControl(value);
  }

  #setDteLines(value: number, lines: DteLines): void {
    const isSame = lines.dtr === this.#lines.dtr && lines.rts === this.#lines.rts;
    this.#lines = lines;
    this.#answerControl(value);
    if (isSame) return;
    this.#events.lines(lines);
    this.#events.flow();
  }

  #answerControl(value: number): void {
    this.#answer(commands.setControl, value);
  }

  #notify(state: number): void {
    this.#answer(commands.notifyModemState, state);
  }

  #answer(command: number, value: number | Buffer): void {
    const bytes = typeof value === 'number' ? Buffer.of(value) : value;
    this.#events.send(Buffer.concat([Buffer.of(command + answerOffset), bytes]));
  }
}

/** As NOTIFY-MODEMSTATE has them: DCD, RI, DSR, CTS from the top. */
const levelsOf = ({ dcd, ri, dsr, cts }: DceLines): number =>
  (dcd ? 0x80 : 0) | (ri ? 0x40 : 0) | (dsr ? 0x20 : 0) | (cts ? 0x10 : 0);

/** In the lower half, what has changed; of RI only that it ended. */
function changesOf(before: number, now: number): number {
  const changed = (before ^ now) >> 4;
  const ringBegan = (now & 0x40) !== 0;
  return ringBegan ? changed & ~0x04 : changed;
}
