/**
 * What was sent and not yet answered, by packet id and in the order in which it must be sent again [MQTT-4.6.0-1]. One space
 * of ids serves publish, subscribe and unsubscribe [MQTT-2.3.1-2].
 */
import { PacketIds } from './packet-ids.js';
import type { Publication, Subscription } from './packets.js';

export type Flight =
  /** Waits for PUBACK (QoS 1) or PUBREC (QoS 2). */
  | { stage: 'published'; publication: Publication }
  /** QoS 2 after PUBREC: the broker has the message, PUBREL is out, PUBCOMP is awaited. */
  | { stage: 'released' }
  | { stage: 'subscribing'; subscriptions: readonly Subscription[] }
  | { stage: 'unsubscribing'; topics: readonly string[] };

export class Inflight {
  readonly #ids = new PacketIds();
  readonly #flights = new Map<number, Flight>();

  constructor(readonly limit: number) {}

  /** The id that the flight got, or undefined when as many as allowed are under way. */
  launch(flight: Flight): number | undefined {
    if (this.#flights.size >= this.limit) return undefined;
    const id = this.#ids.take(taken => this.#flights.has(taken));
    if (id !== undefined) this.#flights.set(id, flight);
    return id;
  }

  get(id: number): Flight | undefined {
    return this.#flights.get(id);
  }

  /** PUBRECs are answered, and answered again after a lost link, in the order in which they came [MQTT-4.6.0-4]. */
  release(id: number): void {
    this.#flights.delete(id);
    this.#flights.set(id, { stage: 'released' });
  }

  land(id: number): void {
    this.#flights.delete(id);
  }

  entries(): [id: number, flight: Flight][] {
    return [...this.#flights];
  }

  /** Forgets those that the predicate names. */
  drop(which: (flight: Flight) => boolean): void {
    for (const [id, flight] of this.#flights) if (which(flight)) this.#flights.delete(id);
  }

  reset(): void {
    this.#flights.clear();
    this.#ids.restart();
  }

  get size(): number {
    return this.#flights.size;
  }
}
