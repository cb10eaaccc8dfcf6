/** A UDP link whose datagrams may be late, in order, or lost, each way. */
import type { Clock } from '../base/clock.js';
import { DelayLine } from '../base/delay-line.js';
import type { Peer } from '../net/route.js';
import type { Fate } from '../net/shaped-link.js';
import type { Link, LinkEvents } from './link.js';

/** Bytes under way each way: past it more are lost, as on a full radio. */
const mostUnderWay = 256 * 1024;

export interface DatagramShape {
  fate: Fate;
  clock: Clock;
  events: LinkEvents;
}

export class ShapedDatagrams implements Link {
  readonly kind = 'udp';
  readonly #link: Link;
  readonly #fate: Fate;
  readonly #out: DelayLine;
  readonly #in: DelayLine;
  #outgoing = 0;

  private constructor(link: Link, { fate, clock }: DatagramShape, incoming: DelayLine) {
    this.#link = link;
    this.#fate = fate;
    this.#out = new DelayLine(clock);
    this.#in = incoming;
  }

  /** @param open makes the link within; rejects where that does */
  static async around(open: (events: LinkEvents) => Promise<Link>, shape: DatagramShape): Promise<ShapedDatagrams> {
    const { fate, clock, events } = shape;
    const incoming = new DelayLine(clock);
    let underWay = 0;
    const link = await open({
      ...events,
      arrived: arrival => {
        const { length } = arrival.bytes;
        const ms = fate('in', length);
        if (ms === 'lost' || underWay + length > mostUnderWay) return;
        underWay += length;
        incoming.put(ms, () => {
          underWay -= length;
          events.arrived(arrival);
        });
      },
    });
    return new ShapedDatagrams(link, shape, incoming);
  }

  get address(): string {
    return this.#link.address;
  }

  get port(): number {
    return this.#link.port;
  }

  get local(): number {
    return this.#link.local;
  }

  get queued(): number {
    return this.#link.queued;
  }

  send(bytes: Buffer, to?: Peer): Promise<'sent' | 'lost'> {
    const ms = this.#fate('out', bytes.length);
    if (ms === 'lost' || this.#outgoing + bytes.length > mostUnderWay) return Promise.resolve('sent');
    if (ms === 0 && this.#out.isEmpty) return this.#link.send(bytes, to);
    this.#outgoing += bytes.length;
    this.#out.put(ms, () => {
      this.#outgoing -= bytes.length;
      void this.#link.send(bytes, to);
    });
    return Promise.resolve('sent');
  }

  pause(): void {
    this.#link.pause();
  }

  resume(): void {
    this.#link.resume();
  }

  close(): Promise<void> {
    this.#forget();
    return this.#link.close();
  }

  reset(): void {
    this.#forget();
    this.#link.reset();
  }

  #forget(): void {
    this.#in.clear();
    this.#out.clear();
  }
}
