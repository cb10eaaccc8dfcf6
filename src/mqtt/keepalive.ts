/**
 * When to ping, and when a broker is dead [MQTT 3.1.2.10]. Pure: it is told the time, and says what to do and when to ask
 * again. PINGREQ goes out when nothing was sent for the interval; its answer may take `patience`, and it may be repeated.
 */
export type Verdict = { say: 'wait'; ms: number } | { say: 'ping' } | { say: 'dead' };

export class Keepalive {
  #quietSince: number;
  #pingedAt: number | undefined;
  #held = false;
  #retriesLeft: number;

  /** All in ms. */
  constructor(
    readonly interval: number,
    readonly patience: number,
    now: number,
    readonly retries = 0,
  ) {
    this.#quietSince = now;
    this.#retriesLeft = retries;
  }

  /** Any packet of ours counts [MQTT-3.1.2-23]. */
  sent(now: number): void {
    this.#quietSince = now;
  }

  answered(): void {
    this.#pingedAt = undefined;
    this.#retriesLeft = this.retries;
  }

  /** Nobody reads the link: an answer may be there unread, so its absence proves nothing until `release`. */
  hold(): void {
    this.#held = true;
  }

  release(now: number): void {
    this.#held = false;
    if (this.#pingedAt !== undefined) this.#pingedAt = now;
  }

  verdict(now: number): Verdict {
    if (this.#pingedAt !== undefined) return this.#awaitAnswer(this.#pingedAt + this.patience - now, now);
    const left = this.#quietSince + this.interval - now;
    if (left > 0) return { say: 'wait', ms: left };
    this.#pingedAt = now;
    this.#quietSince = now;
    return { say: 'ping' };
  }

  #awaitAnswer(left: number, now: number): Verdict {
    if (left > 0) return { say: 'wait', ms: left };
    if (this.#held) return { say: 'wait', ms: this.patience };
    if (this.#retriesLeft === 0) return { say: 'dead' };
    this.#retriesLeft -= 1;
    this.#pingedAt = now;
    this.#quietSince = now;
    return { say: 'ping' };
  }
}
