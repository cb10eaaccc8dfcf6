/** What was heard at a port → items of a transcript, with their times and without their secrets. */
import type { ByteString } from '../base/bytes.js';
import { isPlainLine, modemItemsFrom } from '../transcripts/format.js';
import type { HostItem, Item } from '../transcripts/transcript.js';
import { type HostUnit, withoutEnd } from './host-talk.js';
import type { Masks } from './masks.js';
import type { ModemUnit } from './modem-talk.js';
import { Pauses } from './pauses.js';
import type { DialogueListener, Happening } from './recorder.js';

export interface TranscriberParts {
  /** Absent: secrets stay. */
  masks: Masks | undefined;
  /** How the host ends its lines. */
  lineEnd: () => ByteString | undefined;
  add: (item: Item) => void;
  began?: () => void;
}

export class Transcriber implements DialogueListener {
  readonly #parts: TranscriberParts;
  readonly #pauses = new Pauses();

  constructor(parts: TranscriberParts) {
    this.#parts = parts;
  }

  began(at: number): void {
    this.#pauses.begin(at);
    this.#parts.began?.();
  }

  host(unit: HostUnit): void {
    this.#passed(unit.at);
    this.#parts.add(this.#hostItem(unit));
  }

  modem({ bytes, at }: ModemUnit): void {
    this.#passed(at, true);
    for (const item of modemItemsFrom(this.#parts.masks?.hide(bytes) ?? bytes)) this.#parts.add(item);
  }

  happened(item: Happening, at: number): void {
    if (item.kind !== 'delivery') this.#passed(at);
    this.#parts.add(this.#parts.masks?.hideIn(item) ?? item);
  }

  /** A pause before an answer lets it come sooner: what the network took in this run it may not take in another. */
  #passed(at: number, isAnswering?: true): void {
    const milliseconds = this.#pauses.before(at);
    if (milliseconds === undefined) return;
    this.#parts.add({ kind: 'pause', line: 0, milliseconds, ...(isAnswering ? { isAnswering } : {}) });
  }

  #hostItem({ kind, bytes }: HostUnit): HostItem {
    const { masks } = this.#parts;
    switch (kind) {
      case 'data':
        return exactly(masks?.data(bytes) ?? bytes);
      case 'part':
        return exactly(masks?.part(bytes) ?? bytes);
      case 'line':
        return this.#lineItem(withoutEnd(bytes), bytes);
    }
  }

  #lineItem(text: ByteString, bytes: ByteString): HostItem {
    const end = bytes.slice(text.length);
    const shown = this.#parts.masks?.line(text) ?? text;
    if (end !== this.#parts.lineEnd() || !isPlainLine(shown)) return exactly(shown + end);
    return {
      kind: 'host',
      line: 0,
      channel: 1,
      sends: { layout: 'line', pieces: shown === '' ? [] : [{ bytes: shown }] },
    };
  }
}

const exactly = (bytes: ByteString): HostItem => ({
  kind: 'host',
  line: 0,
  channel: 1,
  sends: { layout: 'exact', bytes },
});
