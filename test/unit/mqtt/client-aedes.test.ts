/** The same client against a real broker, over every transport. */
import { describe, expect, test } from 'vitest';
import { certificate } from '../../support/certificates.js';
import { makeClient, next, options, publication, startAedes, to } from '../../support/mqtt.js';

const verified = { verify: true, checkHost: true, checkExpiry: true, ca: certificate('ca.pem') };

describe.each(['tcp', 'tls', 'ws', 'wss'] as const)('over %s', transport => {
  test.each([3, 4] as const)(
    'MQTT version %i: messages of every QoS and size come back as they went',
    async version => {
      const { ports } = await startAedes();
      const { client } = makeClient();
      const request = { ...to(ports[transport], transport), path: '/mqtt', tls: verified };
      expect(await client.open(request)).toMatchObject({ outcome: 'linked' });
      expect(await client.connect(options({ version, keepalive: 60 }))).toMatchObject({ outcome: 'connected' });
      expect(await client.subscribe([{ topic: '温度/#', qos: 2 }])).toMatchObject({
        outcome: 'subscribed',
        granted: [2],
      });

      for (const [qos, outcome] of [
        [0, 'sent'],
        [1, 'acknowledged'],
        [2, 'completed'],
      ] as const) {
        const payload = Buffer.alloc(qos === 1 ? 100_000 : 10, qos + 0xfd);
        const message = next(client.message);
        expect(await client.publish({ topic: '温度/a', payload, qos, retain: false })).toMatchObject({ outcome });
        expect(await message).toMatchObject({ topic: '温度/a', payload, qos });
      }
      expect(await client.unsubscribe(['温度/#'])).toMatchObject({ outcome: 'unsubscribed' });
      expect(await client.close()).toEqual({ outcome: 'closed' });
    },
  );
});

test('what a broker kept for a session comes after CONNECT, and `connected` says that there was one', async () => {
  const { ports, aedes } = await startAedes();
  const keeper = makeClient().client;
  const kept = options({ clientId: 'keeper', clean: false });
  await keeper.open(to(ports.tcp));
  await keeper.connect(kept);
  await keeper.subscribe([{ topic: 'news', qos: 1 }]);
  const gone = new Promise(done => void aedes.once('clientDisconnect', done));
  await keeper.close();
  await gone;

  const writer = makeClient().client;
  await writer.open(to(ports.tcp));
  await writer.connect(options({ clientId: 'writer' }));
  await writer.publish(publication('news', 'while away', 1));

  const message = next(keeper.message);
  await keeper.open(to(ports.tcp));
  expect(await keeper.connect(kept)).toEqual({ outcome: 'connected', session: true });
  expect(String((await message).payload)).toBe('while away');
});

test("a second client of the same id takes the first one's place", async () => {
  const { ports } = await startAedes();
  const [first, second] = [makeClient().client, makeClient().client];
  for (const client of [first, second]) await client.open(to(ports.tcp));
  await first.connect(options({ clientId: 'twin' }));
  const lost = next(first.lost);
  await second.connect(options({ clientId: 'twin' }));
  expect(await lost).toMatchObject({ answered: false });
});

test('a will is published after a power cut, and not after close', async () => {
  const { ports } = await startAedes();
  const watcher = makeClient().client;
  await watcher.open(to(ports.tcp));
  await watcher.connect(options({ clientId: 'watcher' }));
  await watcher.subscribe([{ topic: 'will/#', qos: 0 }]);
  const seen: string[] = [];
  watcher.message.on(({ topic }) => seen.push(topic));

  const mortal = async (topic: string) => {
    const { client } = makeClient();
    await client.open(to(ports.tcp));
    await client.connect(options({ clientId: topic, will: { topic, payload: 'gone', qos: 0, retain: false } }));
    return client;
  };
  await (await mortal('will/closed')).close();
  const message = next(watcher.message);
  (await mortal('will/cut')).destroy();
  await message;
  expect(seen).toEqual(['will/cut']);
});

test('a broker that refuses by name and password', async () => {
  const { ports, aedes } = await startAedes();
  aedes.authenticate = (_, username, __, done) => {
    if (username === 'good') done(null, true);
    else done(Object.assign(new Error('no'), { returnCode: 4 }), false);
  };
  const { client } = makeClient();
  await client.open(to(ports.tcp));
  const lost = next(client.lost);
  expect(await client.connect(options({ username: 'bad' }))).toEqual({
    outcome: 'rejected',
    code: 4,
    reason: 'bad-credentials',
  });
  expect(await lost).toMatchObject({ answered: false });
});
