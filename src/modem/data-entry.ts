/**
 * One data phase: what was asked for, what waits for it, and the times that end it. The framer counts the bytes; this
 * decides when the host has been waited for long enough.
 */
import type { ByteString } from '../base/bytes.js';
import type { Clock, Timer } from '../base/clock.js';
import type { DataRequest, Result } from '../grammar/exchange.js';
import { Later } from './later.js';

/** How a data phase ends by time: `done` where silence says that all has come, `cancelled` by an escape between silences. */
export type DataTimeout = 'done' | 'timeout' | 'cancelled';

export class DataEntry {
  /** Resumes the exchange in the turn of the last byte. */
  readonly later = new Later();
  readonly #deadline: Timer | undefined;
  #idle: Timer | undefined;
  #silence: Timer | undefined;
  #acknowledged = 0;
  #guard: Timer | undefined;
  /** Bytes that had come when the host was last silent. */
  #frameAt = 0;

  constructor(
    readonly request: DataRequest,
    readonly clock: Clock,
    /** What has come so far. */
    readonly collected: () => ByteString,
    readonly ended: (outcome: DataTimeout) => void,
  ) {
    this.#deadline = request.within === undefined ? undefined : clock.after(request.within, () => ended('timeout'));
    this.#restartSilence();
  }

  /** Bytes came: `received` in all so far. @returns what the module says to them at once */
  heard(received: number): string {
    this.#restartSilence();
    this.#restartIdle(received);
    this.#restartGuard();
    return this.acknowledgement(received);
  }

  /** What is to be said for every so many bytes, as far as it was not said before. */
  acknowledgement(received: number): string {
    const { every = Number.POSITIVE_INFINITY, bytes = '' } = this.request.acknowledge ?? {};
    let said = '';
    for (; this.#acknowledged + every <= received; this.#acknowledged += every) said += bytes;
    return said;
  }

  close(): void {
    for (const timer of [this.#deadline, this.#idle, this.#silence, this.#guard]) timer?.cancel();
  }

  resolve(result: Result): void {
    this.later.resolve(result);
  }

  /** Data that ends by silence: the silence counts from the last byte, and not before the first. */
  #restartIdle(received: number): void {
    const { idle } = this.request;
    if (idle === undefined || received === 0) return;
    this.#idle?.cancel();
    this.#idle = this.clock.after(idle, () => this.ended('done'));
  }

  /** An escape is a frame of its own: what came between two silences. */
  #restartGuard(): void {
    const rule = this.request.escape;
    if (!rule) return;
    this.#guard?.cancel();
    this.#guard = this.clock.after(rule.guard, () => {
      const all = this.collected();
      if (all.slice(this.#frameAt) === rule.sequence) return this.ended('cancelled');
      this.#frameAt = all.length;
    });
  }

  /** A host that types nothing more is not waited for. */
  #restartSilence(): void {
    const { silence } = this.request;
    if (silence === undefined) return;
    this.#silence?.cancel();
    this.#silence = this.clock.after(silence, () => this.ended('timeout'));
  }
}
