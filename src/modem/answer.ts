/**
 * What a channel says to the command that it executes: information, prompts, results. Nothing of it reaches a host that has
 * gone. Owns the places in an answer where a fault may put a URC.
 */
import type { ResponseWriter } from '../at/response-writer.js';
import type { ByteString } from '../base/bytes.js';
import type { UrcPlace } from './fault-seam.js';
import type { LineExecution } from './line-execution.js';

export interface AnswerParts {
  line: LineExecution;
  writer: ResponseWriter;
  /** For the dialogue. */
  say(text: ByteString, how?: { urc: true }): void;
  /** Lines that a fault puts in this place. */
  placed(place: UrcPlace, command: string): readonly ByteString[];
}

export class Answer {
  readonly #parts: AnswerParts;
  #command = '';
  #said: 'nothing' | 'something' = 'nothing';

  constructor(parts: AnswerParts) {
    this.#parts = parts;
  }

  /** Of the next command of the line. */
  begin(command: string): void {
    this.#command = command;
    this.#said = 'nothing';
    this.#parts.writer.begin();
  }

  info(text: ByteString): void {
    if (this.#opens(text)) this.#parts.writer.info(text);
  }

  response(bytes: ByteString): void {
    if (this.#opens(bytes)) this.#parts.writer.raw(bytes);
  }

  prompt(bytes: ByteString): void {
    if (!this.#opens(bytes)) return;
    const { writer } = this.#parts;
    const lines = this.#parts.placed('prompt', this.#command);
    if (lines.length === 0) return writer.prompt(bytes);
    const half = Math.max(1, bytes.length >> 1);
    writer.prompt(bytes.slice(0, half));
    this.#urcs(lines);
    writer.raw(bytes.slice(half));
  }

  /** @returns whether it was written */
  final(text: ByteString): boolean {
    if (this.#parts.line.isOrphan) return false;
    if (this.#said === 'something') this.#urcs(this.#parts.placed('between', this.#command));
    if (!this.#opens(text)) return false;
    this.#parts.writer.final(text);
    return true;
  }

  #opens(text: ByteString): boolean {
    const { line, say, placed } = this.#parts;
    if (line.isOrphan) return false;
    if (this.#said === 'nothing') this.#urcs(placed('before', this.#command));
    this.#said = 'something';
    say(text);
    return true;
  }

  #urcs(lines: readonly ByteString[]): void {
    for (const line of lines) {
      this.#parts.say(line, { urc: true });
      this.#parts.writer.urc(line);
    }
  }
}
