/**
 * The broker inside the daemon, for zero set-up: aedes behind one TCP listener, MQTT 3.1 and 3.1.1, plain or over TLS,
 * WebSocket or both. Anybody who reaches the port may connect, unless it is a cloud, so it listens on loopback unless told
 * otherwise. Everything lives in memory and ends with the daemon. Owns listener and connections; never speaks MQTT itself.
 */
import { createServer, isIPv6, type Server, type Socket } from 'node:net';
import type { Aedes, Client, PublishPacket } from 'aedes';
import type { Clock } from '../base/clock.js';
import { DropLog } from '../base/drop-log.js';
import { OperatorError } from '../base/errors.js';
import { type Log, silentLog } from '../base/log.js';
import { Signal } from '../base/signal.js';
import type { Cloud } from '../clouds/cloud.js';
import { peerOf, transportOf } from './client-link.js';
import { type CloudControl, CloudGate } from './cloud-gate.js';
import { PacketGate } from './packet-gate.js';
import { type Arrival, defaultReceptionLimits, Reception, type ReceptionLimits } from './reception.js';
import { boundStore, type MessageStore, type StoreBounds } from './stored-messages.js';

export const defaultBrokerPort = 1883;

export interface EmbeddedBrokerOptions {
  host?: string;
  /** Default 1883; 0 takes any free one. */
  port?: number;
  /** Takes any port where the wanted one is taken. */
  fallback?: boolean;
  /** Lets in the devices of IoT platforms by their rules. */
  cloud?: Cloud;
  /** Folder of the CA that certifies it, opened with the first TLS client. Default: the user's own. */
  ca?: string;
  clock: Clock;
  log?: Log;
  limits?: Partial<BrokerLimits>;
}

export interface BrokerLimits extends ReceptionLimits {
  connections: number;
  /** Bytes of one packet after its fixed header. */
  packet: number;
  stored: StoreBounds;
}

export interface PublishedMessage {
  topic: string;
  payload: Buffer;
  qos: 0 | 1 | 2;
  retain: boolean;
  /** Undefined where `publish` of the broker itself sent it. */
  clientId: string | undefined;
}

const mebibyte = 1024 * 1024;
const defaultLimits: BrokerLimits = {
  ...defaultReceptionLimits,
  connections: 4096,
  packet: mebibyte,
  stored: { queue: 8 * mebibyte, queues: 64 * mebibyte, retained: 64 * mebibyte },
};

/** Rejects with an OperatorError (code `broker`) where the port cannot be had. */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const limits = { ...defaultLimits, ...options.limits };
  const host = options.host ?? '127.0.0.1';
  const wanted = options.port ?? defaultBrokerPort;
  const server = createServer({ noDelay: true });
  const aedes = await createAedes();
  try {
    const port = await listen(server, host, wanted, options.fallback ?? false);
    const { cloud, ca, clock, log = silentLog } = options;
    return new EmbeddedBroker({ server, aedes, host, port, wanted, limits, cloud, ca, clock, log });
  } catch (error) {
    aedes.close();
    throw error;
  }
}

async function createAedes(): Promise<Aedes> {
  // Loaded only now: who runs with `--broker none` never pays for it.
  const { Aedes } = await import('aedes');
  // MQTT 3.1 allows 23 bytes; modules send more, and brokers in the field accept them.
  return Aedes.createBroker({ maxClientsIdLength: 0xffff });
}

interface Parts {
  server: Server;
  aedes: Aedes;
  host: string;
  port: number;
  wanted: number;
  limits: BrokerLimits;
  cloud: Cloud | undefined;
  ca: string | undefined;
  clock: Clock;
  log: Log;
}

export class EmbeddedBroker {
  /** Every message that a client or `publish` brought, the broker's own `$SYS` ones apart. */
  readonly published = new Signal<PublishedMessage>();
  /** The same, before anybody gets it. */
  readonly arriving = new Signal<PublishedMessage>();
  readonly host: string;
  readonly port: number;
  /** The port that was wanted and taken, where another one had to do. */
  readonly takenPort: number | undefined;
  /** Where the broker is a cloud. */
  readonly cloud: CloudControl | undefined;
  readonly #server: Server;
  readonly #aedes: Aedes;
  readonly #limits: BrokerLimits;
  readonly #log: Log;
  readonly #sockets = new Set<Socket>();
  readonly #reception: Reception;
  readonly #tooLarge: DropLog;
  readonly #tooMany: DropLog;
  readonly #unstored: DropLog;
  #stopping: Promise<void> | undefined;

  constructor({ server, aedes, host, port, wanted, limits, cloud, ca, clock, log }: Parts) {
    this.host = host;
    this.port = port;
    this.takenPort = wanted !== 0 && wanted !== port ? wanted : undefined;
    this.#server = server;
    this.#aedes = aedes;
    this.#limits = limits;
    this.#log = log;
    this.#reception = new Reception({ ca, limits, clock, log });
    this.#tooLarge = new DropLog('a client announced a packet over the limit and was cut off', clock, log);
    this.#tooMany = new DropLog('too many connections, one was refused', clock, log);
    this.#unstored = new DropLog('a message was not stored: the store is full', clock, log);
    const publish = (topic: string, payload: string) => this.publish(topic, payload);
    this.cloud = cloud && new CloudGate({ cloud, aedes, publish, clock, log });
    this.#boundStore();
    this.#followBroker();
    this.#followArrivals();
    this.#accept();
  }

  /** `mqtt://127.0.0.1:1883`; the same port takes `mqtts:`, `ws:` and `wss:`. */
  get url(): string {
    return `mqtt://${isIPv6(this.host) ? `[${this.host}]` : this.host}:${this.port}`;
  }

  /**
   * A modem of this process is about to shake hands with this broker as that name, from this port: the certificate is for it.
   * @returns what forgets it again
   */
  dialled(localPort: number, name: string): () => void {
    return this.#reception.dialled.add(localPort, name);
  }

  get connectedClients(): number {
    return this.#aedes.connectedClients;
  }

  /** To every subscriber, as if a client had sent it. Resolves when it was handed to all who are connected. */
  publish(topic: string, payload: Buffer | string, { qos = 0, retain = false }: PublishOptions = {}): Promise<void> {
    if (topic === '' || /[+#\0]/.test(topic)) throw badTopic(topic);
    const packet = { cmd: 'publish', topic, payload: Buffer.from(payload), qos, retain, dup: false } as const;
    return new Promise((resolve, reject) => {
      this.#aedes.publish(packet, error => (error ? reject(error) : resolve()));
    });
  }

  /** Cuts every connection. Safe to call twice. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()));
    await new Promise<void>(resolve => this.#aedes.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(): void {
    this.#server.maxConnections = this.#limits.connections;
    this.#server.on('connection', socket => this.#connected(socket));
    this.#server.on('drop', () => this.#tooMany.add({ limit: this.#limits.connections }));
    this.#server.on('error', error => this.#log.error({ error: error.message }, 'broker listener'));
  }

  async #connected(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    const peer = peerOf(socket);
    const arrival = await this.#reception.receive(socket);
    if (arrival && !socket.destroyed) this.#admit(arrival, peer);
  }

  #admit({ stream, transport }: Arrival, peer: string): void {
    const limit = this.#limits.packet;
    const refuse = (announced: number) => this.#tooLarge.add({ peer, announced, limit });
    this.#aedes.handle(new PacketGate(stream, transport, limit, refuse));
  }

  #followBroker(): void {
    this.#aedes.on('publish', (packet, client) => announce(this.published, packet, client));
    this.#aedes.on('clientError', (client, error) =>
      this.#log.debug({ client: client.id, over: transportOf(client), error: error.message }, 'broker client'),
    );
    this.#aedes.on('connectionError', (_client, error) =>
      this.#log.debug({ error: error.message }, 'broker connection'),
    );
    // The broker emits this untyped event when its store fails; without a listener it would end the daemon.
    (this.#aedes as NodeJS.EventEmitter).on('error', (error: Error) =>
      this.#log.error({ error: error.message }, 'broker'),
    );
  }

  /** aedes tells of a message when it has been delivered: too late for who wants it before what comes of it. */
  #followArrivals(): void {
    const aedes = this.#aedes as { publish(packet: PublishPacket, client: unknown, ...rest: unknown[]): void };
    const publish = aedes.publish.bind(aedes);
    aedes.publish = (packet, client, ...rest) => {
      if (this.arriving.isHeard) announce(this.arriving, packet, client as Client | null);
      publish(packet, client, ...rest);
    };
  }

  #boundStore(): void {
    const { persistence } = this.#aedes as Aedes & { persistence: MessageStore };
    boundStore(persistence, this.#limits.stored, topic => this.#unstored.add({ topic }));
  }
}

export interface PublishOptions {
  qos?: 0 | 1 | 2;
  retain?: boolean;
}

function announce(
  to: Signal<PublishedMessage>,
  { topic, payload, qos, retain }: PublishPacket,
  client: { id?: string } | null,
): void {
  if (topic.startsWith('$SYS/')) return;
  to.emit({ topic, payload: Buffer.from(payload), qos, retain, clientId: client?.id });
}

/** The port that was had in the end. */
async function listen(server: Server, host: string, wanted: number, fallback: boolean): Promise<number> {
  const failure = await tryListen(server, host, wanted);
  if (failure?.code === 'EADDRINUSE' && fallback && wanted !== 0) return listen(server, host, 0, false);
  if (failure) throw noPort(host, wanted, failure);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP listener has a port');
  return address.port;
}

function tryListen(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise(resolve => {
    const failed = (error: NodeJS.ErrnoException) => settle(error);
    const listening = () => settle(undefined);
    const settle = (result: NodeJS.ErrnoException | undefined) => {
      server.off('error', failed);
      server.off('listening', listening);
      resolve(result);
    };
    server.once('error', failed).once('listening', listening).listen(port, host);
  });
}

function noPort(host: string, port: number, cause: NodeJS.ErrnoException): OperatorError {
  const taken = cause.code === 'EADDRINUSE';
  return new OperatorError('broker', `the embedded broker cannot listen on ${host}:${port}`, {
    found: taken ? 'the port is in use' : cause.message,
    expected: 'a free port on an address of this machine',
    hint: 'Choose another with --broker embedded:PORT (0 takes any), or use the broker there and --broker none.',
    cause,
  });
}

const badTopic = (topic: string) =>
  new OperatorError('usage', 'no topic to publish to', { found: topic, expected: 'a topic without `+`, `#` and NUL' });
