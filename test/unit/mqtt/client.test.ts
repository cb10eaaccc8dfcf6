import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { Loss, MqttClient } from '../../../src/mqtt/client.js';
import type { ConnectOptions } from '../../../src/mqtt/connect-options.js';
import type { Message, PacketSeen } from '../../../src/mqtt/packets.js';
import { FakeBroker, type FakeLink } from '../../support/fake-broker.js';
import { closedPort } from '../../support/listeners.js';
import { makeClient, next, options, publication, type TestClient, to, turn } from '../../support/mqtt.js';

interface Met extends TestClient {
  broker: FakeBroker;
  link: FakeLink;
}

async function linked(env: Parameters<typeof makeClient>[0] = {}): Promise<Met> {
  const broker = await FakeBroker.start();
  const made = makeClient(env);
  expect(await made.client.open(to(broker.port))).toMatchObject({ outcome: 'linked', address: '127.0.0.1' });
  return { ...made, broker, link: await broker.link() };
}

async function up(more: Partial<ConnectOptions> = {}, env: Parameters<typeof makeClient>[0] = {}): Promise<Met> {
  const met = await linked(env);
  const connected = met.client.connect(options(more));
  await met.link.accept();
  expect(await connected).toEqual({ outcome: 'connected', session: false });
  return met;
}

function losses(client: MqttClient): Loss[] {
  const seen: Loss[] = [];
  client.lost.on(loss => seen.push(loss));
  return seen;
}

describe('opening', () => {
  test('a closed port is refused, and the client is idle again', async () => {
    const { client } = makeClient();
    const opening = client.open(to(await closedPort()));
    expect(client.state).toBe('dialling');
    expect(await opening).toMatchObject({ outcome: 'refused', cause: expect.any(String) });
    expect(client.state).toBe('idle');
  });

  test('a second open is `already`, in every state but idle and lost', async () => {
    const { client, link } = await linked();
    expect(await client.open(to(1))).toEqual({ outcome: 'already' });
    const connected = client.connect(options());
    expect(await client.open(to(1))).toEqual({ outcome: 'already' });
    await link.accept();
    await connected;
    expect(await client.open(to(1))).toEqual({ outcome: 'already' });
    client.disconnect();
    expect(client.state).toBe('closing');
    expect(await client.open(to(1))).toEqual({ outcome: 'already' });
  });

  test('close gives a dial up', async () => {
    const { client } = makeClient();
    const opening = client.open({ ...to((await FakeBroker.start()).port), transport: 'tls' });
    expect(await client.close()).toEqual({ outcome: 'closed' });
    expect(client.state).toBe('idle');
    expect(await opening).toMatchObject({ outcome: 'cancelled' });
    expect(client.state).toBe('idle');
  });

  test("a network that goes away under a dial is that dial's `lost`", async () => {
    const { client } = makeClient();
    const seen = losses(client);
    const opening = client.open({ ...to((await FakeBroker.start()).port), transport: 'tls' });
    client.drop('no-network');
    expect(await opening).toEqual({ outcome: 'lost', cause: 'no-network' });
    expect(seen).toEqual([]);
  });

  test('facts about the peer are those of the request', async () => {
    const { client, broker } = await linked();
    expect([client.host, client.port, client.transport]).toEqual(['127.0.0.1', broker.port, 'tcp']);
  });

  test('before it, nothing is online', async () => {
    const { client } = makeClient();
    expect(await client.connect(options())).toEqual({ outcome: 'not-open' });
    expect(client.publish(publication('t', 'x'))).toEqual({ outcome: 'not-online' });
    expect(await client.subscribe([{ topic: 't', qos: 0 }])).toEqual({ outcome: 'not-online' });
    expect(await client.unsubscribe(['t'])).toEqual({ outcome: 'not-online' });
    expect(client.disconnect()).toEqual({ outcome: 'not-open' });
    expect(await client.close()).toEqual({ outcome: 'not-open' });
  });
});

describe('CONNECT', () => {
  test.each([
    [3, 'MQIsdp'],
    [4, 'MQTT'],
  ] as const)('version %i is %s, and all fields arrive', async (version, protocolId) => {
    const { client, link } = await linked();
    const will = { topic: '遗言', payload: Buffer.from([0, 255]), qos: 2, retain: true } as const;
    const connected = client.connect({
      clientId: '设备-1',
      username: 'user',
      password: Buffer.from([1, 0, 255]),
      keepalive: 300,
      clean: false,
      version,
      will,
    });
    expect(await link.accept(true)).toMatchObject({
      protocolId,
      protocolVersion: version,
      clientId: '设备-1',
      username: 'user',
      password: Buffer.from([1, 0, 255]),
      keepalive: 300,
      clean: false,
      will,
    });
    expect(await connected).toEqual({ outcome: 'connected', session: true });
    expect(client.state).toBe('up');
    expect(await client.connect(options())).toEqual({ outcome: 'already' });
  });

  test('a password without a user name stays at home; an empty id goes out for the broker to judge', async () => {
    const { client, link } = await linked();
    void client.connect(options({ clientId: '', password: 'secret', clean: false }));
    const packet = await link.next('connect');
    expect(packet.clientId).toBe('');
    expect(packet.password).toBeUndefined();
  });

  test.each([
    [1, 'bad-version'],
    [2, 'bad-client-id'],
    [3, 'unavailable'],
    [4, 'bad-credentials'],
    [5, 'not-authorised'],
    [77, 'unknown'],
  ])('code %i is %s; then the broker closes, which is a loss of its own', async (code, reason) => {
    const { client, link } = await linked();
    const order: string[] = [];
    const lost = next(client.lost);
    client.lost.on(({ cause, answered }) => order.push(`lost ${cause} ${answered}`));
    const connected = client.connect(options()).then(result => {
      order.push(result.outcome);
      return result;
    });
    await link.next('connect');
    link.send({ cmd: 'connack', returnCode: code, sessionPresent: false });
    link.socket.end();
    expect(await connected).toEqual({ outcome: 'rejected', code, reason });
    await lost;
    expect(order).toEqual(['rejected', 'lost peer-closed false']);
  });

  test('no CONNACK: `timeout`, and the link is gone', async () => {
    const { client, link, clock } = await linked();
    const seen = losses(client);
    const connected = client.connect(options({ within: 5_000 }));
    await link.next('connect');
    clock.advance(5_000);
    expect(await connected).toEqual({ outcome: 'timeout' });
    expect(client.state).toBe('lost');
    expect(seen).toEqual([{ cause: 'connack-timeout', answered: true }]);
    await link.closed();
  });

  test("a link lost meanwhile is the operation's outcome", async () => {
    const { client, link } = await linked();
    const seen = losses(client);
    const connected = client.connect(options());
    await link.next('connect');
    link.socket.resetAndDestroy();
    expect(await connected).toEqual({ outcome: 'lost', cause: 'reset' });
    expect(seen).toEqual([{ cause: 'reset', answered: true }]);
    expect(client.state).toBe('lost');
  });

  test.each<[string, Partial<ConnectOptions>]>([
    ['an id over 65535 bytes', { clientId: 'x'.repeat(65_536) }],
    ['a will topic with a wildcard', { will: { topic: 'a/#', payload: '', qos: 0, retain: false } }],
    ['an empty will topic', { will: { topic: '', payload: '', qos: 0, retain: false } }],
    ['a keepalive over 65535', { keepalive: 65_536 }],
  ])('%s fails before anything is sent', async (_, more) => {
    const { client } = await linked();
    expect(await client.connect(options(more))).toMatchObject({ outcome: 'failed' });
    expect(client.state).toBe('linked');
  });
});

describe('publishing', () => {
  test('QoS 0 is sent at once, and several go out in one write', async () => {
    const { client, link } = await up();
    const chunks: number[] = [];
    link.socket.on('data', chunk => chunks.push(chunk.length));
    for (const text of ['a', 'b', 'c']) expect(client.publish(publication('t', text))).toEqual({ outcome: 'sent' });
    for (const text of ['a', 'b', 'c']) {
      expect(await link.next('publish')).toMatchObject({ topic: 't', payload: Buffer.from(text), qos: 0, dup: false });
    }
    expect(chunks).toEqual([3 * 6]);
  });

  test('QoS 1 waits for PUBACK', async () => {
    const { client, link } = await up();
    const result = client.publish(publication('温度', '25', 1, { retain: true }));
    expect(await link.next('publish')).toMatchObject({ topic: '温度', qos: 1, retain: true, messageId: 1 });
    link.send({ cmd: 'puback', messageId: 1 });
    expect(await result).toEqual({ outcome: 'acknowledged', id: 1 });
  });

  test('QoS 2 tells of PUBREC, and waits for PUBCOMP', async () => {
    const { client, link } = await up();
    const told: unknown[] = [];
    const result = client.publish(publication('t', 'x', 2), (word, fields) => told.push([word, fields]));
    await link.next('publish');
    link.send({ cmd: 'pubrec', messageId: 1 });
    await link.next('pubrel');
    expect(told).toEqual([['received', { id: 1 }]]);
    link.send({ cmd: 'pubcomp', messageId: 1 });
    expect(await result).toEqual({ outcome: 'completed', id: 1 });
  });

  test('every byte value arrives', async () => {
    const { client, link } = await up();
    const payload = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    client.publish({ topic: 't', payload, qos: 0, retain: false });
    expect((await link.next('publish')).payload).toEqual(payload);
  });

  test.each(['', 'a/+', '#', 'a\0b', 'x'.repeat(65_536)])('the topic %j fails', async topic => {
    const { client } = await up();
    expect(client.publish(publication(topic, 'x'))).toEqual({ outcome: 'failed', cause: 'bad-topic' });
  });

  test('bounds: packet, messages under way, bytes that the broker does not take', async () => {
    const { client, link } = await up({}, { limits: { outgoingPacket: 100, inflight: 2, outgoingQueue: 1_000 } });
    // 2 bytes of header, 2 of length, 1 of topic.
    expect(client.publish(publication('t', 'x'.repeat(95)))).toEqual({ outcome: 'sent' });
    expect(client.publish(publication('t', 'x'.repeat(96)))).toEqual({ outcome: 'too-large' });
    const waiting = [client.publish(publication('t', 'x', 1)), client.publish(publication('t', 'x', 1))];
    expect(client.publish(publication('t', 'x', 1))).toEqual({ outcome: 'too-many' });
    link.send({ cmd: 'puback', messageId: 1 }, { cmd: 'puback', messageId: 2 });
    await Promise.all(waiting);
    for (let sent = 0; sent <= 1_000; sent += 100)
      expect(client.publish(publication('t', 'x'.repeat(95)))).toEqual({ outcome: 'sent' });
    expect(client.publish(publication('t', 'x'))).toEqual({ outcome: 'too-many' });
  });

  test('a time limit of the caller', async () => {
    const { client, link, clock } = await up();
    const result = client.publish(publication('t', 'x', 1), undefined, 3_000);
    await link.next('publish');
    clock.advance(3_000);
    expect(await result).toEqual({ outcome: 'timeout' });
    expect(client.state).toBe('up');
  });

  test('unanswered, it is sent again with DUP so many times, and then is a `timeout`', async () => {
    const { client, link, clock } = await up({ retry: { after: 5_000, times: 2 } });
    const told: unknown[] = [];
    const result = client.publish(publication('t', 'x', 1), (word, fields) => told.push([word, fields]));
    expect(await link.next('publish')).toMatchObject({ dup: false });
    for (const count of [1, 2]) {
      clock.advance(5_000);
      expect(await link.next('publish')).toMatchObject({ dup: true, messageId: 1 });
      expect(told).toHaveLength(count);
    }
    expect(told).toEqual([
      ['retried', { count: 1 }],
      ['retried', { count: 2 }],
    ]);
    clock.advance(5_000);
    expect(await result).toEqual({ outcome: 'timeout' });
    expect(clock.waiting).toBe(0);
  });

  test('after PUBREC it is PUBREL that is sent again', async () => {
    const { client, link, clock } = await up({ retry: { after: 5_000, times: 1 } });
    void client.publish(publication('t', 'x', 2));
    await link.next('publish');
    link.send({ cmd: 'pubrec', messageId: 1 });
    await link.next('pubrel');
    clock.advance(5_000);
    expect(await link.next('pubrel')).toMatchObject({ messageId: 1 });
  });
});

describe('subscribing', () => {
  test('granted, partly refused, all refused', async () => {
    const { client, link } = await up();
    const ask = async (granted: number[]) => {
      const result = client.subscribe(granted.map((_, index) => ({ topic: `t/${index}`, qos: 1 as const })));
      const { messageId } = await link.next('subscribe');
      link.send({ cmd: 'suback', messageId, granted });
      return result;
    };
    expect(await ask([1, 0])).toMatchObject({ outcome: 'subscribed', granted: [1, 0] });
    expect(await ask([1, 0x80])).toMatchObject({ outcome: 'subscribed', granted: [1, 0x80] });
    expect(await ask([0x80, 0x80])).toMatchObject({ outcome: 'denied', granted: [0x80, 0x80] });
    expect([...client.subscriptions]).toEqual([
      ['t/0', 1],
      ['t/1', 0],
    ]);
    const gone = client.unsubscribe(['t/0']);
    link.send({ cmd: 'unsuback', messageId: (await link.next('unsubscribe')).messageId!, granted: [] });
    expect(await gone).toMatchObject({ outcome: 'unsubscribed' });
    expect([...client.subscriptions.keys()]).toEqual(['t/1']);
  });

  test('no SUBACK', async () => {
    const { client, link, clock } = await up();
    const result = client.subscribe([{ topic: 't', qos: 0 }], 10_000);
    await link.next('subscribe');
    clock.advance(10_000);
    expect(await result).toEqual({ outcome: 'timeout' });
  });

  test('no topic, and an empty one', async () => {
    const { client } = await up();
    expect(await client.subscribe([])).toMatchObject({ outcome: 'failed' });
    expect(await client.unsubscribe([''])).toMatchObject({ outcome: 'failed' });
  });

  test('a caller sees its answer before a message that came behind it in the same chunk', async () => {
    const { client, link } = await up();
    const order: string[] = [];
    client.message.on(({ payload }) => order.push(String(payload)));
    client.lost.on(({ cause }) => order.push(cause));
    const subscribed = client.subscribe([{ topic: 't', qos: 0 }]).then(async result => {
      await Promise.resolve();
      order.push(result.outcome);
    });
    const { messageId } = await link.next('subscribe');
    const message = (text: string) =>
      ({ cmd: 'publish', topic: 't', payload: text, qos: 0, dup: false, retain: true }) as const;
    link.send({ cmd: 'suback', messageId, granted: [0] }, message('one'), message('two'));
    link.socket.end();
    await subscribed;
    await next(client.lost);
    expect(order).toEqual(['subscribed', 'one', 'two', 'peer-closed']);
  });
});

describe('messages', () => {
  test('QoS 0, 1 and 2 are delivered and answered; a repeated QoS 2 once', async () => {
    const { client, link } = await up();
    const seen: Message[] = [];
    client.message.on(message => seen.push(message));
    const message = (qos: 0 | 1 | 2, messageId?: number, dup = false) =>
      ({ cmd: 'publish', topic: '主题', payload: 'x', qos, messageId, dup, retain: false }) as const;
    link.send(message(0), message(1, 10), message(2, 11), message(2, 11, true));
    expect((await link.next('puback')).messageId).toBe(10);
    expect((await link.next('pubrec')).messageId).toBe(11);
    expect((await link.next('pubrec')).messageId).toBe(11);
    link.send({ cmd: 'pubrel', messageId: 11 });
    await link.next('pubcomp');
    expect(seen.map(({ topic, qos, id, header }) => [topic, qos, id, header])).toEqual([
      ['主题', 0, undefined, 10],
      ['主题', 1, 10, 12],
      ['主题', 2, 11, 12],
    ]);
  });

  test('answers to nothing that was asked are a debug line', async () => {
    const { client, link, log } = await up();
    link.send(
      { cmd: 'puback', messageId: 9 },
      { cmd: 'pubcomp', messageId: 9 },
      { cmd: 'connack', returnCode: 0, sessionPresent: false },
    );
    const result = client.publish(publication('t', 'x', 1));
    await link.next('publish');
    link.send({ cmd: 'puback', messageId: 1 });
    expect(await result).toMatchObject({ outcome: 'acknowledged' });
    expect(log.said.filter(({ fields }) => 'unexpected' in fields)).toHaveLength(2);
    expect(client.state).toBe('up');
  });

  test('every packet can be watched, both ways', async () => {
    const { client, link } = await linked();
    const seen: PacketSeen[] = [];
    client.packet.on(packet => seen.push(packet));
    const connected = client.connect(options());
    await link.accept();
    await connected;
    expect(seen.map(({ direction, packet }) => `${direction} ${packet.cmd}`)).toEqual(['out connect', 'in connack']);
  });
});

describe('losing the link', () => {
  test.each<[string, (met: Met) => void, string]>([
    ['the peer closes', ({ link }) => void link.socket.end(), 'peer-closed'],
    ['the peer resets', ({ link }) => void link.socket.resetAndDestroy(), 'reset'],
    ['garbage', ({ link }) => link.send(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')), 'protocol-error'],
    ['a packet of a client', ({ link }) => link.send({ cmd: 'pingreq' }), 'protocol-error'],
    ['256 MB announced', ({ link }) => link.send(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])), 'too-large'],
    ['the network goes', ({ client }) => client.drop('no-network'), 'no-network'],
  ])('%s', async (_, act, cause) => {
    const met = await up();
    const lost = next(met.client.lost);
    act(met);
    expect(await lost).toEqual({ cause, answered: false });
    expect(met.client.state).toBe('lost');
    await met.link.closed();
    expect(await met.client.open(to(met.broker.port))).toMatchObject({ outcome: 'linked' });
  });

  test('before CONNECT it is a loss as well, and a broker that speaks first is none', async () => {
    const first = await linked();
    const lost = next(first.client.lost);
    first.link.socket.end();
    expect(await lost).toEqual({ cause: 'peer-closed', answered: false });
    const second = await linked();
    const broken = next(second.client.lost);
    second.link.send({ cmd: 'pingresp' });
    expect(await broken).toEqual({ cause: 'protocol-error', answered: false });
  });

  test('CONNACK is first, or nothing', async () => {
    const { client, link } = await linked();
    const connected = client.connect(options());
    await link.next('connect');
    link.send({ cmd: 'pingresp' });
    expect(await connected).toEqual({ outcome: 'lost', cause: 'protocol-error' });
  });

  test('all operations under way end with it, and it says that they did', async () => {
    const { client, link } = await up();
    const lost = next(client.lost);
    const results = [
      client.publish(publication('t', 'x', 1)),
      client.publish(publication('t', 'x', 2)),
      client.subscribe([{ topic: 't', qos: 0 }]),
      client.unsubscribe(['t']),
    ];
    await link.next('publish');
    link.socket.resetAndDestroy();
    for (const result of await Promise.all(results)) expect(result).toEqual({ outcome: 'lost', cause: 'reset' });
    expect(await lost).toEqual({ cause: 'reset', answered: true });
  });
});

describe('ending', () => {
  test('disconnect says DISCONNECT and leaves the link to the peer, whose close is silent', async () => {
    const { client, link } = await up();
    const seen = losses(client);
    const waiting = client.publish(publication('t', 'x', 1));
    expect(client.disconnect()).toEqual({ outcome: 'disconnected' });
    expect(client.state).toBe('closing');
    expect(await waiting).toEqual({ outcome: 'lost', cause: 'closed' });
    await link.next('publish');
    await link.next('disconnect');
    expect(link.socket.destroyed).toBe(false);
    link.socket.end();
    await link.closed();
    while (client.state === 'closing') await turn();
    expect(client.state).toBe('idle');
    expect(seen).toEqual([]);
  });

  test('disconnect, then close', async () => {
    const { client, link } = await up();
    client.disconnect();
    expect(await client.close()).toEqual({ outcome: 'closed' });
    await link.next('disconnect');
    await link.closed();
    expect(client.state).toBe('idle');
  });

  test('close says DISCONNECT first, and nothing is lost', async () => {
    const { client, link, clock } = await up({ keepalive: 60 });
    const seen = losses(client);
    link.send({ cmd: 'publish', topic: 't', payload: Buffer.alloc(5_000), qos: 0, dup: false, retain: false });
    expect(await client.close()).toEqual({ outcome: 'closed' });
    expect(client.state).toBe('idle');
    await link.next('disconnect');
    await link.closed();
    while (clock.waiting > 0) await turn();
    expect(seen).toEqual([]);
  });

  test('close before CONNECT says nothing', async () => {
    const { client, link } = await linked();
    await client.close();
    await link.closed();
    await expect(link.next('disconnect')).rejects.toThrow('closed the link');
  });

  test('a peer that keeps its side open is not waited for', async () => {
    const { client, link, clock } = await up();
    link.socket.allowHalfOpen = true;
    await client.close();
    await link.next('disconnect');
    clock.advance(1_000);
    // Only a closed link answers with RST, which a write then meets.
    for (; !link.socket.destroyed; await turn()) link.socket.write('x');
  });

  test('destroy is a power cut: RST, no DISCONNECT, no signal, nothing remembered', async () => {
    const { client, link } = await up({ clean: false });
    const seen = losses(client);
    const waiting = client.publish(publication('t', 'x', 1));
    await link.next('publish');
    const reset = once(link.socket, 'error');
    client.destroy();
    expect((await reset)[0]).toMatchObject({ code: 'ECONNRESET' });
    expect(await waiting).toMatchObject({ outcome: 'lost' });
    expect([client.state, seen]).toEqual(['idle', []]);
  });
});

describe('keep-alive', () => {
  const ping = { limits: {}, timing: { ping: 10_000 } };

  test('PINGREQ when nothing was sent for the interval, and an answer keeps the link', async () => {
    const { client, link, clock } = await up({ keepalive: 60 }, ping);
    clock.advance(59_999);
    client.publish(publication('t', 'x'));
    await link.next('publish');
    clock.advance(59_999);
    await turn();
    clock.advance(1);
    await link.next('pingreq');
    link.send({ cmd: 'pingresp' });
    link.send({ cmd: 'publish', topic: 't', payload: 'x', qos: 0, dup: false, retain: false });
    await next(client.message);
    clock.advance(20_000);
    expect(client.state).toBe('up');
  });

  test('no PINGRESP: `ping-timeout`', async () => {
    const { client, link, clock } = await up({ keepalive: 60 }, ping);
    const lost = next(client.lost);
    clock.advance(60_000);
    await link.next('pingreq');
    clock.advance(9_999);
    expect(client.state).toBe('up');
    clock.advance(1);
    expect(await lost).toEqual({ cause: 'ping-timeout', answered: false });
    await link.closed();
    expect(clock.waiting).toBe(0);
  });

  test('with a short interval the patience is as short', async () => {
    const { client, clock } = await up({ keepalive: 2 }, ping);
    clock.advance(2_000);
    await turn();
    clock.advance(2_000);
    expect(client.state).toBe('lost');
  });

  test('0 is none', async () => {
    const { clock } = await up({ keepalive: 0 });
    expect(clock.waiting).toBe(0);
  });

  test('while the link is not read, a missing PINGRESP is not held against the broker', async () => {
    const { client, link, clock } = await up({ keepalive: 60 }, ping);
    client.pause();
    clock.advance(60_000);
    await link.next('pingreq');
    clock.advance(100_000);
    expect(client.state).toBe('up');
    client.resume();
    clock.advance(10_000);
    expect(client.state).toBe('lost');
  });
});

describe('back-pressure', () => {
  test('a paused client takes nothing off the link, and goes on where it stopped', async () => {
    const { client, link } = await up();
    const seen: string[] = [];
    client.message.on(({ payload }) => seen.push(String(payload)));
    client.pause();
    link.send({ cmd: 'publish', topic: 't', payload: 'one', qos: 0, dup: false, retain: false });
    const stillWrites = client.publish(publication('t', 'x'));
    await link.next('publish');
    await turn();
    expect([seen, stillWrites]).toEqual([[], { outcome: 'sent' }]);
    const resumed = next(client.message);
    client.resume();
    await resumed;
    expect(seen).toEqual(['one']);
  });

  test('a client that was paused before its link opened does not read it either', async () => {
    const broker = await FakeBroker.start();
    const { client } = makeClient();
    client.pause();
    await client.open(to(broker.port));
    const link = await broker.link();
    const connected = client.connect(options());
    await link.accept();
    await turn();
    expect(client.state).toBe('connecting');
    client.resume();
    expect(await connected).toMatchObject({ outcome: 'connected' });
  });
});

describe('a kept session', () => {
  test('what was under way goes out again with DUP and its id after the next CONNECT', async () => {
    const { client, link, broker } = await up({ clean: false });
    const results = [client.publish(publication('one', 'x', 1)), client.publish(publication('two', 'x', 2))];
    await link.next('publish');
    await link.next('publish');
    link.send({ cmd: 'pubrec', messageId: 2 });
    await link.next('pubrel');
    link.socket.resetAndDestroy();
    expect(await Promise.all(results)).toMatchObject([{ outcome: 'lost' }, { outcome: 'lost' }]);

    await client.open(to(broker.port));
    const again = await broker.link();
    const connected = client.connect(options({ clean: false }));
    await again.accept(true);
    expect(await connected).toEqual({ outcome: 'connected', session: true });
    expect(await again.next('publish')).toMatchObject({ topic: 'one', messageId: 1, dup: true });
    expect(await again.next('pubrel')).toMatchObject({ messageId: 2 });
    const fresh = client.publish(publication('three', 'x', 1));
    expect(await again.next('publish')).toMatchObject({ topic: 'three', messageId: 3, dup: false });
    again.send({ cmd: 'puback', messageId: 1 }, { cmd: 'pubcomp', messageId: 2 }, { cmd: 'puback', messageId: 3 });
    expect(await fresh).toMatchObject({ outcome: 'acknowledged' });
  });

  test.each<[string, Partial<ConnectOptions>, Partial<ConnectOptions>]>([
    ['a clean session before', { clean: true }, { clean: false }],
    ['a clean session now', { clean: false }, { clean: true }],
    ['another client id', { clean: false }, { clean: false, clientId: 'other' }],
  ])('%s: nothing goes out again, and ids begin at 1', async (_, before, now) => {
    const { client, link, broker } = await up(before);
    void client.publish(publication('one', 'x', 1));
    await link.next('publish');
    const lost = next(client.lost);
    link.socket.resetAndDestroy();
    await lost;
    await client.open(to(broker.port));
    const again = await broker.link();
    const connected = client.connect(options(now));
    await again.accept();
    await connected;
    void client.publish(publication('two', 'x', 1));
    expect(await again.next('publish')).toMatchObject({ topic: 'two', messageId: 1 });
  });

  test('in MQTT 3.1, where a broker cannot say so, it is taken to have the session', async () => {
    const { client, link, broker } = await up({ clean: false, version: 3 });
    void client.publish(publication('t', 'x', 2));
    await link.next('publish');
    link.send({ cmd: 'pubrec', messageId: 1 });
    await link.next('pubrel');
    const lost = next(client.lost);
    link.socket.resetAndDestroy();
    await lost;
    await client.open(to(broker.port));
    const again = await broker.link();
    void client.connect(options({ clean: false, version: 3 }));
    await again.accept(false);
    expect(await again.next('pubrel')).toMatchObject({ messageId: 1 });
  });
});

describe('winning a lost connection back', () => {
  const reconnect = { every: 10_000 };

  test('the same request and options, every so many ms, until it is up', async () => {
    const { client, link, broker, clock } = await up({ reconnect, clientId: 'again' });
    const seen = losses(client);
    const reconnected = next(client.reconnected);
    link.socket.end();
    await next(client.lost);
    expect(client.state).toBe('lost');

    clock.advance(10_000);
    const rude = await broker.link();
    await rude.next('connect');
    rude.socket.resetAndDestroy();
    while (client.state !== 'lost') await turn();

    while (clock.waiting === 0) await turn();
    clock.advance(10_000);
    const refusing = await broker.link();
    await refusing.next('connect');
    refusing.send({ cmd: 'connack', returnCode: 3, sessionPresent: false });
    await refusing.closed();

    while (clock.waiting === 0) await turn();
    clock.advance(10_000);
    const good = await broker.link();
    expect(await good.accept(true)).toMatchObject({ clientId: 'again' });
    expect(await reconnected).toEqual({ session: true });
    expect(client.state).toBe('up');
    expect(seen).toEqual([{ cause: 'peer-closed', answered: false }]);
  });

  test('the reconnection is told before the messages that come with it', async () => {
    const { client, link, broker, clock } = await up({ reconnect });
    const order: string[] = [];
    client.message.on(() => order.push('message'));
    client.reconnected.on(() => order.push('reconnected'));
    link.socket.end();
    await next(client.lost);
    clock.advance(10_000);
    const good = await broker.link();
    await good.next('connect');
    good.send(
      { cmd: 'connack', returnCode: 0, sessionPresent: true },
      { cmd: 'publish', topic: 't', payload: 'x', qos: 0, dup: false, retain: false },
    );
    await next(client.message);
    expect(order).toEqual(['reconnected', 'message']);
  });

  test.each<[string, (client: MqttClient) => unknown]>([
    ['close', client => client.close()],
    ['destroy', client => client.destroy()],
  ])('%s ends it', async (_, act) => {
    const { client, link, clock } = await up({ reconnect });
    link.socket.end();
    await next(client.lost);
    expect(clock.waiting).toBe(1);
    await act(client);
    expect([client.state, clock.waiting]).toEqual(['idle', 0]);
  });

  test('open ends it and dials at once', async () => {
    const { client, link, broker, clock } = await up({ reconnect });
    link.socket.end();
    await next(client.lost);
    expect(await client.open(to(broker.port))).toMatchObject({ outcome: 'linked' });
    expect(clock.waiting).toBe(0);
  });

  test('not where it was not asked for, nor after a close of our own', async () => {
    const plain = await up();
    plain.link.socket.end();
    await next(plain.client.lost);
    expect(plain.clock.waiting).toBe(0);
    const wanted = await up({ reconnect });
    wanted.client.disconnect();
    wanted.link.socket.end();
    while (wanted.client.state !== 'idle') await turn();
    expect(wanted.clock.waiting).toBe(0);
  });

  test('the list of subscriptions stays through it; a clean CONNECT of the host begins another', async () => {
    const { client, link, broker, clock } = await up({ reconnect });
    const subscribed = client.subscribe([{ topic: 't', qos: 0 }]);
    link.send({ cmd: 'suback', messageId: (await link.next('subscribe')).messageId!, granted: [0] });
    await subscribed;
    link.socket.end();
    await next(client.lost);
    const reconnected = next(client.reconnected);
    clock.advance(10_000);
    const second = await broker.link();
    await second.accept();
    await reconnected;
    expect(client.subscriptions.size).toBe(1);
    await client.close();
    await client.open(to(broker.port));
    const connected = client.connect(options());
    await (await broker.link()).accept();
    await connected;
    expect(client.subscriptions.size).toBe(0);
  });
});
