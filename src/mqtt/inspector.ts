/**
 * Looks at the bytes that pass through a TCP link of the modem and, where they are MQTT, says what they are and what is wrong
 * with them: firmware that has no MQTT commands makes its packets by hand. It changes nothing, keeps about a kilobyte a
 * direction, and lets go of a link that speaks something else at its first bytes. No I/O, no timer, no clock.
 */
import { BrokerFlow } from './inspect/broker-flow.js';
import { ClientFlow } from './inspect/client-flow.js';
import { hexMeant, likeness } from './inspect/likeness.js';
import type { Finding } from './inspect/packet-reading.js';

export interface Inspected {
  /** `out`: from the DTE to its peer. */
  direction: 'out' | 'in';
  /** One line: a packet as the dialogue tells it, or what stands where one should. Escaped, and without secrets. */
  text: string;
  /** What is wrong with it, for the one who made it. */
  fault?: string;
}

interface Flows {
  client: ClientFlow;
  broker: BrokerFlow;
}

export class LinkInspector {
  /** Undefined until the first bytes of the DTE are those of MQTT. */
  #flows: Flows | undefined;
  /** Those bytes, while it is not sure. */
  #held: Buffer | undefined = Buffer.alloc(0);

  /**
   * One write of the DTE: one command's data, or one packet of transparent mode. Where a write ends matters for naming a
   * wrong length.
   */
  sent(bytes: Buffer): Inspected[] {
    if (this.#flows) return this.#write(this.#flows, bytes);
    const begun = this.#decide(bytes);
    if (!begun || !this.#flows) return [];
    return this.#write(this.#flows, begun);
  }

  /** In whatever pieces they came. What comes before the DTE has sent anything is nothing of MQTT. */
  received(bytes: Buffer): Inspected[] {
    return directed('in', this.#flows?.broker.read(bytes));
  }

  /** The link is over; a packet that is not whole is told. */
  ended(): Inspected[] {
    const last = [...directed('out', this.#flows?.client.end()), ...directed('in', this.#flows?.broker.end())];
    this.#letGo();
    return last;
  }

  #write({ client }: Flows, bytes: Buffer): Inspected[] {
    const found = client.write(bytes);
    if (client.state === 'mqtt-5') this.#letGo();
    return directed('out', found);
  }

  /** All that was written so far, once it is sure to be MQTT. */
  #decide(bytes: Buffer): Buffer | undefined {
    if (!this.#held) return undefined;
    const held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const like = likeness(held);
    if (like === 'cut') {
      this.#held = Buffer.from(held);
      return undefined;
    }
    this.#held = undefined;
    if (like === 'no' && !isHexConnect(held)) return undefined;
    this.#flows = { client: new ClientFlow(), broker: new BrokerFlow() };
    return held;
  }

  #letGo(): void {
    this.#flows = undefined;
    this.#held = undefined;
  }
}

/** Other protocols have short words of hex digits. */
const isHexConnect = (bytes: Buffer): boolean => hexMeant(bytes)?.[0] === 0x10;

const directed = (direction: Inspected['direction'], found: Finding[] = []): Inspected[] =>
  found.map(finding => ({ direction, ...finding }));
