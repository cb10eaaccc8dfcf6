/**
 * Bytes of a port in, command lines, data and echo out [V.250 5.2]. The framer owns the mode of a port and the bytes
 * that were not read yet; it does no I/O, sets no timer and never looks into a command.
 *
 * The sink may change the mode (or feed, hold, release, reset) from inside any of its methods: the byte after the one
 * that made the event is read in the new mode. No byte is lost or doubled.
 */
import type { ByteString } from '../base/bytes.js';
import { ByteQueue } from './byte-queue.js';
import { LF } from './control-bytes.js';
import { DataCollector, type DataEnd, type DataPhase } from './data-phase.js';
import { echoOf } from './echo.js';
import { type LineEvent, LineReader } from './line-reader.js';
import type { Registers } from './registers.js';
import type { LineStyle } from './style.js';

export interface FramerSink {
  echo(bytes: ByteString): void;
  /** What stands between AT and S3: edited, without control bytes. */
  commandLine(body: ByteString): void;
  /** A/ */
  repeat(): void;
  /** Told at the S3 of a line past the limit; the line is forgotten. */
  overlong(): void;
  /** A line without AT, where every line counts (`lines: esp`). */
  notACommand(line: ByteString): void;
  /** A data phase ended. */
  data(bytes: ByteString, end: DataEnd): void;
  /** Online data state. The buffer belongs to the sink. */
  online(bytes: Buffer): void;
}

export type FramerMode = 'command' | 'data' | 'online' | 'held';

/** Most bytes kept while a command runs. */
export const heldLimit = 64 * 1024;

type Intake = { mode: 'command' } | { mode: 'data'; collector: DataCollector; isEchoed: boolean } | { mode: 'online' };

const command: Intake = { mode: 'command' };

export class Framer {
  readonly #style: LineStyle;
  readonly #registers: Registers;
  readonly #sink: FramerSink;
  readonly #lines: LineReader;
  readonly #input = new ByteQueue();
  #intake: Intake = command;
  #isHeld = false;
  #isReading = false;
  /** The last byte read was an S3: an LF that comes next is the second half of a CRLF. */
  #isAfterLineEnd = false;
  /** How the host ended the line before: what an LF behind this one is, follows from it. */
  #hostEndsIn: 'unknown' | 'S3' | 'S3 LF' = 'unknown';
  #received = 0;
  #dropped = 0;
  /** Not sent yet: one echo for all that one chunk brought of a line. */
  #echo: ByteString = '';

  constructor(style: LineStyle, registers: Registers, sink: FramerSink) {
    this.#style = style;
    this.#registers = registers;
    this.#sink = sink;
    this.#lines = new LineReader(style, registers);
  }

  /** The chunk belongs to the framer from here on. */
  feed(chunk: Buffer): void {
    this.#input.push(chunk);
    if (this.#isHeld) this.#boundHeld();
    else this.#read();
  }

  /**
   * What comes next is data. Inside `commandLine` that is the rest of the same chunk. A count of 0 ends at once: the
   * sink's `data` is called before this returns. A held framer goes on holding.
   * @param isEchoed while echo is on
   */
  expectData(phase: DataPhase, isEchoed = this.#style.dataEcho): void {
    if (this.#intake.mode === 'data') throw new Error('a data phase is open already');
    this.#received = 0;
    this.#lines.reset();
    if ('count' in phase && phase.count <= 0) {
      this.#intake = command;
      this.#sink.data('', 'done');
    } else this.#intake = { mode: 'data', collector: new DataCollector(phase), isEchoed };
  }

  /** The caller's timer ended the data phase: what came so far, and back to command state. Nothing if none is open. */
  endData(): ByteString {
    if (this.#intake.mode !== 'data') return '';
    const { data } = this.#intake.collector;
    this.#intake = command;
    return data;
  }

  /** Payload bytes of the data phase so far, with those past its limit; of the last one, once that has ended. */
  get received(): number {
    return this.#received;
  }

  /** What came of the data phase so far. */
  get collected(): ByteString {
    return this.#intake.mode === 'data' ? this.#intake.collector.data : '';
  }

  goOnline(): void {
    this.#intake = { mode: 'online' };
    this.#lines.reset();
  }

  leaveOnline(): void {
    if (this.#intake.mode === 'online') this.#intake = command;
  }

  /** Bytes are kept, up to `heldLimit`, until `release`. They are not echoed before they are read. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.#read();
  }

  /** Bytes that found no room while the framer was held, since it was made. */
  get dropped(): number {
    return this.#dropped;
  }

  /** What was typed of a line that has not ended. */
  forgetLine(): void {
    this.#lines.reset();
  }

  get isTyping(): boolean {
    return this.#lines.isTyping;
  }

  get mode(): FramerMode {
    return this.#isHeld ? 'held' : this.#intake.mode;
  }

  /** The DTE left, or power is off: forgets everything partial, with bytes that were not read. */
  reset(): void {
    this.#input.clear();
    this.#lines.reset();
    this.#intake = command;
    this.#isHeld = false;
    this.#isAfterLineEnd = false;
    this.#hostEndsIn = 'unknown';
    this.#received = 0;
    this.#echo = '';
  }

  #read(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (!this.#isHeld && this.#input.length > 0) this.#step();
    } finally {
      this.#isReading = false;
      if (this.#isHeld) this.#boundHeld();
      this.#flushEcho();
    }
  }

  #step(): void {
    if (this.#swallowLineFeed()) return;
    switch (this.#intake.mode) {
      case 'command':
        this.#readCommandByte(this.#input.next());
        break;
      case 'data':
        this.#readData(this.#intake);
        break;
      case 'online':
        this.#readOnline();
        break;
    }
  }

  /** Hosts end lines with CR or CRLF; the LF may come much later, when a prompt is open [V.250 5.2.1]. */
  #swallowLineFeed(): boolean {
    if (!this.#isAfterLineEnd) return false;
    this.#isAfterLineEnd = false;
    const isLineFeed = this.#input.peek() === LF;
    if (isLineFeed && this.#intake.mode !== 'command' && this.#isPayload()) return false;
    this.#hostEndsIn = isLineFeed ? 'S3 LF' : 'S3';
    if (isLineFeed) this.#input.skip(1);
    return isLineFeed;
  }

  /** Is an LF between the command and its data part of the data? */
  #isPayload(): boolean {
    switch (this.#style.lfAtPrompt) {
      case 'swallow':
        return false;
      case 'payload':
        return true;
      case 'as-host':
        return this.#hostEndsIn === 'S3';
    }
  }

  #readCommandByte(byte: number): void {
    const { lineEnd } = this.#registers;
    const isBlank = this.#lines.isBlank && this.#style.blankLine === 'refused';
    this.#echoTyped(byte);
    this.#isAfterLineEnd = byte === lineEnd && byte !== LF && !isBlank;
    const event = this.#lines.take(byte);
    if (event === undefined) return;
    this.#flushEcho();
    this.#deliver(event);
  }

  #readData({ collector, isEchoed }: Extract<Intake, { mode: 'data' }>): void {
    const { used, payload, end } = collector.take(this.#input.rest());
    this.#input.skip(used);
    this.#received = collector.received;
    if (isEchoed && this.#registers.echo) this.#echo += payload;
    if (end === undefined) return;
    this.#intake = command;
    this.#flushEcho();
    this.#sink.data(collector.data, end);
  }

  #readOnline(): void {
    const bytes = this.#input.rest();
    this.#input.skip(bytes.length);
    this.#sink.online(bytes);
  }

  #deliver(event: LineEvent): void {
    switch (event.kind) {
      case 'command':
        this.#sink.commandLine(event.body);
        break;
      case 'repeat':
        this.#sink.repeat();
        break;
      case 'overlong':
        this.#sink.overlong();
        break;
      case 'not-a-command':
        this.#sink.notACommand(event.line);
        break;
    }
  }

  /** A blank line is not even echoed: hosts send CRLF after counted data and expect nothing for it. */
  #echoTyped(byte: number): void {
    const { echo, lineEnd } = this.#registers;
    if (!echo || (this.#lines.isBlank && (byte === lineEnd || byte === LF))) return;
    this.#echo += echoOf(byte, lineEnd, this.#style.echo);
  }

  #flushEcho(): void {
    const echo = this.#echo;
    if (echo === '') return;
    this.#echo = '';
    this.#sink.echo(echo);
  }

  #boundHeld(): void {
    this.#dropped += this.#input.truncate(heldLimit);
  }
}
