/**
 * Gathers the bytes of one command line, from the prefix AT to S3, with editing [V.250 5.2.1, 5.2.4, 5.2.5].
 * One method a state: idle -> gotA -> body -> (S3) idle, and overlong for a body that nobody will run.
 * It neither echoes nor knows data: the framer does.
 */
import type { ByteString } from '../base/bytes.js';
import { firstPrintable, LF } from './control-bytes.js';
import type { Registers } from './registers.js';
import type { LineStyle } from './style.js';

export type LineEvent =
  /** `body`: what stands between AT and S3. */
  | { kind: 'command'; body: ByteString }
  /** A/ : run the last body again, at once; it has no S3. */
  | { kind: 'repeat' }
  | { kind: 'overlong' }
  | { kind: 'not-a-command'; line: ByteString };

type LineState = 'idle' | 'gotA' | 'body' | 'overlong';

export class LineReader {
  #state: LineState = 'idle';
  /** From the A of AT. */
  #line: ByteString = '';
  #isBlank = true;

  constructor(
    readonly style: LineStyle,
    readonly registers: Registers,
  ) {}

  /** A line has begun and is not ended. A host may leave it so for ever: who waits for its end bounds the wait. */
  get isTyping(): boolean {
    return this.#state === 'overlong' || this.#line !== '';
  }

  /** Nothing but line feeds came since the last line ended; noise before a prefix is not nothing. */
  get isBlank(): boolean {
    return this.#isBlank;
  }

  take(byte: number): LineEvent | undefined {
    if (byte === this.registers.lineEnd) return this.#end();
    if (this.#isBlank && byte === LF) return this.#blank();
    this.#isBlank = false;
    switch (this.#state) {
      case 'idle':
        return this.#idle(byte);
      case 'gotA':
        return this.#gotA(byte);
      case 'body':
        return this.#body(byte);
      case 'overlong':
        return undefined;
    }
  }

  reset(): void {
    this.#state = 'idle';
    this.#line = '';
    this.#isBlank = true;
  }

  #idle(byte: number): undefined {
    switch (this.style.lines) {
      case 'v250':
        if (isLetter(byte, 'A')) this.#enter('gotA', byte);
        return;
      case 'esp':
        this.#state = 'body';
        return this.#body(byte);
    }
  }

  #gotA(byte: number): LineEvent | undefined {
    if (byte === slash) {
      this.reset();
      return { kind: 'repeat' };
    }
    if (isLetter(byte, 'T')) this.#enter('body', byte);
    else if (!isLetter(byte, 'A')) this.#forget();
    return undefined;
  }

  #body(byte: number): undefined {
    if (byte === this.registers.editing) this.#erase();
    else if (byte < firstPrintable) return;
    else if (this.#line.length >= this.style.lineLimit) {
      this.#state = 'overlong';
      this.#line = '';
    } else this.#line += String.fromCharCode(byte);
  }

  #blank(): LineEvent | undefined {
    return this.style.blankLine === 'refused' ? { kind: 'not-a-command', line: '' } : undefined;
  }

  #end(): LineEvent | undefined {
    const [state, line] = [this.#state, this.#line];
    this.reset();
    switch (state) {
      case 'idle':
      case 'gotA':
        return undefined;
      case 'overlong':
        return { kind: 'overlong' };
      case 'body':
        if (hasPrefix(line)) return { kind: 'command', body: line.slice(2) };
        return line.trim() === '' ? undefined : { kind: 'not-a-command', line };
    }
  }

  #enter(state: 'gotA' | 'body', byte: number): void {
    this.#state = state;
    this.#line += String.fromCharCode(byte);
  }

  /** The A was noise; the line it stood in goes on. */
  #forget(): void {
    this.#state = 'idle';
    this.#line = '';
  }

  /** The prefix cannot be deleted [V.250 5.2.5]. */
  #erase(): void {
    if (this.#line.length === 2 && hasPrefix(this.#line)) return;
    this.#line = this.#line.slice(0, -1);
  }
}

const slash = 0x2f;

const hasPrefix = (line: ByteString): boolean => /^AT/i.test(line);

/** In upper or lower case. */
const isLetter = (byte: number, letter: string): boolean => (byte & ~0x20) === letter.charCodeAt(0);
