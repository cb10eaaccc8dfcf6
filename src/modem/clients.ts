/**
 * The MQTT clients of a modem, made when first named. Owns what lies around each: who opened it, what was opened, and how
 * its events reach the dialect's rules.
 */
import { type ByteString, fromBuffer, utf8ToBytes } from '../base/bytes.js';
import { MqttClient } from '../mqtt/client.js';
import { describePacket } from '../mqtt/packet-text.js';
import type { Message } from '../mqtt/packets.js';
import type { Dialling, DialRequest } from '../net/dial.js';
import type { Channel } from './channel.js';
import { linksChanged } from './ip-links.js';
import type { Modem } from './modem.js';

export interface ClientSlot {
  readonly index: number;
  readonly client: MqttClient;
  /** The channel that opened it: its URCs go there. */
  owner: Channel | undefined;
  /** What the last open named, as the host wrote it: for reads that print it. */
  opened: { host: ByteString; port: number } | undefined;
  /** The PDP context it goes through, where its dialect says: it ends with that one. */
  cid: number | undefined;
}

export class Clients {
  readonly #slots = new Map<number, ClientSlot>();

  constructor(
    readonly modem: Modem,
    readonly dial: (request: DialRequest) => Dialling,
  ) {}

  /** Those that the dialect's parameters can name. */
  get indexes(): number[] {
    const { from, to } = this.modem.dialect.addresses.get('client') ?? { from: 0, to: 0 };
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  }

  /** The one that a command means which names none. */
  get first(): number {
    return this.modem.dialect.addresses.get('client')?.from ?? 0;
  }

  get size(): number {
    return this.#slots.size;
  }

  /** Those that were named since power-on. */
  get named(): ClientSlot[] {
    return [...this.#slots.values()];
  }

  /** Does any of them have a link, or try to? */
  get holdLink(): boolean {
    return this.named.some(({ client }) => client.state !== 'idle' && client.state !== 'lost');
  }

  ifAny(index: number): ClientSlot | undefined {
    return this.#slots.get(index);
  }

  of(index: number): ClientSlot {
    return this.#slots.get(index) ?? this.#make(index);
  }

  /** The network went away under all of them, or one PDP context under those that go through it. */
  drop(why: string, cid?: number): void {
    for (const { client, ...slot } of this.#slots.values()) {
      if (client.state === 'idle' || client.state === 'lost') continue;
      if (cid !== undefined && slot.cid !== cid) continue;
      this.modem.log.debug({ why }, 'the network is gone: the link is lost');
      client.drop('network');
    }
  }

  /** Stops reading the network, or goes on. */
  hold(isHeld: boolean): void {
    for (const { client } of this.#slots.values()) {
      if (isHeld) client.pause();
      else client.resume();
    }
  }

  /** A power cut. */
  destroy(): void {
    for (const { client } of this.#slots.values()) client.destroy();
    this.#slots.clear();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#slots.values()].map(({ client }) => client.close()));
  }

  #make(index: number): ClientSlot {
    const { modem } = this;
    const client = new MqttClient({
      clock: modem.clock,
      log: modem.log.child({ client: index }),
      dial: this.dial,
      spoilConnack: (host, port) => modem.faults?.connack({ channel: slot.owner?.index ?? 0, host, port }),
    });
    const slot: ClientSlot = { index, client, owner: undefined, opened: undefined, cid: undefined };
    const address = { client: index };
    client.message.on(message => {
      modem.counters.messagesIn += 1;
      modem.event('mqtt.message', messageFields(message), address, slot.owner);
    });
    client.lost.on(({ cause, answered }) => {
      modem.events.emit({ event: 'mqtt', client: index, state: 'lost' });
      linksChanged(modem);
      if (!answered) modem.event('mqtt.lost', { cause }, address, slot.owner);
    });
    client.reconnected.on(({ session }) => modem.event('mqtt.reconnected', { session }, address, slot.owner));
    client.packet.on(({ direction, packet }) => {
      if (direction === 'out' && packet.cmd === 'publish') modem.counters.messagesOut += 1;
      if (!modem.dialogue.isHeard) return;
      modem.say({ channel: slot.owner?.index ?? 0, from: 'broker', direction, text: describePacket(packet) });
    });
    if (modem.holdsNetwork) client.pause();
    this.#slots.set(index, slot);
    return slot;
  }
}

function messageFields({ topic, payload, qos, retain, dup, id, header }: Message) {
  const bytes = fromBuffer(payload);
  return {
    topic: utf8ToBytes(topic),
    payload: bytes,
    length: bytes.length,
    qos,
    retain: retain ? 1 : 0,
    dup: dup ? 1 : 0,
    msgid: id ?? 0,
    header,
  };
}
