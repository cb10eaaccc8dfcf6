/** What a client does about a broker that does not answer: repetitions, what is told of them, and when it gives up. */
import { describe, expect, test } from 'vitest';
import type { MqttClient } from '../../../src/mqtt/client.js';
import type { ConnectOptions } from '../../../src/mqtt/connect-options.js';
import { Keepalive } from '../../../src/mqtt/keepalive.js';
import { FakeBroker } from '../../support/fake-broker.js';
import { makeClient, next, options, publication, to } from '../../support/mqtt.js';

async function linked() {
  const broker = await FakeBroker.start();
  const { client, clock } = makeClient();
  await client.open(to(broker.port));
  return { client, clock, link: await broker.link() };
}

async function up(more: Partial<ConnectOptions>) {
  const met = await linked();
  const connected = met.client.connect(options(more));
  await met.link.accept();
  await connected;
  return met;
}

/** What happens to the client, in order. */
function story(client: MqttClient): string[] {
  const said: string[] = [];
  client.lost.on(({ cause, answered }) => said.push(`lost: ${cause}${answered ? ', answered' : ''}`));
  return said;
}

describe('CONNECT', () => {
  test('is sent once; its repetitions are told, and in the end the link is given up', async () => {
    const { client, clock, link } = await linked();
    const said = story(client);
    const told: unknown[] = [];
    const connected = client.connect(options({ retry: { after: 5_000, times: 2 } }), (word, fields) =>
      told.push([word, fields]),
    );
    await link.next('connect');
    clock.advance(14_999);
    expect(told).toEqual([
      ['retried', { count: 1 }],
      ['retried', { count: 2 }],
    ]);
    clock.advance(1);
    expect(await connected).toEqual({ outcome: 'timeout' });
    expect(said).toEqual(['lost: connack-timeout, answered']);
    await link.closed();
    await expect(link.next('connect')).rejects.toThrow('closed the link');
    expect(clock.waiting).toBe(0);
  });
});

describe('SUBSCRIBE and UNSUBSCRIBE', () => {
  test.each([
    [
      'subscribe',
      (client: MqttClient, progress: () => void) => client.subscribe([{ topic: 't', qos: 0 }], undefined, progress),
    ],
    ['unsubscribe', (client: MqttClient, progress: () => void) => client.unsubscribe(['t'], undefined, progress)],
  ] as const)('%s is repeated, and has as long as its repetitions take', async (cmd, ask) => {
    const { client, clock, link } = await up({ retry: { after: 60_000, times: 1 } });
    let told = 0;
    const result = ask(client, () => {
      told += 1;
    });
    const { messageId } = await link.next(cmd);
    clock.advance(60_000);
    expect(await link.next(cmd)).toMatchObject({ messageId });
    expect(told).toBe(1);
    clock.advance(60_000);
    expect(await result).toEqual({ outcome: 'timeout' });
    expect(client.state).toBe('up');
  });
});

describe('in vain', () => {
  test('the link is given up after the caller has heard of it', async () => {
    const { client, clock, link } = await up({ retry: { after: 1_000, times: 0, inVain: 'give-up' } });
    const said = story(client);
    const result = Promise.resolve(client.publish(publication('t', 'x', 1))).then(({ outcome }) => said.push(outcome));
    await link.next('publish');
    const lost = next(client.lost);
    clock.advance(1_000);
    await Promise.all([result, lost]);
    expect(said).toEqual(['timeout', 'lost: unanswered']);
    expect(client.state).toBe('lost');
  });

  test('a link that the host has replaced meanwhile stays', async () => {
    const { client, clock, link } = await up({ retry: { after: 1_000, times: 0, inVain: 'give-up' } });
    const result = client.publish(publication('t', 'x', 1));
    await link.next('publish');
    clock.advance(1_000);
    await Promise.all([result, client.close()]);
    const broker = await FakeBroker.start();
    await client.open(to(broker.port));
    await broker.link();
    expect(client.state).toBe('linked');
  });
});

test('messages of QoS 1 and 2 count as unconfirmed until the broker has them', async () => {
  const { client, link } = await up({});
  const results = [0, 1, 2].map(qos => client.publish(publication('t', 'x', qos as 0 | 1 | 2)));
  void client.subscribe([{ topic: 't', qos: 0 }]);
  expect(client.unconfirmed).toBe(2);
  link.send({ cmd: 'puback', messageId: 1 }, { cmd: 'pubrec', messageId: 2 }, { cmd: 'pubcomp', messageId: 2 });
  await Promise.all(results);
  expect(client.unconfirmed).toBe(0);
});

describe('PINGREQ', () => {
  test('is repeated before the link is given up', async () => {
    const { client, clock, link } = await up({ keepalive: 60, ping: { within: 5_000, retries: 1 } });
    const said = story(client);
    clock.advance(60_000);
    await link.next('pingreq');
    clock.advance(5_000);
    await link.next('pingreq');
    expect(said).toEqual([]);
    clock.advance(5_000);
    expect(said).toEqual(['lost: ping-timeout']);
  });

  test('an answer gives all repetitions back', () => {
    const keepalive = new Keepalive(60_000, 5_000, 0, 1);
    expect(keepalive.verdict(60_000)).toEqual({ say: 'ping' });
    expect(keepalive.verdict(65_000)).toEqual({ say: 'ping' });
    keepalive.answered();
    expect(keepalive.verdict(125_000)).toEqual({ say: 'ping' });
    expect(keepalive.verdict(130_000)).toEqual({ say: 'ping' });
    expect(keepalive.verdict(135_000)).toEqual({ say: 'dead' });
  });
});
