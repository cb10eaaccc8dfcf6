/**
 * The client's side of an MQTT session [MQTT 4.1]: what is under way both ways, and the list of subscriptions. Packets go in,
 * packets to write and events come out. No I/O, no timers, no clock; whether a link exists is not its business.
 */
import { type Flight, Inflight } from './inflight.js';
import {
  headerLength,
  type IncomingPacket,
  type Message,
  type OutgoingPacket,
  type Publication,
  type Subscription,
} from './packets.js';

export type SessionEvent =
  | { event: 'message'; message: Message }
  | { event: 'acknowledged'; id: number }
  /** PUBREC came: the first half of QoS 2. */
  | { event: 'received'; id: number }
  | { event: 'completed'; id: number }
  | { event: 'subscribed'; id: number; granted: number[] }
  | { event: 'unsubscribed'; id: number };

export interface Reaction {
  write?: OutgoingPacket;
  event?: SessionEvent;
  /** An answer to nothing that was asked: brokers in the field do that. Worth a debug line, no more. */
  unexpected?: string;
}

/** CONNACK, PINGRESP and the link are the client's; the rest is the session's. */
export type SessionPacket = Exclude<IncomingPacket, { cmd: 'connack' | 'pingresp' }>;

export interface Launched {
  id: number;
  packet: OutgoingPacket;
}

/** SUBACK's return code for a refused topic [MQTT 3.9.3]. */
export const subscriptionRefused = 0x80;

export class Session {
  readonly #inflight: Inflight;
  /** Ids of QoS 2 messages that were delivered and not yet released: a repetition of them is not delivered again. */
  readonly #received = new Set<number>();
  readonly #subscriptions = new Map<string, number>();

  constructor(limit: number) {
    this.#inflight = new Inflight(limit);
  }

  /** Topic to granted QoS, as far as the client knows. */
  get subscriptions(): ReadonlyMap<string, number> {
    return this.#subscriptions;
  }

  /** How many operations and messages are under way. */
  get underWay(): number {
    return this.#inflight.size;
  }

  /** Those of them that are publications. */
  get publications(): number {
    return this.#inflight.entries().filter(([, { stage }]) => stage === 'published' || stage === 'released').length;
  }

  /** Undefined when too many are under way; so the next two. For QoS 1 and 2: QoS 0 leaves no trace in a session. */
  publish(publication: Publication): Launched | undefined {
    return this.#launch({ stage: 'published', publication });
  }

  subscribe(subscriptions: readonly Subscription[]): Launched | undefined {
    return this.#launch({ stage: 'subscribing', subscriptions });
  }

  unsubscribe(topics: readonly string[]): Launched | undefined {
    return this.#launch({ stage: 'unsubscribing', topics });
  }

  /** The packet to send again for what is still unanswered, with DUP where MQTT has it. */
  repeat(id: number): OutgoingPacket | undefined {
    const flight = this.#inflight.get(id);
    return flight && packetOf(id, flight, 'again');
  }

  receive(packet: SessionPacket): Reaction {
    switch (packet.cmd) {
      case 'publish':
        return this.#deliver(messageOf(packet));
      case 'pubrel':
        this.#received.delete(packet.messageId!);
        return { write: { cmd: 'pubcomp', messageId: packet.messageId } };
      case 'puback':
        return this.#acknowledged(packet.messageId!);
      case 'pubrec':
        return this.#publicationReceived(packet.messageId!);
      case 'pubcomp':
        return this.#completed(packet.messageId!);
      case 'suback':
        return this.#subscribed(packet.messageId!, packet.granted as number[]);
      case 'unsuback':
        return this.#unsubscribed(packet.messageId!);
    }
  }

  /** The link is gone. Subscribe and unsubscribe are not repeated later: their caller was told that they failed. */
  interrupted(): void {
    this.#inflight.drop(flight => flight.stage === 'subscribing' || flight.stage === 'unsubscribing');
  }

  /**
   * The broker took the session up again; what to send again, in order [MQTT-4.4.0-1]. `brokerHasIt` false: it had none, so it
   * knows neither the messages that it received of us nor the ids that it used; messages that it never confirmed go out anew.
   */
  resume(brokerHasIt: boolean): OutgoingPacket[] {
    if (!brokerHasIt) {
      this.#received.clear();
      this.#inflight.drop(flight => flight.stage === 'released');
    }
    return this.#inflight.entries().map(([id, flight]) => packetOf(id, flight, 'again'));
  }

  /** A clean session, or a power cut: nothing is under way. The list of subscriptions is forgotten by itself. */
  reset(): void {
    this.#inflight.reset();
    this.#received.clear();
  }

  forgetSubscriptions(): void {
    this.#subscriptions.clear();
  }

  #launch(flight: Flight): Launched | undefined {
    const id = this.#inflight.launch(flight);
    return id === undefined ? undefined : { id, packet: packetOf(id, flight, 'first') };
  }

  /** QoS 2 is delivered at its PUBLISH, and its id kept until PUBREL [MQTT 4.3.3, figure 4.3, method B]. */
  #deliver(message: Message): Reaction {
    const { id, qos } = message;
    if (qos === 0 || id === undefined) return { event: { event: 'message', message } };
    if (qos === 1) return { write: { cmd: 'puback', messageId: id }, event: { event: 'message', message } };
    const write: OutgoingPacket = { cmd: 'pubrec', messageId: id };
    if (this.#received.has(id)) return { write };
    this.#received.add(id);
    return { write, event: { event: 'message', message } };
  }

  #acknowledged(id: number): Reaction {
    const flight = this.#inflight.get(id);
    if (flight?.stage !== 'published' || flight.publication.qos !== 1) return { unexpected: `PUBACK ${id}` };
    this.#inflight.land(id);
    return { event: { event: 'acknowledged', id } };
  }

  /** Always answered by PUBREL, asked for or not: a broker that repeats its PUBREC waits for that. */
  #publicationReceived(id: number): Reaction {
    const write: OutgoingPacket = { cmd: 'pubrel', messageId: id };
    const flight = this.#inflight.get(id);
    if (flight?.stage === 'released') return { write };
    if (flight?.stage !== 'published' || flight.publication.qos !== 2) return { write, unexpected: `PUBREC ${id}` };
    this.#inflight.release(id);
    return { write, event: { event: 'received', id } };
  }

  #completed(id: number): Reaction {
    if (this.#inflight.get(id)?.stage !== 'released') return { unexpected: `PUBCOMP ${id}` };
    this.#inflight.land(id);
    return { event: { event: 'completed', id } };
  }

  #subscribed(id: number, granted: number[]): Reaction {
    const flight = this.#inflight.get(id);
    if (flight?.stage !== 'subscribing') return { unexpected: `SUBACK ${id}` };
    this.#inflight.land(id);
    for (const [index, { topic }] of flight.subscriptions.entries()) {
      const code = granted[index];
      if (code !== undefined && code !== subscriptionRefused) this.#subscriptions.set(topic, code);
    }
    return { event: { event: 'subscribed', id, granted } };
  }

  #unsubscribed(id: number): Reaction {
    const flight = this.#inflight.get(id);
    if (flight?.stage !== 'unsubscribing') return { unexpected: `UNSUBACK ${id}` };
    this.#inflight.land(id);
    for (const topic of flight.topics) this.#subscriptions.delete(topic);
    return { event: { event: 'unsubscribed', id } };
  }
}

function packetOf(id: number, flight: Flight, time: 'first' | 'again'): OutgoingPacket {
  switch (flight.stage) {
    case 'published': {
      const { topic, payload, qos, retain, dup = false } = flight.publication;
      return { cmd: 'publish', messageId: id, topic, payload, qos, retain, dup: dup || time === 'again' };
    }
    case 'released':
      return { cmd: 'pubrel', messageId: id };
    case 'subscribing':
      return { cmd: 'subscribe', messageId: id, subscriptions: [...flight.subscriptions] };
    case 'unsubscribing':
      return { cmd: 'unsubscribe', messageId: id, unsubscriptions: [...flight.topics] };
  }
}

function messageOf(packet: Extract<IncomingPacket, { cmd: 'publish' }>): Message {
  const { topic, qos, retain, dup, messageId } = packet;
  // Copied: mqtt-packet's payload is a window into the 64 KiB that were read with it.
  const payload = Buffer.from(packet.payload as Buffer);
  const header = headerLength(packet, payload);
  return qos === 0
    ? { topic, payload, qos, retain, dup, header }
    : { topic, payload, qos, retain, dup, id: messageId, header };
}
