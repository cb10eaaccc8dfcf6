/** One port of the embedded broker over every transport: with MQTT.js, and with the modem's own dialler. */
import { type EventEmitter, once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type PeerCertificate, type TLSSocket } from 'node:tls';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from '../../../src/base/clock.js';
import { type EmbeddedBrokerOptions, startEmbeddedBroker } from '../../../src/broker/embedded.js';
import { openAuthority } from '../../../src/ca/folder.js';
import type { KeyKind } from '../../../src/ca/keys.js';
import { type DialRequest, dial } from '../../../src/net/dial.js';
import { parseRoute } from '../../../src/net/route.js';
import type { TlsRequest } from '../../../src/net/tls.js';
import { recordingLog } from '../../support/log.js';
import { connectPacket } from '../../support/mqtt.js';
import { clientHello, closed, stranger } from '../../support/strangers.js';
import { temporaryFolder } from '../store/temporary.js';

/** A broker whose CA lies in a folder of the test's own. */
async function start({ keys, ...options }: Partial<EmbeddedBrokerOptions> & { keys?: KeyKind } = {}) {
  const folder = options.ca ?? join(await temporaryFolder(), 'ca');
  const log = recordingLog();
  if (keys) await openAuthority(folder, keys);
  const broker = await startEmbeddedBroker({ port: 0, clock: systemClock, log, ca: folder, ...options });
  onTestFinished(() => broker.stop());
  return { broker, folder, log, ca: async () => Buffer.from((await openAuthority(folder)).pem) };
}

type Started = Awaited<ReturnType<typeof start>>;

/** MQTT.js types its events in a way of its own. */
const next = (from: MqttClient, event: 'connect' | 'close' | 'error') => once(from as unknown as EventEmitter, event);

const schemes = ['mqtt', 'mqtts', 'ws', 'wss'] as const;
type Scheme = (typeof schemes)[number];

/** Connected, with the broker's certificate checked for the name that was sent. */
async function client({ broker, ca }: Started, scheme: Scheme, options: IClientOptions = {}) {
  const trust = { ca: await ca(), servername: 'broker.example' };
  const made = mqtt.connect(`${scheme}://127.0.0.1:${broker.port}/mqtt`, {
    reconnectPeriod: 0,
    connectTimeout: 5000,
    ...trust,
    wsOptions: trust,
    ...options,
  });
  onTestFinished(() => made.endAsync(true));
  await next(made, 'connect');
  return made;
}

describe.each(schemes)('%s', scheme => {
  test('messages go both ways', async () => {
    const started = await start();
    const connected = await client(started, scheme);
    const got = once(connected as unknown as EventEmitter, 'message');
    await connected.subscribeAsync('t', { qos: 2 });
    await connected.publishAsync('t', Buffer.alloc(100_000, 'x'), { qos: 2 });
    const [topic, payload] = await got;
    expect(topic).toBe('t');
    expect(payload).toEqual(Buffer.alloc(100_000, 'x'));
  });

  test('all is read of a client that sends much and leaves at once', async () => {
    const started = await start();
    const count = 300;
    const seen = new Promise<void>(resolve => {
      let left = count;
      started.broker.published.on(() => --left === 0 && resolve());
    });
    const hasty = await client(started, scheme);
    for (let i = 0; i < count; i++) hasty.publish('t', Buffer.alloc(2000), { qos: 0 });
    await hasty.endAsync();
    await seen;
  });

  test('a packet over the limit cuts the client off, and nobody else', async () => {
    const started = await start({ limits: { packet: 1000 } });
    const [small, large] = [await client(started, scheme), await client(started, scheme)];
    large.on('error', () => {});
    const cut = next(large, 'close');
    large.publish('t', Buffer.alloc(1001));
    await cut;
    await small.publishAsync('t', Buffer.alloc(900), { qos: 1 });
    expect(started.broker.connectedClients).toBe(1);
  });

  test('a will is published when the link breaks', async () => {
    const started = await start();
    const will = new Promise(resolve => started.broker.published.on(({ topic }) => resolve(topic)));
    const broken = await client(started, scheme, { will: { topic: 'gone', payload: Buffer.from('x') } });
    broken.stream.destroy();
    expect(await will).toBe('gone');
  });

  test('the connection counts, and is cut by stop', async () => {
    const started = await start({ limits: { connections: 1 } });
    const connected = await client(started, scheme);
    await closed(await stranger(started.broker.port));
    const cut = next(connected, 'close');
    await started.broker.stop();
    await cut;
  });
});

describe('the certificate', () => {
  const all = { verify: true, checkHost: true, checkExpiry: true } satisfies TlsRequest;

  /** By a modem's dialler, with every name routed to the broker. */
  async function dialled({ broker, ca }: Started, request: Partial<DialRequest> & { host: string }) {
    const tls = { ...all, ca: await ca(), ...request.tls };
    const outcome = await dial(
      { port: 8883, transport: 'tls', ...request, tls },
      {
        routes: [parseRoute('*=embedded')],
        policy: 'routes',
        clock: systemClock,
        log: recordingLog(),
        embedded: () => broker,
      },
    ).done;
    if (outcome.outcome === 'linked') onTestFinished(() => void outcome.link.destroy());
    return outcome;
  }

  async function linked(started: Started, request: Partial<DialRequest> & { host: string }): Promise<Duplex> {
    const outcome = await dialled(started, request);
    if (outcome.outcome !== 'linked') throw new Error(`${outcome.outcome}: ${outcome.cause}`);
    return outcome.link;
  }

  /** The names of the certificate that such a modem is shown; it has checked them. */
  async function names(
    started: Started,
    request: Partial<DialRequest> & { host: string },
  ): Promise<string | undefined> {
    await linked(started, request);
    // Once more unchecked: who checks takes the certificate away from us.
    const link = await linked(started, { ...request, tls: { ...all, ...request.tls, verify: false } });
    return (link as TLSSocket).getPeerX509Certificate()?.subjectAltName;
  }

  test.each(['tls', 'wss'] as const)('is for the name that a modem dialled, over %s', async transport => {
    const started = await start();
    const link = await linked(started, { host: 'iot.cloud.example', transport });
    link.write(connectPacket);
    const [connack] = await once(link, 'data');
    expect(connack).toEqual(Buffer.from([0x20, 2, 0, 0]));
  });

  test.each<[what: string, host: string, tls: Partial<TlsRequest>, expected: string]>([
    ['a name in SNI', 'iot.cloud.example', {}, 'DNS:iot.cloud.example'],
    ['a name that is not sent', 'iot.cloud.example', { sendsName: false }, 'DNS:iot.cloud.example'],
    ['another name in SNI', '192.0.2.7', { serverName: 'iot.cloud.example' }, 'DNS:iot.cloud.example'],
    [
      'another name that is not sent',
      '192.0.2.7',
      { serverName: 'iot.cloud.example', sendsName: false },
      'DNS:iot.cloud.example',
    ],
    ['an address', '192.0.2.7', {}, 'IP Address:192.0.2.7'],
    ['an IPv6 address', '2001:db8::7', {}, 'IP Address:2001:DB8:0:0:0:0:0:7'],
    ['a name in Unicode', 'bücher.example', {}, 'DNS:xn--bcher-kva.example'],
    ['TLS 1.3', 'iot.cloud.example', { maxVersion: 'TLSv1.3' }, 'DNS:iot.cloud.example'],
    ['a protocol of a cloud by ALPN', 'iot.cloud.example', { alpn: ['x-cloud-mqtt'] }, 'DNS:iot.cloud.example'],
  ])('%s', async (_, host, tls, expected) => {
    expect(await names(await start(), { host, tls: { ...all, ...tls } })).toBe(expected);
  });

  test('several at once, with and without SNI: each its own', async () => {
    const started = await start();
    const hosts = Array.from({ length: 10 }, (_, i) => `${i}.example`);
    const shown = await Promise.all(
      hosts.map((host, i) => names(started, { host, tls: { ...all, sendsName: i % 2 === 0 } })),
    );
    expect(shown).toEqual(hosts.map(host => `DNS:${host}`));
  });

  test('of an RSA CA is of RSA', async () => {
    const started = await start({ keys: 'rsa' });
    const link = await linked(started, {
      host: 'iot.cloud.example',
      tls: { ...all, ciphers: 'AES128-SHA256' }, // no elliptic curve at all, as small stacks have it
    });
    expect((link as TLSSocket).getCipher().name).toBe('AES128-SHA256');
  });

  test('of another CA is not trusted', async () => {
    const other = Buffer.from((await openAuthority(await temporaryFolder())).pem);
    const outcome = await dialled(await start(), { host: 'iot.cloud.example', tls: { ...all, ca: other } });
    expect(outcome).toMatchObject({
      outcome: 'tls-failed',
      cause: expect.stringContaining("the server's certificate"),
    });
  });

  test('is not for a clock that was never set', async () => {
    const tls = { ...all, now: () => Date.UTC(1980, 0, 6) };
    const outcome = await dialled(await start(), { host: 'iot.cloud.example', tls });
    expect(outcome).toMatchObject({ outcome: 'tls-failed', cause: expect.stringContaining('not valid before') });
  });

  /** What a stranger is shown, who is no modem of this process. */
  async function shown({ broker, ca }: Started, servername?: string): Promise<PeerCertificate> {
    const socket = connectTls({
      port: broker.port,
      host: '127.0.0.1',
      ca: await ca(),
      servername,
      checkServerIdentity: () => undefined,
    });
    onTestFinished(() => void socket.destroy());
    await once(socket, 'secureConnect');
    return socket.getPeerCertificate();
  }

  test.each([undefined, 'no name', '*.example', `${'a'.repeat(64)}.example`, '..', 'a/b'])(
    'for who sends %j as SNI is for the address that was reached',
    async servername => {
      expect((await shown(await start(), servername)).subjectaltname).toBe('IP Address:127.0.0.1');
    },
  );

  test('is made for a stranger by SNI too', async () => {
    expect((await shown(await start(), 'MQTT.Example')).subjectaltname).toBe('DNS:mqtt.example');
  });
});

describe('the CA', () => {
  test('is not made before somebody comes over TLS', async () => {
    const started = await start();
    for (const scheme of ['mqtt', 'ws'] as const) {
      const made = mqtt.connect(`${scheme}://127.0.0.1:${started.broker.port}`, { reconnectPeriod: 0 });
      onTestFinished(() => made.endAsync(true));
      await next(made, 'connect');
    }
    expect(existsSync(started.folder)).toBe(false);
    await client(started, 'mqtts');
    expect(existsSync(started.folder)).toBe(true);
  });

  test('that cannot be used costs TLS alone, and a warning says what to do', async () => {
    const ca = await temporaryFolder();
    writeFileSync(join(ca, 'ca.key'), 'garbage');
    const { broker, log } = await start({ ca });
    await closed(connectTls({ port: broker.port, host: '127.0.0.1' }));
    expect(log.said.filter(({ level }) => level === 'warn')).toMatchObject([
      { fields: { cause: expect.stringMatching(/ca\.key cannot be read[\s\S]*--ca DIR/) } },
    ]);
    const plain = mqtt.connect(broker.url, { reconnectPeriod: 0 });
    onTestFinished(() => plain.endAsync(true));
    await next(plain, 'connect');
  });
});

describe('a stranger', () => {
  test.each([
    ['MQTT that is none', Buffer.from([0xff, 3, 1, 2, 3, 0, 0, 0])],
    ['a PUBLISH before CONNECT', Buffer.from([0x30, 3, 0, 1, 0x74])],
    ['HTTP that is none', 'GARBAGE\r\n\r\n'],
    ['an upgrade to something else', 'GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'],
    ['headers without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`],
    ['TLS that is none', Buffer.from([0x16, 9, 9, 9, 9, 9, 9, 9, 9])],
  ])('who sends %s is cut off without harm to others', async (_, bytes) => {
    const started = await start();
    const good = await client(started, 'mqtt');
    await closed(await stranger(started.broker.port, bytes));
    await good.publishAsync('t', 'x', { qos: 1 });
  });

  test('in the middle of a handshake does not hold up the stop', async () => {
    const started = await start();
    const hello = await clientHello({ servername: 'broker.example' });
    const half = [
      await stranger(started.broker.port, hello.subarray(0, 50)),
      await stranger(started.broker.port, 'GET / HTTP/1.1\r\n'),
    ];
    const cut = Promise.all(half.map(closed));
    await once(await stranger(started.broker.port, hello), 'data');
    await started.broker.stop();
    await cut;
  });

  test.each([
    ['a text message', String(connectPacket), 1006],
    // Each packet in it is small.
    [
      'a message over the limit',
      Buffer.concat([connectPacket, ...Array<Buffer>(1000).fill(Buffer.from([0xc0, 0]))]),
      1009,
    ],
  ])('over WebSocket who sends %s is cut off', async (_, message, expected) => {
    const { broker } = await start({ limits: { message: 2000 } });
    const socket = new WebSocket(`ws://127.0.0.1:${broker.port}/mqtt`, ['mqtt']).on('error', () => {});
    await once(socket, 'open');
    socket.send(message);
    const [code] = await once(socket, 'close');
    expect(code).toBe(expected);
    expect(broker.connectedClients).toBe(0);
  });
});
