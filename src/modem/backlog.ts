/**
 * A DTE that reads slowly costs memory up to a bound: past the high mark the modem stops reading the network, below the
 * low mark it goes on, and when nothing moves for a while further URCs are dropped and counted.
 */
import type { Timer } from '../base/clock.js';
import type { Channel } from './channel.js';
import { urcLimit } from './urc-queue.js';

const highMark = 256 * 1024;
const lowMark = 128 * 1024;
/** Milliseconds without progress after which URCs are dropped. */
const patience = 5000;
const pollEvery = 20;
/** Bytes of a link must not find the URC queue full: the network waits long before, however small they are. */
const highCount = urcLimit / 2;
const lowCount = urcLimit / 4;

export class Backlog {
  /** `full`: the network waits. `stalled`: URCs are dropped. */
  state: 'normal' | 'full' | 'stalled' = 'normal';
  dropped = 0;
  #delivered = 0;
  #movedAt = 0;
  #poll: Timer | undefined;

  constructor(readonly channel: Channel) {}

  grew(): void {
    if (this.state !== 'normal' || this.#isBelow(highMark + 1, highCount + 1)) return;
    this.state = 'full';
    this.#delivered = this.channel.port.delivered;
    this.#movedAt = this.#clock.now();
    this.channel.modem.backlogChanged();
    this.#watch();
  }

  drained(): void {
    if (this.state !== 'normal') this.#look();
  }

  detached(): void {
    this.#goOn();
  }

  drop(): void {
    this.dropped += 1;
    if (this.dropped === 1 || this.dropped % 1000 === 0)
      this.channel.log.warn({ dropped: this.dropped }, 'the host does not take what it is told: URCs are dropped');
  }

  /** What the host has not taken, and the URCs that a prompt or a running command holds up. */
  get #queued(): number {
    return this.channel.port.queued + this.channel.urcs.bytes;
  }

  #isBelow(bytes: number, count: number): boolean {
    return this.#queued < bytes && this.channel.urcs.length < count;
  }

  get #clock() {
    return this.channel.modem.clock;
  }

  #watch(): void {
    this.#poll = this.#clock.after(pollEvery, () => {
      this.#look();
      if (this.state !== 'normal') this.#watch();
    });
  }

  #look(): void {
    const { delivered } = this.channel.port;
    if (this.#isBelow(lowMark, lowCount)) return this.#goOn();
    if (delivered !== this.#delivered) {
      this.#delivered = delivered;
      this.#movedAt = this.#clock.now();
      if (this.state === 'stalled') this.state = 'full';
    } else if (this.#clock.now() - this.#movedAt >= patience) this.state = 'stalled';
  }

  #goOn(): void {
    this.#poll?.cancel();
    if (this.state === 'normal') return;
    this.state = 'normal';
    this.channel.modem.backlogChanged();
  }
}
