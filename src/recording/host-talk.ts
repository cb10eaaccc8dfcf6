/**
 * What a host sends, cut into what it means: lines, and data. Nobody tells which of the two it is, so the dialogue itself
 * must: after a prompt, and while port and link are one, all is data. Pure; it owns the bytes of a line that has not ended.
 */
import type { ByteString } from '../base/bytes.js';

export interface HostUnit {
  /** `part`: of a line that something came between, or that is too long. Its end is a unit of its own. */
  kind: 'line' | 'part' | 'data';
  /** All that was sent, with the line end. */
  bytes: ByteString;
  /** The last byte came, in ms. */
  at: number;
}

/** What the modem waits for: `data` after a prompt, `online` while what is sent is a link's. */
export type HostState = 'command' | 'data' | 'online';

export type LineEnd = '\r' | '\r\n' | '\n';

/** Bytes of one unit. */
const longest = 64 * 1024;
/** Silence, in ms, after which bytes without a line end are a unit. A person who types a command may take longer. */
const longestGap = 100;

export class HostTalk {
  #state: HostState = 'command';
  #pending: ByteString = '';
  #at = 0;
  #end: LineEnd | undefined;

  /** How this host ends its lines, as its first one showed. */
  get end(): LineEnd | undefined {
    return this.#end;
  }

  /** What came of a unit that has not ended. */
  get pending(): ByteString {
    return this.#pending;
  }

  get state(): HostState {
    return this.#state;
  }

  /** What is pending must be flushed before. */
  set state(state: HostState) {
    this.#state = state;
  }

  /** @returns what is complete with these bytes */
  take(bytes: ByteString, at: number): HostUnit[] {
    const units = at - this.#at > longestGap && !this.#isTypedCommand ? this.flush() : [];
    const mayEnd = this.#pending.endsWith('\r') || /[\r\n]/.test(bytes);
    this.#pending += bytes;
    this.#at = at;
    if (this.#state === 'command' && mayEnd) units.push(...this.#lines());
    if (this.#pending.length >= longest) units.push(...this.flush());
    return units;
  }

  /** Nothing more belongs to what is pending. */
  flush(): HostUnit[] {
    const bytes = this.#pending;
    if (bytes === '') return [];
    this.#pending = '';
    if (this.#state !== 'command') return [this.#unit('data', bytes)];
    if (!bytes.endsWith('\r')) return [this.#unit('part', bytes)];
    this.#end ??= '\r';
    return [this.#unit('line', bytes)];
  }

  get #isTypedCommand(): boolean {
    return this.#state === 'command' && /^a(?:t|$)/i.test(this.#pending);
  }

  #lines(): HostUnit[] {
    const units: HostUnit[] = [];
    for (let length = this.#lineLength(); length > 0; length = this.#lineLength()) {
      units.push(this.#unit('line', this.#pending.slice(0, length)));
      this.#pending = this.#pending.slice(length);
    }
    return units;
  }

  /** With its end; 0 while it has none. A CR may be half of a CR LF, unless this host's is not. */
  #lineLength(): number {
    const place = this.#pending.search(/[\r\n]/);
    if (place < 0) return 0;
    const end = /^(?:\r\n|\n|\r(?=[^\n]))/.exec(this.#pending.slice(place))?.[0] as LineEnd | undefined;
    if (end === undefined && this.#end !== '\r') return 0;
    this.#end ??= end;
    return place + (end ?? '\r').length;
  }

  #unit(kind: HostUnit['kind'], bytes: ByteString): HostUnit {
    return { kind, bytes, at: this.#at };
  }
}

/** Without CR, LF or both at its end. */
export const withoutEnd = (line: ByteString): ByteString => line.replace(/\r?\n$|\r$/, '');
