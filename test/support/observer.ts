/**
 * Another MQTT client beside the modem: sees what the broker delivers, publishes to the modem, and makes round trips
 * that say "the broker has handled all that came before". Built on MQTT.js, so that it shares no code with the modem.
 */
import type { Socket } from 'node:net';
import { connectAsync, type IPublishPacket, type MqttClient } from 'mqtt';
import { type ByteString, fromBuffer, toBuffer } from '../../src/base/bytes.js';
import { Signal } from '../../src/base/signal.js';
import type { Message } from '../../src/transcripts/transcript.js';
import { eventually, patience, turns, within } from './patience.js';
import type { Address } from './sockets.js';

/** Topics under `$` are outside of `#`, so a modem that subscribes to everything does not meet them [MQTT-4.7.2-1]. */
const privateTopic = '$atmodem/round-trip';

export class Observer {
  readonly #received = new Signal<void>();
  /** Not yet asked for, by topic, in order of arrival. */
  readonly #messages = new Map<string, Message[]>();
  /** Own publications that will come back through `#`. */
  #echoes: Message[] = [];
  #roundTrip = 0;
  #returned = 0;

  private constructor(
    private readonly broker: Address,
    private readonly client: MqttClient,
    /** Subscribes only when asked what is retained: a broker shows that to new subscriptions alone [MQTT-3.3.1-9]. */
    private readonly sweeper: MqttClient,
  ) {
    client.on('message', (topic, payload, packet) => this.#take(topic, fromBuffer(payload), packet));
  }

  static async start(broker: Address): Promise<Observer> {
    const [client, sweeper] = await Promise.all([
      connectTo(broker, 'atmodem-observer'),
      connectTo(broker, 'atmodem-sweeper'),
    ]);
    const observer = new Observer(broker, client, sweeper);
    await client.subscribeAsync({ '#': { qos: 2 }, [privateTopic]: { qos: 0 } });
    return observer;
  }

  /** Publishes, and waits until the broker has accepted it and delivered it here. */
  async publish(message: Message): Promise<void> {
    const { topic, payload, qos, retain } = message;
    if (!topic.startsWith('$')) this.#echoes.push(message);
    const published = this.client.publishAsync(topic, toBuffer(payload), { qos, retain });
    await within(patience, () => `the broker does not take a message to ${topic}`, published);
    const back = await eventually(() => !this.#echoes.includes(message), this.#received);
    if (!back) throw new Error(`the broker does not deliver a message to ${topic}`);
  }

  /** The next message on this topic that nobody has asked for; undefined if none comes in time. */
  async next(topic: string, limit: number): Promise<Message | undefined> {
    await eventually(() => (this.#messages.get(topic)?.length ?? 0) > 0, this.#received, limit);
    return this.#messages.get(topic)?.shift();
  }

  /** What came on this topic and was not asked for. */
  rest(topic: string): readonly Message[] {
    return this.#messages.get(topic) ?? [];
  }

  forget(): void {
    this.#messages.clear();
    this.#echoes = [];
  }

  /** Resolves when the broker has handled everything it had read before. */
  async roundTrip(): Promise<void> {
    const number = ++this.#roundTrip;
    this.client.publish(privateTopic, String(number));
    if (await eventually(() => this.#returned >= number, this.#received)) return;
    throw new Error('the broker under test does not answer any more');
  }

  /** What the broker retains, by topic; and it retains nothing any more. */
  async takeRetained(): Promise<Map<string, ByteString>> {
    const retained = new Map<string, ByteString>();
    const collect = (topic: string, payload: Buffer, { retain }: IPublishPacket) => {
      if (retain) retained.set(topic, fromBuffer(payload));
    };
    this.sweeper.on('message', collect);
    await this.sweeper.subscribeAsync('#', { qos: 0 });
    await this.roundTrip();
    await turns(4);
    this.sweeper.off('message', collect);
    const cleared = [...retained.keys()].map(topic => this.sweeper.publishAsync(topic, '', { qos: 1, retain: true }));
    await Promise.all([this.sweeper.unsubscribeAsync('#'), ...cleared]);
    return retained;
  }

  /** Takes the session over and ends it, with its subscriptions, its queue and its will. */
  async endSession(clientId: string): Promise<void> {
    const client = await connectTo(this.broker, clientId);
    await client.endAsync();
  }

  async stop(): Promise<void> {
    await Promise.all([this.client.endAsync(true), this.sweeper.endAsync(true)]);
  }

  #take(topic: string, payload: ByteString, { qos, retain }: IPublishPacket): void {
    if (topic === privateTopic) this.#returned = Math.max(this.#returned, Number(payload));
    else if (!this.#isEcho(topic, payload, qos)) {
      this.#messages.set(topic, [...this.rest(topic), { topic, payload, qos, retain }]);
    }
    this.#received.emit();
  }

  #isEcho(topic: string, payload: ByteString, qos: number): boolean {
    const echo = this.#echoes.find(own => own.topic === topic && own.payload === payload && own.qos === qos);
    this.#echoes = this.#echoes.filter(own => own !== echo);
    return echo !== undefined;
  }
}

async function connectTo({ host, port }: Address, clientId: string): Promise<MqttClient> {
  const options = { clientId, clean: true, reconnectPeriod: 0, connectTimeout: patience, keepalive: 0 };
  const client = await connectAsync(`mqtt://${host}:${port}`, { ...options, protocolVersion: 4 });
  (client.stream as Socket).setNoDelay(true); // else a round trip may wait 40 ms for an acknowledgement of TCP
  return client;
}
