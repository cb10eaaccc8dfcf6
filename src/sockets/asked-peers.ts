/**
 * Peers as the host named them: an address that it named itself stands for where a route has really led, and so does its
 * port. The last ones are known; bounded, for a host may send to anybody.
 */
import { isIP } from 'node:net';
import type { Peer } from '../net/route.js';

const most = 64;

export class AskedPeers {
  readonly #asked = new Map<string, Peer>();

  remember(asked: Peer, real: Peer): void {
    const key = keyOf(real);
    this.#asked.delete(key);
    this.#asked.set(key, { host: isIP(asked.host) === 0 ? real.host : asked.host, port: asked.port });
    if (this.#asked.size > most) this.#asked.delete(this.#asked.keys().next().value!);
  }

  /** As the host knows it. */
  named(real: Peer): Peer {
    return this.#asked.get(keyOf(real)) ?? real;
  }

  clear(): void {
    this.#asked.clear();
  }
}

const keyOf = ({ host, port }: Peer): string => `${host} ${port}`;
