/**
 * Puts CR and LF around what a module says, as V, Q, S3 and S4 want it at that moment [V.250 5.7, 6.2.3, 6.2.5, 6.2.6].
 * Beside echo, nothing else writes to a port in command state. One call is at most one `emit`, and one emit is one unit:
 * hosts take each burst of bytes for a frame.
 */
import type { ByteString } from '../base/bytes.js';
import type { Registers } from './registers.js';
import { resultNumber } from './result-codes.js';

/** `v250`: CR LF on both sides of a line. `esp`: only a final result has it before. E, not Q or V, exists there. */
export type Framing = 'v250' | 'esp';

export class ResponseWriter {
  /** The next information line opens a block, and brings the CR LF before it. */
  #opensBlock = true;

  constructor(
    readonly framing: Framing,
    readonly registers: Registers,
    readonly emit: (bytes: ByteString) => void,
  ) {}

  /** A command of the line starts. */
  begin(): void {
    this.#opensBlock = true;
  }

  /** One line of an information response. */
  info(text: ByteString): void {
    const header = this.framing === 'v250' && this.registers.verbose && this.#opensBlock ? this.#crlf : '';
    this.#opensBlock = false;
    this.emit(header + text + this.#crlf);
  }

  /** A final result code. */
  final(text: ByteString): void {
    this.#opensBlock = true;
    if (this.framing === 'esp') this.emit(this.#onItsOwn(text));
    else if (this.registers.quiet === 0) this.emit(this.#resultCode(text));
  }

  /** An unsolicited result code. Q silences those that V.250 numbers, not a module's own. */
  urc(text: ByteString): void {
    if (this.framing === 'esp') this.emit(text + this.#crlf);
    else if (this.registers.quiet === 0 || resultNumber(text) === undefined) this.emit(this.#resultCode(text));
  }

  /** Exactly these bytes, after which data is typed. */
  prompt(bytes: ByteString): void {
    this.#opensBlock = true;
    this.emit(bytes);
  }

  /** Exactly these bytes. */
  raw(bytes: ByteString): void {
    this.emit(bytes);
  }

  /** V0 has numbers, but not for `+CME ERROR: 10` and its like, which keep their form [27.007 9.2]. */
  #resultCode(text: ByteString): ByteString {
    const number = this.registers.verbose ? undefined : resultNumber(text);
    return number === undefined ? this.#onItsOwn(text) : `${number}${this.#cr}`;
  }

  #onItsOwn(text: ByteString): ByteString {
    return this.#crlf + text + this.#crlf;
  }

  get #cr(): ByteString {
    return String.fromCharCode(this.registers.lineEnd);
  }

  get #crlf(): ByteString {
    return this.#cr + String.fromCharCode(this.registers.responseFormat);
  }
}
