/**
 * The fields of a packet's body, in order [MQTT 1.5], over what was kept of it. The first that does not fit into the packet
 * ends the reading; behind what was kept, fields are unknown without being wrong.
 */
import { isUtf8 } from 'node:buffer';

export class Fields {
  /** What does not fit. */
  fault: string | undefined;
  /** What fits and is wrong all the same. */
  remark: string | undefined;
  /** A length lies behind what was kept, so where the next field begins is not known. */
  isUnknown = false;
  #at = 0;

  constructor(
    readonly head: Buffer,
    /** Bytes of the body, of which `head` are the first. */
    readonly size: number,
  ) {}

  get left(): number {
    return this.size - this.#at;
  }

  /** Is there another field, and can it be read? */
  get goesOn(): boolean {
    return this.left > 0 && this.fault === undefined && !this.isUnknown;
  }

  byte(what: string): number | undefined {
    const at = this.#step(1, what);
    return at === undefined ? undefined : this.head[at];
  }

  /** Two bytes, the high one first. */
  number(what: string): number | undefined {
    const at = this.#step(2, what);
    return at === undefined ? undefined : this.head.readUInt16BE(at);
  }

  /** A packet id; 0 is none [MQTT-2.3.1-1]. */
  id(): number | undefined {
    const id = this.number('packet id');
    if (id === 0) this.remark ??= 'packet id 0';
    return id;
  }

  /** Text behind its length; what was not kept of it is `…`. */
  text(what: string): string | undefined {
    const bytes = this.#sized(what);
    if (!bytes) return undefined;
    const { kept, length } = bytes;
    if (kept.length === length && !isUtf8(kept)) this.remark ??= `the ${what} is not UTF-8`;
    return kept.toString() + (kept.length < length ? '…' : '');
  }

  /** Bytes behind their length, which nobody wants to see. */
  skip(what: string): void {
    this.#sized(what);
  }

  /** What has been kept of the rest. */
  rest(): Buffer {
    return this.head.subarray(this.#at);
  }

  #sized(what: string): { kept: Buffer; length: number } | undefined {
    const length = this.number(what);
    if (length === undefined) return undefined;
    if (length > this.left) {
      this.fault = `a ${what} of ${length} bytes runs past the end, ${this.left} are left: is its length, or a field before it, missing?`;
      return undefined;
    }
    const begin = this.#at;
    this.#at += length;
    return { kept: this.head.subarray(begin, this.#at), length };
  }

  #step(width: number, what: string): number | undefined {
    if (this.fault !== undefined || this.isUnknown) return undefined;
    if (this.left < width) {
      this.fault = `it ends before its ${what}`;
      return undefined;
    }
    const begin = this.#at;
    this.#at += width;
    if (this.#at > this.head.length) this.isUnknown = true;
    return this.isUnknown ? undefined : begin;
  }
}
