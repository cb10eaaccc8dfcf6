/** Keep-alive on a clock: asks `Keepalive` what to do, and asks again when it says. One timer at a time, however much is sent. */
import type { Clock, Timer } from '../base/clock.js';
import { Keepalive } from './keepalive.js';

export class Heartbeat {
  #keepalive: Keepalive | undefined;
  #timer: Timer | undefined;
  #reading: 'read' | 'held' = 'read';

  constructor(
    readonly clock: Clock,
    readonly events: { ping(): void; dead(): void },
  ) {}

  /** An interval of 0 is none [MQTT 3.1.2.10]. */
  start(interval: number, patience: number, retries = 0): void {
    this.stop();
    if (interval === 0) return;
    this.#keepalive = new Keepalive(interval, patience, this.clock.now(), retries);
    if (this.#reading === 'held') this.#keepalive.hold();
    this.#look();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#keepalive = undefined;
  }

  sent(): void {
    this.#keepalive?.sent(this.clock.now());
  }

  answered(): void {
    this.#keepalive?.answered();
  }

  hold(): void {
    this.#reading = 'held';
    this.#keepalive?.hold();
  }

  release(): void {
    this.#reading = 'read';
    this.#keepalive?.release(this.clock.now());
  }

  #look(): void {
    const verdict = this.#keepalive?.verdict(this.clock.now());
    switch (verdict?.say) {
      case 'wait':
        this.#timer = this.clock.after(verdict.ms, () => this.#look());
        break;
      case 'ping':
        this.events.ping();
        this.#look();
        break;
      case 'dead':
        this.stop();
        this.events.dead();
        break;
      case undefined: // stopped
    }
  }
}
