/**
 * What a modem writes, cut into what it means: whole lines, and the rest as soon as nothing more can belong to it. Pure; it
 * owns the bytes of a line that has not ended.
 */
import type { ByteString } from '../base/bytes.js';
import type { HostState } from './host-talk.js';

export interface ModemUnit {
  bytes: ByteString;
  /** The first byte came, in ms. */
  at: number;
}

const longest = 64 * 1024;
/** Silence, in ms, inside a line: a slow line and its driver take less, a modem that begins something new takes more. */
const longestGap = 100;

export class ModemTalk {
  #pending: ByteString = '';
  /** Its last three bytes. */
  #end: ByteString = '';
  #began = 0;
  #at = 0;

  /** @returns what is complete with these bytes */
  take(bytes: ByteString, at: number): ModemUnit[] {
    const units = at - this.#at > longestGap ? this.flush() : [];
    if (this.#pending === '') this.#began = at;
    this.#pending += bytes;
    this.#at = at;
    this.#end = (this.#end + bytes).slice(-3);
    const isComplete = /^[^\r\n]\r\n$/.test(this.#end) || this.#pending.length >= longest;
    return isComplete ? [...units, ...this.flush()] : units;
  }

  flush(): ModemUnit[] {
    const bytes = this.#pending;
    this.#pending = '';
    this.#end = '';
    return bytes === '' ? [] : [{ bytes, at: this.#began }];
  }
}

/** What the modem waits for after it has said this. */
export function stateAfter(bytes: ByteString, before: HostState): HostState {
  if (/> ?$/.test(bytes)) return 'data';
  const lines = bytes.split(/\r?\n/);
  if (/^CONNECT(?: \d+)?$/.test(lines.at(-2) ?? '') && lines.at(-1) === '') return 'online';
  if (before === 'online')
    return lines.some(line => /^(?:OK|NO CARRIER|ERROR|CLOSED)$/.test(line)) ? 'command' : 'online';
  return 'command';
}
