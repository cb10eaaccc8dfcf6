/**
 * When to ping, and when a broker is dead [MQTT 3.1.2.10]. Pure: it is told the time, and says what to do and when to ask
 * again. PINGREQ goes out when nothing was sent for the interval; its answer may take `patience`.
 */
export type Verdict = { say: 'wait'; ms: number } | { say: 'ping' } | { say: 'dead' };

export class Keepalive {
  #quietSince: number;
  #pingedAt: number | undefined;
  #held = false;

  /** All in ms. */
  constructor(
    readonly interval: number,
    readonly patience: number,
    now: number,
  ) {
    this.#quietSince = now;
  }

  /** Any packet of ours counts [MQTT-3.1.2-23]. */
  sent(now: number): void {
    this.#quietSince = now;
  }

  answered(): void {
    this.#pingedAt = undefined;
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
    if (this.#pingedAt !== undefined) return this.#awaitAnswer(this.#pingedAt + this.patience - now);
    const left = this.#quietSince + this.interval - now;
    if (left > 0) return { say: 'wait', ms: left };
    this.#pingedAt = now;
    this.#quietSince = now;
    return { say: 'ping' };
  }

  #awaitAnswer(left: number): Verdict {
    if (left > 0) return { say: 'wait', ms: left };
    return this.#held ? { say: 'wait', ms: this.patience } : { say: 'dead' };
  }
}
