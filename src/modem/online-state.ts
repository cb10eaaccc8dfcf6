/**
 * Online data state of a channel: what the host types goes to a link, and what comes on the link goes to the host, without a
 * frame. Owns the packets that typed bytes are gathered in, and the escape; ends when the host escapes or the link is lost.
 */
import { EscapeWatch } from '../at/escape-watch.js';
import { fromBuffer } from '../base/bytes.js';
import type { Timer } from '../base/clock.js';
import type { OnlineRequest } from '../grammar/exchange.js';
import type { Channel } from './channel.js';
import { Later } from './later.js';
import type { LinkSlot } from './links.js';

/** Past so many bytes that the peer has not taken, the host is not read. */
const mostUnsent = 256 * 1024;

export class OnlineState {
  /** Resumes the exchange in the turn it ends. */
  readonly later = new Later();
  readonly #watch: EscapeWatch;
  #packet: Buffer[] = [];
  #packed = 0;
  #packetEnd: Timer | undefined;
  #patience: Timer | undefined;
  #typedAt = Number.NEGATIVE_INFINITY;
  /** Counts what the host typed: a wait that began before the last of it means nothing. */
  #typed = 0;
  #isHostHeld = false;
  #lost = 0;

  constructor(
    readonly channel: Channel,
    readonly slot: LinkSlot,
    readonly request: OnlineRequest,
    readonly ended: (outcome: 'escaped' | 'lost') => void,
  ) {
    const { escape: sequence, guard, guardAfter, gap } = request;
    this.#watch = new EscapeWatch({ sequence, guard, guardAfter, gap });
    slot.online = this;
    slot.socket.keep(request.redial);
  }

  /** What came before, and was not fetched, is the host's first. */
  takeWaiting(): void {
    const { socket } = this.slot;
    for (let taken = socket.read(Number.MAX_SAFE_INTEGER); taken; taken = socket.read(Number.MAX_SAFE_INTEGER))
      this.fromNetwork(taken.bytes);
  }

  fromHost(bytes: Buffer): void {
    const now = this.#clock.now();
    const data = this.#watch.take(bytes, now - this.#typedAt);
    this.#typedAt = now;
    this.#typed += 1;
    if (data.length > 0) this.#pack(data);
    this.#awaitEscape();
  }

  fromNetwork(bytes: Buffer): void {
    this.channel.writeOnline(bytes);
  }

  /** The peer has taken all: the host is read again. Silence that this side made is none of the host's. */
  drained(): void {
    if (!this.#isHostHeld) return;
    this.#isHostHeld = false;
    this.#typedAt = this.#clock.now();
    this.channel.port.hold(false);
  }

  linkLost(): void {
    this.ended('lost');
  }

  /** Before the exchange goes on: what was typed is sent, and the link is an ordinary one again. */
  close(): void {
    this.#send();
    this.abandon();
    this.slot.socket.keep(undefined);
    this.drained();
    if (this.#lost > 0) this.channel.log.warn({ bytes: this.#lost }, 'typed while there was no link: lost');
  }

  /** A power cut. */
  abandon(): void {
    this.#packetEnd?.cancel();
    this.#patience?.cancel();
    if (this.#isHostHeld) this.channel.port.hold(false);
    this.#isHostHeld = false;
    if (this.slot.online === this) this.slot.online = undefined;
  }

  get #clock() {
    return this.channel.modem.clock;
  }

  #awaitEscape(): void {
    this.#patience?.cancel();
    const ms = this.#watch.patience;
    if (ms === undefined) return;
    // A byte that is here already must count, even where the timer is late: one more turn, in which it is read.
    this.#patience = this.#clock.after(ms, () => {
      const typed = this.#typed;
      this.#clock.soon(() => {
        if (typed === this.#typed && this.slot.online === this) this.#elapsed();
      });
    });
  }

  #elapsed(): void {
    const end = this.#watch.elapsed();
    if (end.escaped) return this.ended('escaped');
    this.#pack(end.data);
    this.#send();
  }

  /** As a module's buffer: it is sent when it is full, or when the host has been silent for so long. */
  #pack(data: Buffer): void {
    const { packet, limit } = this.request;
    for (let at = 0; at < data.length; ) {
      const piece = data.subarray(at, at + limit - this.#packed);
      this.#packet.push(piece);
      this.#packed += piece.length;
      at += piece.length;
      if (this.#packed >= limit) this.#send();
    }
    this.#packetEnd?.cancel();
    if (this.#packed === 0) return;
    if (packet === undefined) this.#send();
    else this.#packetEnd = this.#clock.after(packet, () => this.#send());
  }

  #send(): void {
    if (this.#packed === 0) return;
    const bytes = this.#packet.length === 1 ? this.#packet[0]! : Buffer.concat(this.#packet);
    this.#packet = [];
    this.#packed = 0;
    const { socket } = this.slot;
    if (socket.state !== 'connected') {
      this.#lost += bytes.length;
      return;
    }
    this.channel.modem.heardData(this.channel, fromBuffer(bytes.subarray(0, 81)), bytes.length);
    void socket.send(bytes);
    if (this.#isHostHeld || socket.queued <= mostUnsent) return;
    this.#isHostHeld = true;
    this.channel.port.hold(true);
  }
}
