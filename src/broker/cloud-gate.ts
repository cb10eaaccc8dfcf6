/**
 * Makes the broker a cloud: binds the rules of IoT platforms to its hooks. Who signs in wrongly is refused with the
 * platform's CONNACK code, and the log says why. Owns which client is which device; knows no platform.
 */
import type { Aedes, AedesPublishPacket, Client, ConnectPacket, PublishPacket, Subscription } from 'aedes';
import type { Clock } from '../base/clock.js';
import { DropLog } from '../base/drop-log.js';
import type { Log } from '../base/log.js';
import type { Cloud, DeviceNames } from '../clouds/cloud.js';
import { type CloudDevice, keyOf, type Platform, type SignIn, type SignInAnswer } from '../clouds/platform.js';
import { transportOf } from './client-link.js';

/** What a test does in the place of the platform's console. */
export interface CloudControl {
  /** Every device of the list. */
  devices(): readonly (CloudDevice & { online: boolean })[];
  /**
   * Sends `property/set`, as the platform's console does. A device that is away, or has not subscribed, gets nothing.
   * @returns the message's topic and id; the device's `set_reply` has the id too
   * @throws OperatorError where the list has no such device
   */
  setProperty(device: DeviceNames, params: Readonly<Record<string, unknown>>): Promise<{ id: string; topic: string }>;
}

export interface CloudGateParts {
  cloud: Cloud;
  aedes: Aedes;
  /** At QoS 0, as the platform's own. */
  publish: (topic: string, payload: string) => Promise<void>;
  clock: Clock;
  log: Log;
}

/** Where a message goes that nobody may get: no device can subscribe to it. */
const nowhere = '$SYS/refused';

export class CloudGate implements CloudControl {
  readonly #cloud: Cloud;
  readonly #publish: CloudGateParts['publish'];
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #answers = new WeakMap<Client, SignInAnswer>();
  readonly #devices = new WeakMap<Client, CloudDevice>();
  /** By the key of the device. */
  readonly #online = new Map<string, Client>();
  readonly #offTopic: DropLog;
  #lastId = 0;

  constructor({ cloud, aedes, publish, clock, log }: CloudGateParts) {
    this.#cloud = cloud;
    this.#publish = publish;
    this.#clock = clock;
    this.#log = log;
    this.#offTopic = new DropLog('a device published to a topic that it may not', clock, log);
    this.#bind(aedes);
  }

  devices(): readonly (CloudDevice & { online: boolean })[] {
    return this.#cloud.devices.map(device => ({ ...device, online: this.#online.has(keyOf(device)) }));
  }

  async setProperty(
    names: DeviceNames,
    params: Readonly<Record<string, unknown>>,
  ): Promise<{ id: string; topic: string }> {
    const device = this.#cloud.find(names);
    this.#lastId += 1;
    const id = String(this.#lastId);
    const { topic, payload } = this.#cloud.platformOf(device).propertySet(device, id, params);
    await this.#publish(topic, payload);
    return { id, topic };
  }

  #bind(aedes: Aedes): void {
    const { authorizePublish } = aedes;
    aedes.preConnect = (client, packet, done) => {
      this.#judge(client, packet);
      done(null, true);
    };
    aedes.authenticate = (client, _username, _password, done) => {
      const returnCode = this.#admit(client);
      if (returnCode === 0) done(null, true);
      else done(Object.assign(new Error('refused by the cloud'), { returnCode }), false);
    };
    aedes.authorizePublish = (client, packet, done) => {
      const device = client ? this.#devices.get(client) : undefined;
      if (device) done(this.#judgePublish(device, packet));
      else authorizePublish(client, packet, done);
    };
    aedes.authorizeSubscribe = (client, subscription, done) => done(null, this.#judgeSubscribe(client, subscription));
    aedes.authorizeForward = (client, packet) => (this.#mayReceive(client, packet.topic) ? packet : null);
    aedes.on('client', client => this.#came(client));
    aedes.on('clientDisconnect', client => this.#left(client));
    aedes.on('publish', (packet, client) => client && this.#answer(client, packet));
  }

  // Signing in: what CONNECT says is judged when it comes, and told when the broker asks.

  #judge(client: Client, packet: ConnectPacket): void {
    const signIn = { ...credentialsIn(packet), transport: transportOf(client) };
    const answer = this.#cloud.signIn(signIn, this.#clock.wall());
    if (!answer) return;
    this.#answers.set(client, answer);
    if ('refusal' in answer) this.#tellRefusal(signIn, answer);
    else if (packet.will && !this.#platformOf(answer.device).retains) {
      // The broker has not looked at the will yet.
      packet.will = undefined;
      this.#log.info({ device: keyOf(answer.device) }, 'the platform keeps no wills: this one is ignored');
    }
  }

  #tellRefusal({ clientId, username }: SignIn, { refusal }: Extract<SignInAnswer, { refusal: unknown }>): void {
    const { explanation, signature, ...rest } = refusal;
    const [client, user] = [clientId, username].map(text => this.#cloud.shown(text));
    this.#log.warn({ client, user, ...rest, ...signature }, `sign-in refused: ${explanation}`);
  }

  /** @returns the CONNACK code */
  #admit(client: Client): number {
    const answer = this.#answers.get(client);
    if (!answer) return 0;
    if ('refusal' in answer) return answer.refusal.code;
    const { device, remark } = answer;
    const key = keyOf(device);
    this.#devices.set(client, device);
    if (remark !== undefined) this.#log.info({ device: key }, remark);
    if (this.#online.has(key)) this.#log.info({ device: key }, 'the device signs in again: its former connection ends');
    return 0;
  }

  /** One with the same client id has left by now. */
  #came(client: Client): void {
    const device = this.#devices.get(client);
    if (!device) return;
    const former = this.#online.get(keyOf(device));
    this.#online.set(keyOf(device), client);
    former?.close();
  }

  #left(client: Client): void {
    const device = this.#devices.get(client);
    if (device && this.#online.get(keyOf(device)) === client) this.#online.delete(keyOf(device));
  }

  // Topics. Who is no device may use any.

  /** @returns an error where the connection ends */
  #judgePublish(device: CloudDevice, packet: PublishPacket): Error | null {
    const { topics, offTopic, retains } = this.#platformOf(device);
    if (!retains) packet.retain = false;
    if (topics.mayPublish(device, packet.topic)) return null;
    const topic = this.#cloud.shown(packet.topic);
    this.#offTopic.add({ device: keyOf(device), topic, why: topics.whyNot(device, packet.topic) });
    if (offTopic === 'cut-off') return new Error('a topic that the device may not publish to');
    Object.assign(packet, { topic: nowhere, payload: '', retain: false });
    return null;
  }

  #judgeSubscribe(client: Client, subscription: Subscription): Subscription | null {
    const device = this.#devices.get(client);
    if (!device) return subscription;
    const { topics } = this.#platformOf(device);
    if (topics.maySubscribe(device, subscription.topic)) return subscription;
    const topic = this.#cloud.shown(subscription.topic);
    const why = topics.whyNot(device, subscription.topic);
    this.#log.warn({ device: keyOf(device), topic }, `subscription refused: ${why}`);
    return null;
  }

  /** A device that subscribes to all of its topics does not hear itself. */
  #mayReceive(client: Client, topic: string): boolean {
    const device = this.#devices.get(client);
    return !device || this.#platformOf(device).topics.maySubscribe(device, topic);
  }

  #answer(client: Client, { topic, payload }: AedesPublishPacket): void {
    const device = this.#devices.get(client);
    const answer = device && this.#platformOf(device).answer(device, topic, Buffer.from(payload));
    if (answer)
      this.#publish(answer.topic, answer.payload).catch((error: Error) =>
        this.#log.error({ error: error.message }, 'the answer to a device was not published'),
      );
  }

  #platformOf(device: CloudDevice): Platform {
    return this.#cloud.platformOf(device);
  }
}

function credentialsIn({ clientId, username, password, keepalive }: ConnectPacket): Omit<SignIn, 'transport'> {
  return {
    clientId: clientId ?? '',
    username: username ?? '',
    password: password?.toString() ?? '',
    keepalive: keepalive ?? 0,
  };
}
