/**
 * A host as a Node rig has it: `serialport` with the Readline parser for lines, and the bytes as they come beside it, for a
 * prompt, which is no line. Lines are taken strictly in order; the parser drops empty ones.
 */
import { ReadlineParser } from '@serialport/parser-readline';
import { SerialPort } from 'serialport';
import { expect } from 'vitest';
import { type ByteString, fromBuffer, toBuffer, visible } from '../../src/base/bytes.js';
import { Signal } from '../../src/base/signal.js';
import { eventually } from './patience.js';

/** Milliseconds that a line may take; met only by what fails. */
const patience = 10_000;

export class SerialHost {
  readonly #arrived = new Signal<void>();
  readonly #lines: ByteString[] = [];
  #bytes: ByteString = '';
  #parser: ReadlineParser;

  private constructor(
    private readonly port: SerialPort,
    private readonly lineEnd: ByteString,
  ) {
    this.#parser = this.#readLines();
    port.on('data', (chunk: Buffer) => {
      this.#bytes += fromBuffer(chunk);
      this.#arrived.emit();
    });
  }

  static async open(path: string, lineEnd: ByteString, baudRate = 115_200): Promise<SerialHost> {
    const port = new SerialPort({ path, baudRate, autoOpen: false });
    await new Promise<void>((resolve, reject) => port.open(error => (error ? reject(error) : resolve())));
    return new SerialHost(port, lineEnd);
  }

  /** Everything that came since the port was opened. */
  get bytes(): ByteString {
    return this.#bytes;
  }

  /** Lines that nobody asked for yet. */
  get unread(): readonly ByteString[] {
    return this.#lines;
  }

  write(bytes: ByteString | Buffer): void {
    this.port.write(typeof bytes === 'string' ? toBuffer(bytes) : bytes);
  }

  /** A command line; its answer must be these lines and come next. */
  async ask(command: ByteString, ...answer: (ByteString | RegExp)[]): Promise<void> {
    this.write(command + this.lineEnd);
    await this.reads(...answer);
  }

  /** These lines must come next. A line that holds line ends is a report with data. */
  async reads(...lines: (ByteString | RegExp)[]): Promise<void> {
    for (const line of lines.flatMap(split)) {
      await eventually(() => this.#lines.length > 0, this.#arrived, patience);
      const came = visible(this.#lines.shift() ?? '(nothing)');
      if (line instanceof RegExp) expect(came).toMatch(line);
      else expect(came).toBe(visible(line));
    }
  }

  /** Waits for the prompt, and types the data. */
  async types(data: ByteString | Buffer, prompt: ByteString = '>'): Promise<void> {
    const isAsked = await eventually(() => this.#bytes.endsWith(prompt), this.#arrived, patience);
    expect(isAsked, `no prompt, but ${visible(this.#bytes.slice(-80))}`).toBe(true);
    // The parser holds the prompt as the beginning of a line.
    this.port.unpipe(this.#parser);
    this.#parser = this.#readLines();
    this.write(data);
  }

  async setSpeed(baudRate: number): Promise<void> {
    await new Promise<void>((resolve, reject) =>
      this.port.update({ baudRate }, error => (error ? reject(error) : resolve())),
    );
  }

  async close(): Promise<void> {
    if (!this.port.isOpen) return;
    await new Promise<void>((resolve, reject) => this.port.close(error => (error ? reject(error) : resolve())));
  }

  #readLines(): ReadlineParser {
    const parser = this.port.pipe(new ReadlineParser({ delimiter: '\r\n', encoding: 'latin1' }));
    parser.on('data', (line: ByteString) => {
      if (line === '') return;
      this.#lines.push(line);
      this.#arrived.emit();
    });
    return parser;
  }
}

function split(line: ByteString | RegExp): (ByteString | RegExp)[] {
  return typeof line === 'string' ? line.split('\r\n').filter(Boolean) : [line];
}
