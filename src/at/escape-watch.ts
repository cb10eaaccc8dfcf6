/**
 * Finds the escape sequence in what a host types in online data state: alone, between two silences. What only looked like
 * one is data, whole and in order. Pure: the caller measures the silences. [Hayes; vendors differ in the times]
 */
import { type ByteString, fromBuffer, toBuffer } from '../base/bytes.js';

/** Times are milliseconds. */
export interface EscapeRule {
  /** `+++` as a rule. */
  sequence: ByteString;
  /** Silence before it. */
  guard: number;
  /** Silence after it. */
  guardAfter: number;
  /** Between two of its bytes at most. */
  gap: number;
}

const nothing = Buffer.alloc(0);

export class EscapeWatch {
  /** The beginning of a sequence that may still become one. */
  #held: ByteString = '';

  constructor(readonly rule: EscapeRule) {}

  /**
   * Bytes came, `silence` ms after those before; what the state began with counts as silence, `Infinity`.
   * @returns what of it, and of what was held, is data for sure
   */
  take(bytes: Buffer, silence: number): Buffer {
    if (this.#held === '') {
      if (silence >= this.rule.guard && this.#mayBegin(fromBuffer(bytes.subarray(0, this.rule.sequence.length + 1))))
        return this.#hold(bytes);
      return bytes;
    }
    const isWhole = this.#held === this.rule.sequence;
    if (!isWhole && silence <= this.rule.gap && this.#mayBegin(this.#held + fromBuffer(bytes.subarray(0, 16))))
      return this.#hold(bytes);
    return Buffer.concat([this.#release(), bytes]);
  }

  /** Milliseconds of silence to wait for before `elapsed` is to be asked; undefined while nothing is held. */
  get patience(): number | undefined {
    if (this.#held === '') return undefined;
    return this.#held === this.rule.sequence ? this.rule.guardAfter : this.rule.gap;
  }

  /** That silence has passed: the host has escaped, or what was held is data. */
  elapsed(): { escaped: true } | { escaped: false; data: Buffer } {
    const held = this.#release();
    return fromBuffer(held) === this.rule.sequence ? { escaped: true } : { escaped: false, data: held };
  }

  #mayBegin(text: ByteString): boolean {
    return text.length > 0 && this.rule.sequence.startsWith(text);
  }

  #hold(bytes: Buffer): Buffer {
    this.#held += fromBuffer(bytes);
    return nothing;
  }

  #release(): Buffer {
    const held = toBuffer(this.#held);
    this.#held = '';
    return held;
  }
}
