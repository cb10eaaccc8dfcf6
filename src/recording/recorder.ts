/**
 * Both sides of a port, in the order in which they spoke: bytes with their times in, units out. Pure. What a modem echoes
 * while a line is being typed stands behind the line, where a host that writes it in one go would find it.
 */
import type { ByteString } from '../base/bytes.js';
import type { DeliveryItem, FaultItem, PublishItem } from '../transcripts/transcript.js';
import { HostTalk, type HostUnit, type LineEnd } from './host-talk.js';
import { ModemTalk, type ModemUnit, stateAfter } from './modem-talk.js';

/** What happens beside the bytes. */
export type Happening = PublishItem | DeliveryItem | FaultItem;

export interface DialogueListener {
  /** The first host has come: the dialogue counts its time from here. */
  began(at: number): void;
  host(unit: HostUnit): void;
  modem(unit: ModemUnit): void;
  happened(item: Happening, at: number): void;
}

/** Times are in ms and never go back. */
export class Recorder {
  readonly #host = new HostTalk();
  readonly #modem = new ModemTalk();
  /** What came of the modem is, byte by byte, what came of the host's pending unit. */
  #echo: ByteString = '';

  constructor(readonly listener: DialogueListener) {}

  /** How this host ends its lines, once it is known. */
  get lineEnd(): LineEnd | undefined {
    return this.#host.end;
  }

  begin(at: number): void {
    this.listener.began(at);
  }

  host(bytes: ByteString, at: number): void {
    if (this.#host.pending === '') this.#tellModem(this.#modem.flush());
    this.#tellHost(this.#host.take(bytes, at));
  }

  modem(bytes: ByteString, at: number): void {
    if (this.#host.pending !== '') {
      const echo = this.#echo + bytes;
      if (this.#host.pending.startsWith(echo)) {
        this.#echo = echo;
        return;
      }
      this.#tellHost(this.#host.flush());
    }
    this.#tellModem(this.#modem.take(bytes, at));
  }

  happened(item: Happening, at: number): void {
    if (this.#host.pending === '' || item.kind === 'fault') this.flush();
    this.listener.happened(item, at);
  }

  /** Nothing more belongs to what has come. */
  flush(): void {
    this.#tellHost(this.#host.flush());
    this.#tellModem(this.#modem.flush());
  }

  #tellHost(units: readonly HostUnit[]): void {
    for (const unit of units) {
      this.listener.host(unit);
      this.#tellEcho(unit);
    }
  }

  /** Of a line's echo the rest, its CR, is still to come. */
  #tellEcho({ kind, at }: HostUnit): void {
    const bytes = this.#echo;
    this.#echo = '';
    if (bytes === '') return;
    this.#tellModem(kind === 'line' ? this.#modem.take(bytes, at) : [{ bytes, at }]);
  }

  #tellModem(units: readonly ModemUnit[]): void {
    for (const unit of units) {
      this.listener.modem(unit);
      this.#host.state = stateAfter(unit.bytes, this.#host.state);
    }
  }
}
