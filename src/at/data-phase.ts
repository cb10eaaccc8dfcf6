/**
 * The data that a host types at a prompt: counted, or until a byte that ends it. Takes slices, never byte by byte.
 * Time-outs are the caller's.
 */
import { type ByteString, fromBuffer } from '../base/bytes.js';

/** With a count, every byte is payload. The bytes that end, cancel or quote are not part of the data. */
export type DataPhase = { count: number } | DataUntil;

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

  constructor(readonly phase: DataPhase) {}

  get data(): ByteString {
    return this.#data;
  }

  /** Payload bytes so far, with those past the limit. */
  get received(): number {
    return this.#received;
  }

  /** What of the chunk's beginning is dealt with in one go; `chunk` is not empty. Call again while no end is told. */
  take(chunk: Buffer): DataTaken {
    return 'count' in this.phase ? this.#takeCounted(chunk, this.phase.count) : this.#takeUntil(chunk, this.phase);
  }

  #takeCounted(chunk: Buffer, count: number): DataTaken {
    const taken = this.#keep(chunk, Math.min(count - this.#received, chunk.length), count);
    return this.#received === count ? { ...taken, end: 'done' } : taken;
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
