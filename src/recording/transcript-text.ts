/**
 * The text of a recording, as it grows: the header once it is known, then a line an item. Bounded: a recording that is full
 * says so and ends. Pure; who makes it writes.
 */
import type { ByteString } from '../base/bytes.js';
import { formatHeader, formatItem } from '../transcripts/format.js';
import type { Item, TranscriptHeader } from '../transcripts/transcript.js';
import { wordsOf } from '../transcripts/wire.js';

export interface TranscriptTextParts {
  /** Lines in front of the header, without `#`. */
  remarks: readonly string[];
  /** Asked when the dialogue begins: what is known of the modem then. `echo` and `end` are found in the dialogue. */
  header: () => TranscriptHeader;
  /** How the host ends its lines. */
  lineEnd: () => ByteString | undefined;
  /** Whole lines, or several. */
  write: (text: string) => void;
  /** Bytes. Default 64 MiB. */
  limit?: number;
}

const mebibyte = 1024 * 1024;
/** Items after which the header no longer waits for what a dialogue shows. */
const mostWaiting = 64;

export class TranscriptText {
  readonly #parts: TranscriptTextParts;
  readonly #limit: number;
  #header: TranscriptHeader | undefined;
  #waiting: Item[] | undefined = [];
  /** The host's first line, which an echo begins with. */
  #firstLine: ByteString | undefined;
  #echo: 'unknown' | 'on' | 'off' = 'unknown';
  #end: ByteString | undefined;
  #size = 0;

  constructor(parts: TranscriptTextParts) {
    this.#parts = parts;
    this.#limit = parts.limit ?? 64 * mebibyte;
  }

  /** What ends a host line, once the header has said so. */
  get lineEnd(): ByteString | undefined {
    return this.#end;
  }

  get isFull(): boolean {
    return this.#size > this.#limit;
  }

  /** The first item begins it at the latest. */
  begin(): void {
    this.#header ??= this.#parts.header();
  }

  add(item: Item): void {
    if (this.isFull) return;
    this.begin();
    if (this.#waiting === undefined) return this.#write(formatItem(item));
    this.#waiting.push(item);
    this.#lookForEcho(item);
    if (this.#echo !== 'unknown' || this.#waiting.length >= mostWaiting) this.#writeHeader();
  }

  /** Nothing more comes: what waited is written. Where nothing came there is no dialogue, and nothing to write. */
  end(): void {
    if (this.#waiting && this.#waiting.length > 0) this.#writeHeader();
  }

  #lookForEcho(item: Item): void {
    if (item.kind === 'host') {
      if (this.#firstLine === undefined) this.#firstLine = wordsOf(item);
      else this.#echo = 'off';
    } else if (item.kind === 'modem' && this.#firstLine && wordsOf(item).startsWith(this.#firstLine)) this.#echo = 'on';
  }

  #writeHeader(): void {
    const items = this.#waiting ?? [];
    this.#waiting = undefined;
    const { remarks, lineEnd } = this.#parts;
    this.#end = lineEnd() ?? '\r';
    const header = this.#header!;
    const echo = header.echo ?? (this.#echo === 'on' ? 'on' : 'off');
    const whole: TranscriptHeader = { ...header, echo, end: this.#end };
    this.#write([...remarks.map(remark => `# ${remark}`), ...formatHeader(whole), ''].join('\n'));
    for (const item of items) this.add(item);
  }

  #write(text: string): void {
    this.#size += Buffer.byteLength(text) + 1;
    this.#parts.write(this.isFull ? `# The recording ends here: it is full, at ${this.#limit / mebibyte} MiB.` : text);
  }
}
