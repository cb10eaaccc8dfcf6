import { type EventEmitter, once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import { type EmbeddedBroker, type EmbeddedBrokerOptions, startEmbeddedBroker } from '../../../src/broker/embedded.js';

const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function start(options: Partial<EmbeddedBrokerOptions> = {}): Promise<EmbeddedBroker> {
  const broker = await startEmbeddedBroker({ port: 0, clock: systemClock, ...options });
  cleanUp.push(() => broker.stop());
  return broker;
}

async function client(broker: EmbeddedBroker, options: IClientOptions = {}): Promise<MqttClient> {
  const made = mqtt.connect(broker.url, { reconnectPeriod: 0, connectTimeout: 5000, ...options });
  cleanUp.push(() => made.endAsync(true));
  await next(made, 'connect');
  return made;
}

/** MQTT.js types its events in a way of its own. */
const next = (from: MqttClient, event: 'connect' | 'close') => once(from as unknown as EventEmitter, event);

/** The next `count` messages, as text. */
function messages(from: MqttClient, count: number): Promise<string[]> {
  const got: string[] = [];
  return new Promise(resolve => {
    from.on('message', (topic, payload, { retain }) => {
      got.push(`${topic} ${payload}${retain ? ' retained' : ''}`);
      if (got.length === count) resolve(got);
    });
  });
}

async function occupiedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

describe('the port', () => {
  it('is the one asked for, or any with 0', async () => {
    const broker = await start();
    expect(broker.url).toBe(`mqtt://127.0.0.1:${broker.port}`);
    expect(broker.takenPort).toBeUndefined();
  });

  it('is another one where it is taken and a fallback is allowed', async () => {
    const taken = await occupiedPort();
    const broker = await start({ port: taken, fallback: true });
    expect(broker.takenPort).toBe(taken);
    expect(broker.port).not.toBe(taken);
    await client(broker);
  });

  it('is refused with help where it is taken', async () => {
    const taken = await occupiedPort();
    await expect(start({ port: taken })).rejects.toMatchObject({
      code: 'broker',
      message: expect.stringContaining(`127.0.0.1:${taken}`),
    });
  });

  it('is refused on an address that is not ours', async () => {
    await expect(start({ host: '192.0.2.1' })).rejects.toMatchObject({ code: 'broker' });
  });

  it('is free again after stop, which may be called twice and cuts every connection', async () => {
    const broker = await start();
    const connected = await client(broker);
    const idle = connect(broker.port, broker.host);
    await once(idle, 'connect');
    const cut = Promise.all([next(connected, 'close'), once(idle, 'close')]);
    await Promise.all([broker.stop(), broker.stop()]);
    await cut;
    await start({ port: broker.port });
  });
});

describe('client ids', () => {
  it.each([
    [3, 24],
    [3, 128],
    [3, 1024],
    [4, 128],
    [4, 1024],
  ] as const)('MQTT version %i takes one of %i bytes', async (protocolVersion, length) => {
    const broker = await start();
    const protocolId = protocolVersion === 3 ? 'MQIsdp' : 'MQTT';
    const clientId = 'c'.repeat(length);
    const connected = await client(broker, { protocolId, protocolVersion, clientId });
    const seen = new Promise(resolve => broker.published.on(message => resolve(message.clientId)));
    await connected.publishAsync('t', 'x', { qos: 1 });
    expect(await seen).toBe(clientId);
  });

  it('may be Chinese', async () => {
    const broker = await start();
    const connected = await client(broker, { clientId: '温度' });
    const got = messages(connected, 1);
    await connected.subscribeAsync('温度/#', { qos: 1 });
    await connected.publishAsync('温度/1', '二十', { qos: 1 });
    expect(await got).toEqual(['温度/1 二十']);
  });
});

describe('messages', () => {
  it('are delivered at each QoS, and told as published', async () => {
    const broker = await start();
    const told: unknown[] = [];
    broker.published.on(({ topic, payload, qos, retain, clientId }) =>
      told.push([topic, `${payload}`, qos, retain, clientId]),
    );
    const connected = await client(broker, { clientId: 'one' });
    await connected.subscribeAsync('t', { qos: 2 });
    const got = messages(connected, 3);
    for (const qos of [0, 1, 2] as const) await connected.publishAsync('t', `m${qos}`, { qos });
    expect((await got).sort()).toEqual(['t m0', 't m1', 't m2']);
    expect(told).toEqual([0, 1, 2].map(qos => ['t', `m${qos}`, qos, false, 'one']));
  });

  it('are told of before anybody gets them, and again when they have', async () => {
    const broker = await start();
    const order: string[] = [];
    broker.arriving.on(({ topic, clientId }) => order.push(`arriving ${topic} of ${clientId}`));
    const subscriber = await client(broker);
    await subscriber.subscribeAsync('t', { qos: 1 });
    subscriber.on('message', topic => order.push(`delivered ${topic}`));
    const got = messages(subscriber, 2);
    await (await client(broker, { clientId: 'p' })).publishAsync('t', 'x', { qos: 1 });
    await broker.publish('t', 'y', { qos: 1 });
    await got;
    expect(order.filter(each => each.startsWith('arriving'))).toEqual(['arriving t of p', 'arriving t of undefined']);
    expect(order.indexOf('arriving t of p')).toBeLessThan(order.indexOf('delivered t'));
  });

  it('can be published by the broker itself', async () => {
    const broker = await start();
    const connected = await client(broker);
    await connected.subscribeAsync('t', { qos: 1 });
    const got = messages(connected, 1);
    const told = new Promise(resolve => broker.published.on(message => resolve(message.clientId)));
    await broker.publish('t', 'hello', { qos: 1 });
    expect(await got).toEqual(['t hello']);
    expect(await told).toBeUndefined();
    expect(() => broker.publish('t/#', 'x')).toThrow(/topic/);
  });

  it('are retained for who comes later, until an empty one clears them', async () => {
    const broker = await start();
    await broker.publish('state', 'on', { retain: true });
    const first = await client(broker);
    const got = messages(first, 1);
    await first.subscribeAsync('state');
    expect(await got).toEqual(['state on retained']);

    await broker.publish('state', '', { retain: true });
    const second = await client(broker);
    const marker = messages(second, 1);
    await second.subscribeAsync('#');
    await broker.publish('marker', '1');
    expect(await marker).toEqual(['marker 1']);
  });

  it('wait for a client that keeps its session', async () => {
    const broker = await start();
    const session = { clientId: 'keeper', clean: false };
    const before = await client(broker, session);
    await before.subscribeAsync('t', { qos: 1 });
    await before.endAsync();
    await broker.publish('t', 'one', { qos: 1 });
    await broker.publish('t', 'two', { qos: 2 });

    const after = mqtt.connect(broker.url, { reconnectPeriod: 0, ...session });
    cleanUp.push(() => after.endAsync(true));
    const got = messages(after, 2);
    const [connack] = await next(after, 'connect');
    expect(connack.sessionPresent).toBe(true);
    expect(await got).toEqual(['t one', 't two']);
  });

  it('do not wait for one that starts clean', async () => {
    const broker = await start();
    const before = await client(broker, { clientId: 'forgetful' });
    await before.subscribeAsync('t', { qos: 1 });
    await before.endAsync();
    await broker.publish('t', 'lost', { qos: 1 });
    const after = await client(broker, { clientId: 'forgetful' });
    const got = messages(after, 1);
    await after.subscribeAsync('t', { qos: 1 });
    await broker.publish('t', 'kept', { qos: 1 });
    expect(await got).toEqual(['t kept']);
  });

  it('are all read of a client that sends much and leaves at once', async () => {
    const broker = await start();
    const count = 300;
    const seen = new Promise<void>(resolve => {
      let left = count;
      broker.published.on(() => --left === 0 && resolve());
    });
    const hasty = await client(broker);
    for (let i = 0; i < count; i++) hasty.publish('t', Buffer.alloc(2000), { qos: 0 });
    await hasty.endAsync();
    await seen;
  });
});

describe('a will', () => {
  it('is published when the link breaks, and not after a DISCONNECT', async () => {
    const broker = await start();
    const watcher = await client(broker);
    await watcher.subscribeAsync('will/#');
    const got = messages(watcher, 1);
    const polite = await client(broker, { will: { topic: 'will/polite', payload: Buffer.from('x') } });
    await polite.endAsync();
    const broken = await client(broker, { will: { topic: 'will/broken', payload: Buffer.from('gone') } });
    broken.stream.destroy();
    expect(await got).toEqual(['will/broken gone']);
  });
});

describe('the earlier of two clients with one id', () => {
  it('is cut off [MQTT-3.1.4-2]', async () => {
    const broker = await start();
    const earlier = await client(broker, { clientId: 'twin' });
    const closed = next(earlier, 'close');
    await client(broker, { clientId: 'twin' });
    await closed;
    expect(broker.connectedClients).toBe(1);
  });
});

describe('bounds', () => {
  it('cut off who announces a packet over the limit, and nobody else', async () => {
    const broker = await start({ limits: { packet: 1000 } });
    const small = await client(broker);
    const large = await client(broker);
    large.on('error', () => {});
    const closed = next(large, 'close');
    large.publish('t', Buffer.alloc(1001));
    await closed;
    await small.publishAsync('t', Buffer.alloc(900), { qos: 1 });
    expect(broker.connectedClients).toBe(1);
  });

  it('refuse connections over the limit', async () => {
    const broker = await start({ limits: { connections: 1 } });
    await client(broker);
    const second = connect(broker.port, broker.host).on('error', () => {});
    await once(second, 'close');
    expect(broker.connectedClients).toBe(1);
  });

  it('drop what a client that is away has no more room for', async () => {
    const stored = { queue: 600, queues: 10_000, retained: 0 };
    const broker = await start({ limits: { stored } });
    const session = { clientId: 'keeper', clean: false };
    const before = await client(broker, session);
    await before.subscribeAsync('t', { qos: 1 });
    await before.endAsync();
    for (const text of ['one', 'two', 'three']) await broker.publish('t', text, { qos: 1 });
    const after = mqtt.connect(broker.url, { reconnectPeriod: 0, ...session });
    cleanUp.push(() => after.endAsync(true));
    const got = messages(after, 3);
    await next(after, 'connect');
    await broker.publish('t', 'last');
    expect((await got).sort()).toEqual(['t last', 't one', 't two']);
  });

  it('drop garbage without harm to others', async () => {
    const broker = await start();
    const good = await client(broker);
    const bad = connect(broker.port, broker.host).on('error', () => {});
    const closed = once(bad, 'close');
    bad.resume().write(Buffer.from([0xff, 0x03, 1, 2, 3, 0, 0, 0]));
    await closed;
    await good.publishAsync('t', 'x', { qos: 1 });
  });
});
