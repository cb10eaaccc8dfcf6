/**
 * The data that a host types at a prompt: counted, or until a byte that ends it. Takes slices, never byte by byte.
 * Time-outs are the caller's.
 */
import { type ByteString, fromBuffer } from '../base/bytes.js';

/**
 * With a count, every byte is payload; but where there is a `mark` too, that text ends the data before the count is full, and
 * its first character in front of it makes payload of it. With a `quote` the mark is that byte and one more, and any other
 * byte behind it is payload without it. The bytes that end, cancel or quote are not part of the data.
 */
export type DataPhase = { count: number; mark?: string; quote?: number } | DataUntil;

export interface DataUntil {
  until: readonly number[];
  cancel?: readonly number[];
  /** Makes payload of the byte after it, whatever that is. */
  quote?: number;
  /** Bytes past it are counted but dropped. */
  limit: number;
}

export type DataEnd = 'done' | 'cancelled';

export interface DataTaken {
  /** Bytes of the chunk that are dealt with: at least one. */
  used: number;
  /** The payload among them, as it was typed. */
  payload: ByteString;
  end?: DataEnd;
}

export class DataCollector {
  #data: ByteString = '';
  #received = 0;
  #isQuoted = false;
  /** The beginning of a mark, or of one made payload. */
  #held: ByteString = '';

  constructor(readonly phase: DataPhase) {}

  /** Half a mark is payload as long as the rest has not come. */
  get data(): ByteString {
    return this.#data + this.#held;
  }

  /** Payload bytes so far, with those past the limit. */
  get received(): number {
    return this.#received;
  }

  /** What of the chunk's beginning is dealt with in one go; `chunk` is not empty. Call again while no end is told. */
  take(chunk: Buffer): DataTaken {
    const { phase } = this;
    if (!('count' in phase)) return this.#takeUntil(chunk, phase);
    const { count, mark, quote } = phase;
    if (quote !== undefined) return this.#takeQuoted(chunk, count, quote, mark);
    return mark === undefined ? this.#takeCounted(chunk, count) : this.#takeMarked(chunk[0]!, count, mark);
  }

  #takeCounted(chunk: Buffer, count: number): DataTaken {
    const taken = this.#keep(chunk, Math.min(count - this.#received, chunk.length), count);
    return this.#received === count ? { ...taken, end: 'done' } : taken;
  }

  #takeQuoted(chunk: Buffer, count: number, quote: number, mark: string | undefined): DataTaken {
    if (this.#isQuoted) {
      this.#isQuoted = false;
      if (String.fromCharCode(quote, chunk[0]!) === mark) return { used: 1, payload: '', end: 'done' };
      return this.#takeCounted(chunk.subarray(0, 1), count);
    }
    const place = chunk.indexOf(quote);
    if (place !== 0) return this.#takeCounted(place < 0 ? chunk : chunk.subarray(0, place), count);
    this.#isQuoted = true;
    return { used: 1, payload: '' };
  }

  /** Byte by byte: a mark may begin anywhere, and such data is short. */
  #takeMarked(byte: number, count: number, mark: string): DataTaken {
    const quoted = mark.charAt(0) + mark;
    this.#held += String.fromCharCode(byte);
    const taken = { used: 1, payload: '' };
    if (this.#held === mark) {
      this.#held = '';
      return { ...taken, end: 'done' };
    }
    if (this.#held === quoted) this.#keepHeld(mark);
    while (this.#held !== '' && !mark.startsWith(this.#held) && !quoted.startsWith(this.#held)) this.#keepFirstHeld();
    if (this.#received + this.#held.length < count) return taken;
    this.#keepHeld(this.#held);
    return { ...taken, end: 'done' };
  }

  #keepHeld(payload: ByteString): void {
    this.#data += payload;
    this.#received += payload.length;
    this.#held = '';
  }

  #keepFirstHeld(): void {
    this.#data += this.#held.charAt(0);
    this.#received += 1;
    this.#held = this.#held.slice(1);
  }

  #takeUntil(chunk: Buffer, phase: DataUntil): DataTaken {
    if (this.#isQuoted) {
      this.#isQuoted = false;
      return this.#keep(chunk, 1, phase.limit);
    }
    const first = chunk[0]!;
    if (phase.until.includes(first)) return { used: 1, payload: '', end: 'done' };
    if (phase.cancel?.includes(first)) return { used: 1, payload: '', end: 'cancelled' };
    if (first === phase.quote) {
      this.#isQuoted = true;
      return { used: 1, payload: '' };
    }
    return this.#keep(chunk, nextMark(chunk, phase), phase.limit);
  }

  #keep(chunk: Buffer, used: number, limit: number): DataTaken {
    const payload = fromBuffer(chunk.subarray(0, used));
    this.#data += payload.slice(0, Math.max(0, limit - this.#received));
    this.#received += used;
    return { used, payload };
  }
}

/** Where the first byte stands that is not plain payload; the chunk's length where none does. */
function nextMark(chunk: Buffer, { until, cancel = [], quote }: DataUntil): number {
  const marks = quote === undefined ? [...until, ...cancel] : [...until, ...cancel, quote];
  const places = marks.map(mark => chunk.indexOf(mark)).filter(place => place >= 0);
  return Math.min(chunk.length, ...places);
}
