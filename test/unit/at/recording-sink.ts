/** A framer with a sink that writes down what it is told, and that can be told what to do when a line comes. */
import { Framer, type FramerSink } from '../../../src/at/framer.js';
import { factoryRegisters, type Registers } from '../../../src/at/registers.js';
import { type LineStyle, v250Style } from '../../../src/at/style.js';
import { fromBuffer, toBuffer, visible } from '../../../src/base/bytes.js';

export interface Setup {
  style?: Partial<LineStyle>;
  registers?: Partial<Registers>;
  /** Runs inside `commandLine`, as a command would. */
  onLine?: (body: string, framer: Framer) => void;
}

export class RecordingSink implements FramerSink {
  /** `word: bytes`; echo and online bytes that follow each other are one entry, however they were cut up. */
  readonly events: string[] = [];
  onLine: (body: string) => void = () => {};

  echo = (bytes: string) => this.#grow('echo', bytes);
  commandLine = (body: string) => {
    this.events.push(`line: ${visible(body)}`);
    this.onLine(body);
  };
  repeat = () => this.events.push('repeat');
  overlong = () => this.events.push('overlong');
  notACommand = (line: string) => this.events.push(`not a command: ${visible(line)}`);
  data = (bytes: string, end: string) => this.events.push(`${end}: ${visible(bytes)}`);
  online: FramerSink['online'] = bytes => this.#grow('online', fromBuffer(bytes));

  #grow(word: string, bytes: string): void {
    if (this.events.at(-1)?.startsWith(`${word}: `)) this.events.push((this.events.pop() ?? '') + visible(bytes));
    else this.events.push(`${word}: ${visible(bytes)}`);
  }
}

export function makeFramer({ style, registers, onLine }: Setup = {}) {
  const sink = new RecordingSink();
  const live = { ...factoryRegisters(), echo: false, ...registers };
  const framer = new Framer({ ...v250Style, ...style }, live, sink);
  sink.onLine = body => onLine?.(body, framer);
  return { framer, sink, registers: live, events: sink.events, type: (bytes: string) => framer.feed(toBuffer(bytes)) };
}

/** What the sink is told when these bytes come in one chunk. */
export function eventsOf(bytes: string, setup: Setup = {}): string[] {
  const { events, type } = makeFramer(setup);
  type(bytes);
  return events;
}
