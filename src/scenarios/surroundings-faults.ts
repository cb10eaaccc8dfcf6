/** Faults of what a module sees of its network: signal, registration, PDP contexts, access points. */
import { type Domain, domains } from '../network/registration.js';
import type { Surroundings } from '../network/surroundings.js';
import type { Fault, Values } from './fault.js';
import { Overlay } from './overlay.js';

/** As +CREG numbers them [27.007 7.2]. */
const stats = { lost: 0, home: 1, searching: 2, denied: 3, unknown: 4, roaming: 5 } as const;

export class SurroundingsFaults {
  readonly #signal: Overlay<{ rssi: number; ber: number }>;
  readonly #verdicts: Readonly<Record<Domain, Overlay<number>>>;
  readonly #accessPoints: Overlay<boolean>;

  constructor(readonly surroundings: Surroundings) {
    const { cellular, wifi } = surroundings;
    const { signal, registration } = cellular;
    const verdictOf = (domain: Domain) =>
      new Overlay<number>(
        () => registration.verdict(domain),
        stat => registration.set(stat, domain),
      );
    this.#signal = new Overlay(
      () => signal.reading,
      reading => signal.set(reading),
    );
    this.#verdicts = { cs: verdictOf('cs'), ps: verdictOf('ps'), eps: verdictOf('eps') };
    this.#accessPoints = new Overlay(
      () => wifi.accessPoints.isHeard,
      isHeard => (isHeard ? wifi.return() : wifi.lose()),
    );
  }

  /** @returns what ends it; undefined where it has no end of its own */
  act(fault: Fault): (() => void) | undefined {
    const { cellular } = this.surroundings;
    switch (fault.name) {
      case 'network.signal': {
        const { rssi, ber = cellular.signal.reading.ber } = fault.values;
        return this.#signal.put({ rssi, ber });
      }
      case 'network.registration':
        return this.#register(fault.values);
      case 'network.wifi-lost':
        return this.#accessPoints.put(false);
      case 'network.pdp-lost':
        cellular.packetData.deactivateByNetwork(fault.values.cid);
        return undefined;
      default:
        return undefined;
    }
  }

  #register({ state, domain }: Values<'network.registration'>): () => void {
    const ends = (domain === undefined ? domains : [domain]).map(each => this.#verdicts[each].put(stats[state]));
    return () => {
      for (const end of ends) end();
    };
  }
}
