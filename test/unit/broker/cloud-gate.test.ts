/** The embedded broker as a cloud, over real connections on loopback. */
import { type EventEmitter, once } from 'node:events';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { type EmbeddedBroker, startEmbeddedBroker } from '../../../src/broker/embedded.js';
import { type AliyunManner, signInAtAliyun } from '../../../src/clouds/aliyun/signature.js';
import { type CloudSpec, makeCloud } from '../../../src/clouds/cloud.js';
import { signInAtOnenet } from '../../../src/clouds/onenet/token.js';
import { aliyunDevice, onenetDevice } from '../../support/clouds.js';
import { recordingLog } from '../../support/log.js';

const other = { productKey: 'pk', deviceName: 'other', deviceSecret: 'another-secret' };

async function start(spec: CloudSpec = { aliyun: [aliyunDevice, other], onenet: [onenetDevice] }) {
  const log = recordingLog();
  const clock = new ManualClock();
  const broker = await startEmbeddedBroker({ port: 0, clock, log, cloud: makeCloud(spec) });
  onTestFinished(() => broker.stop());
  return { broker, clock, said: log.said };
}

const shown = (manner: Partial<AliyunManner> = {}, device = aliyunDevice): IClientOptions => ({
  ...signInAtAliyun(device, { id: '12345', link: 'tcp', timestamp: 789, ...manner }),
  keepalive: 100,
});

/** @param now milliseconds since 1970 */
const tokenFor = (now: number, device = onenetDevice): IClientOptions =>
  signInAtOnenet(device, now / 1000 + 60, 'sha1');

function dial(broker: EmbeddedBroker, options: IClientOptions): MqttClient {
  const client = mqtt.connect(broker.url, { reconnectPeriod: 0, connectTimeout: 5000, ...options });
  onTestFinished(() => client.endAsync(true).then(() => undefined));
  client.on('error', () => {});
  return client;
}

/** MQTT.js types its events in a way of its own. */
const next = (from: MqttClient, event: 'connect' | 'close' | 'error' | 'message') =>
  once(from as unknown as EventEmitter, event);

async function signedIn(broker: EmbeddedBroker, options: IClientOptions = shown()): Promise<MqttClient> {
  const client = dial(broker, options);
  await next(client, 'connect');
  return client;
}

/** The CONNACK code. */
async function refusedWith(broker: EmbeddedBroker, options: IClientOptions): Promise<number> {
  const client = dial(broker, options);
  const [error] = await next(client, 'error');
  return error.code;
}

type Running = Awaited<ReturnType<typeof start>>;
const warnings = ({ said }: Running) => said.filter(({ level }) => level === 'warn');

describe('a sign-in', () => {
  test('that is right is let in, and the device is online until it leaves', async () => {
    const running = await start();
    const client = await signedIn(running.broker);
    const online = () => running.broker.cloud?.devices().filter(device => device.online);
    expect(online()).toEqual([{ platform: 'aliyun', product: 'pk', device: 'device', online: true }]);
    expect(warnings(running)).toEqual([]);
    await client.endAsync();
    await expect.poll(online).toEqual([]);
  });

  const right = shown();
  test.each<[string, IClientOptions, number, string, string]>([
    ['client id without bars', { clientId: '12345' }, 2, 'client-id', 'has no bars'],
    [
      'securemode',
      { clientId: '12345|securemode=4,signmethod=hmacsha1,timestamp=789|' },
      2,
      'securemode',
      '`4` is none of',
    ],
    ['signmethod', { clientId: '12345|securemode=3,signmethod=sha1,timestamp=789|' }, 2, 'signmethod', 'did you mean'],
    ['timestamp', { clientId: '12345|securemode=3,signmethod=hmacsha1,timestamp=790|' }, 5, 'signature', 'no likely'],
    ['device name', { username: 'devise&pk' }, 4, 'device', 'did you mean `device`?'],
    ['product key', { username: 'device&pq' }, 4, 'product', 'did you mean `pk`?'],
    ['user name', { username: 'device' }, 4, 'username', 'is not `<device name>&<product key>`'],
    ['password', { password: '00'.repeat(20) }, 5, 'signature', 'no likely content'],
    ['no password', { password: undefined }, 4, 'password', 'has no password'],
    ['no user name', { username: undefined, password: undefined }, 4, 'username', '`` is not'],
    ['keep-alive', { keepalive: 29 }, 2, 'keepalive', 'the keep-alive is 29 s, it may be 30 to 1200'],
  ])('with a wrong %s is refused, and one line says why', async (_, change, code, fault, explanation) => {
    const running = await start({ aliyun: [aliyunDevice] });
    expect(await refusedWith(running.broker, { ...right, ...change })).toBe(code);
    expect(warnings(running)).toEqual([
      { level: 'warn', fields: expect.objectContaining({ code, fault }), text: expect.stringContaining(explanation) },
    ]);
    expect(JSON.stringify(running.said)).not.toContain('secret"');
  });

  test('with a wrong signature is told with all that was compared', async () => {
    const running = await start();
    await refusedWith(running.broker, { ...right, password: '14B198324FE55E1D3C88F2E705E201EE' });
    expect(warnings(running)).toEqual([
      {
        level: 'warn',
        fields: {
          client: '12345|securemode=3,signmethod=hmacsha1,timestamp=789|',
          user: 'device&pk',
          code: 5,
          fault: 'signature',
          method: 'hmacsha1',
          signed: 'clientId12345deviceNamedeviceproductKeypktimestamp789',
          expected: 'FAFD82A3D602B37FB0FA8B7892F24A477F851A14',
          given: '14B198324FE55E1D3C88F2E705E201EE',
        },
        text: 'sign-in refused: this password signs the right content, but is signed by hmacmd5, while the client id says signmethod=hmacsha1',
      },
    ]);
  });

  test.each([0, 29, 1201])('with a keep-alive of %i s is refused', async keepalive => {
    const { broker } = await start();
    expect(await refusedWith(broker, { ...shown(), keepalive })).toBe(2);
  });

  test.each([30, 1200])('with a keep-alive of %i s is let in', async keepalive => {
    const { broker } = await start();
    await signedIn(broker, { ...shown(), keepalive });
  });

  test('that says TLS and came without is let in, and remarked on', async () => {
    const { broker, said } = await start();
    await signedIn(broker, shown({ link: 'tls' }));
    expect(said.filter(({ level }) => level === 'info')).toEqual([
      {
        level: 'info',
        fields: { device: 'aliyun pk/device' },
        text: expect.stringContaining('securemode=2 means TLS'),
      },
    ]);
  });
});

describe('a second sign-in of the same device', () => {
  test.each([
    ['another client id', '67890'],
    ['the same client id', '12345'],
  ])('with %s ends the first, and takes its place', async (_, id) => {
    const { broker, said } = await start();
    const first = await signedIn(broker);
    const ended = next(first, 'close');
    const second = await signedIn(broker, shown({ id }));
    await ended;
    expect(said.map(({ text }) => text)).toContain('the device signs in again: its former connection ends');
    expect(broker.connectedClients).toBe(1);
    expect(broker.cloud?.devices()[0]).toMatchObject({ device: 'device', online: true });
    await second.publishAsync('/pk/device/user/update', 'still there', { qos: 1 });
  });

  test('is told from another device', async () => {
    const { broker } = await start();
    const first = await signedIn(broker);
    await signedIn(broker, shown({ id: '67890' }, other));
    await first.publishAsync('/pk/device/user/update', 'still there', { qos: 1 });
    expect(broker.connectedClients).toBe(2);
  });

  test('that is refused ends nothing', async () => {
    const { broker } = await start();
    const first = await signedIn(broker);
    await refusedWith(broker, { ...shown(), password: '00'.repeat(20) });
    await first.publishAsync('/pk/device/user/update', 'still there', { qos: 1 });
  });
});

describe('topics of Alibaba Cloud IoT', () => {
  const post = '/sys/pk/device/thing/event/property/post';
  const set = '/sys/pk/device/thing/service/property/set';

  /** The reason codes in the SUBACK: MQTT.js tells a refusal as an error. */
  const granted = (client: MqttClient, topic: string) =>
    client.subscribeAsync(topic).then(
      ([grant]) => grant?.qos,
      () => 128,
    );

  test.each([
    ['/sys/pk/other/thing/service/property/set', "none of the device's topics"],
    ['/sys/+/device/thing/service/property/set', "none of the device's topics"],
    ['#', "none of the device's topics"],
    [post, 'the device publishes to this topic'],
  ])('a subscription to %s is answered by 0x80', async (topic, why) => {
    const running = await start();
    const client = await signedIn(running.broker);
    expect(await granted(client, topic)).toBe(128);
    expect(await granted(client, set)).toBe(0);
    expect(warnings(running)).toEqual([
      { level: 'warn', fields: { device: 'aliyun pk/device', topic }, text: expect.stringContaining(why) },
    ]);
  });

  test('a message to a topic of another device gets no further, and the connection stays', async () => {
    const running = await start();
    const { broker } = running;
    const [one, two] = [await signedIn(broker), await signedIn(broker, shown({ id: '67890' }, other))];
    const told: string[] = [];
    broker.published.on(({ topic }) => told.push(topic));
    await two.subscribeAsync('/sys/pk/other/#');
    const got = next(two, 'message');
    for (const qos of [0, 1, 2] as const)
      await one.publishAsync('/sys/pk/other/thing/service/property/set', 'stolen', { qos, retain: true });
    await broker.publish('/sys/pk/other/thing/config/push', 'next');
    expect((await got)[0]).toBe('/sys/pk/other/thing/config/push');
    expect(told).toEqual(['/sys/pk/other/thing/config/push']);
    expect(warnings(running)).toEqual([
      {
        level: 'warn',
        fields: expect.objectContaining({ device: 'aliyun pk/device', why: expect.stringContaining('none of the') }),
        text: 'a device published to a topic that it may not',
      },
    ]);
  });

  test('post is answered on post_reply, and not heard by who subscribes to all', async () => {
    const { broker } = await start();
    const client = await signedIn(broker);
    await client.subscribeAsync('/sys/pk/device/thing/#', { qos: 1 });
    const got = next(client, 'message');
    await client.publishAsync(post, '{"id":"1","method":"thing.event.property.post","params":{}}', { qos: 1 });
    const [topic, payload, packet] = await got;
    expect(topic).toBe(`${post}_reply`);
    expect(JSON.parse(payload)).toMatchObject({ code: 200, id: '1', message: 'success' });
    expect(packet.qos).toBe(0);
  });

  test('property/set arrives', async () => {
    const { broker } = await start();
    const client = await signedIn(broker);
    await client.subscribeAsync(set);
    const got = next(client, 'message');
    const sent = await broker.cloud?.setProperty({ product: 'pk', device: 'device' }, { LightSwitch: 1 });
    expect(sent).toEqual({ id: '1', topic: set });
    expect(String((await got)[1])).toBe(
      '{"method":"thing.service.property.set","id":"1","params":{"LightSwitch":1},"version":"1.0.0"}',
    );
    await expect(broker.cloud?.setProperty({ product: 'pk', device: 'devise' }, {})).rejects.toThrow(/no such device/);
  });

  test('neither wills nor retained messages are kept', async () => {
    const { broker, said } = await start();
    const topic = '/pk/device/user/state';
    const told: unknown[] = [];
    broker.published.on(({ payload, retain }) => told.push([String(payload), retain]));
    const client = await signedIn(broker, { ...shown(), will: { topic, payload: Buffer.from('gone') } });
    expect(said.map(({ text }) => text)).toContain('the platform keeps no wills: this one is ignored');
    await client.publishAsync(topic, 'here', { qos: 1, retain: true });
    client.stream.destroy();
    await expect.poll(() => broker.connectedClients).toBe(0);
    const again = await signedIn(broker);
    const got = next(again, 'message');
    await again.subscribeAsync(topic);
    await broker.publish(topic, 'now');
    expect(String((await got)[1])).toBe('now');
    expect(told).toEqual([
      ['here', false],
      ['now', false],
    ]);
  });

  test('what waited for a device is no message of another', async () => {
    const { broker } = await start();
    const session = { ...shown(), clean: false };
    const before = await signedIn(broker, session);
    await before.subscribeAsync([set, '/sys/pk/other/thing/service/property/set'], { qos: 1 }).catch(() => {});
    await before.endAsync();
    for (const name of ['other', 'device'])
      await broker.publish(`/sys/pk/${name}/thing/service/property/set`, name, { qos: 1 });
    const after = dial(broker, session);
    const [topic] = await next(after, 'message');
    expect(topic).toBe(set);
  });
});

describe('OneNET', () => {
  test('a token is good until it expires', async () => {
    const running = await start();
    const { broker, clock } = running;
    const token = tokenFor(clock.wall());
    const client = await signedIn(broker, token);
    clock.advance(59_999);
    await (await signedIn(broker, token)).endAsync();
    clock.advance(1);
    expect(await refusedWith(broker, token)).toBe(4);
    expect(client.connected).toBe(false);
    expect(warnings(running)).toEqual([
      {
        level: 'warn',
        fields: expect.objectContaining({ code: 4, fault: 'expired' }),
        text: expect.stringContaining('expired at'),
      },
    ]);
  });

  test.each<[string, (right: string) => IClientOptions, string]>([
    ['res', right => ({ password: right.replace('dev1', 'dev2') }), 'resource'],
    ['method', right => ({ password: right.replace('method=sha1', 'method=md5') }), 'signature'],
    ['client id', () => ({ clientId: 'dev2' }), 'device'],
    ['user name', () => ({ username: '321321' }), 'product'],
    ['password', () => ({ password: 'password' }), 'token'],
  ])('a wrong %s is refused', async (_, change, fault) => {
    const running = await start({ onenet: [onenetDevice] });
    const right = tokenFor(running.clock.wall());
    expect(await refusedWith(running.broker, { ...right, ...change(String(right.password)) })).toBe(4);
    expect(warnings(running)).toEqual([
      expect.objectContaining({ fields: expect.objectContaining({ code: 4, fault }) }),
    ]);
  });

  test('a token that another key signed is refused', async () => {
    const running = await start({ onenet: [onenetDevice] });
    const foreign = tokenFor(running.clock.wall(), { ...onenetDevice, accessKey: 'b3RoZXI=' });
    expect(await refusedWith(running.broker, foreign)).toBe(4);
    expect(warnings(running)[0]?.fields).toMatchObject({ fault: 'signature', method: 'sha1' });
  });

  test('post is answered, and property/set arrives', async () => {
    const { broker, clock } = await start();
    const client = await signedIn(broker, tokenFor(clock.wall()));
    await client.subscribeAsync('$sys/123123/dev1/thing/#');
    const reply = next(client, 'message');
    await client.publishAsync('$sys/123123/dev1/thing/property/post', '{"id":"123","version":"1.0","params":{}}');
    expect((await reply).slice(0, 2).map(String)).toEqual([
      '$sys/123123/dev1/thing/property/post/reply',
      '{"id":"123","code":200,"msg":"success"}',
    ]);
    const set = next(client, 'message');
    await broker.cloud?.setProperty({ product: '123123', device: 'dev1' }, { Power: true });
    expect((await set).slice(0, 2).map(String)).toEqual([
      '$sys/123123/dev1/thing/property/set',
      '{"id":"1","version":"1.0","params":{"Power":true}}',
    ]);
  });

  test('a message to a topic of another device ends the connection', async () => {
    const { broker, clock } = await start();
    const client = await signedIn(broker, tokenFor(clock.wall()));
    const ended = next(client, 'close');
    client.publish('$sys/123123/dev2/thing/property/post', '{}');
    await ended;
  });
});

describe('who is no device', () => {
  test('is refused by code 5', async () => {
    const running = await start();
    expect(await refusedWith(running.broker, { clientId: 'app' })).toBe(5);
    expect(warnings(running)[0]?.text).toContain('this means neither Alibaba Cloud IoT nor OneNET');
  });

  test('is let in where the list says so, and may use any topic', async () => {
    const { broker } = await start({ aliyun: [aliyunDevice], anonymous: true });
    const [app, device] = [await signedIn(broker, { clientId: 'app' }), await signedIn(broker)];
    await app.subscribeAsync('#');
    const got = next(app, 'message');
    await device.publishAsync('/pk/device/user/update', 'hello');
    expect((await got).slice(0, 2).map(String)).toEqual(['/pk/device/user/update', 'hello']);
    await device.subscribeAsync('/pk/device/user/get');
    const control = next(device, 'message');
    await app.publishAsync('/pk/device/user/get', 'on');
    expect(String((await control)[1])).toBe('on');
  });
});

test('a broker that is no cloud lets anybody in, and has no devices', async () => {
  const broker = await startEmbeddedBroker({ port: 0, clock: new ManualClock() });
  onTestFinished(() => broker.stop());
  await signedIn(broker, { clientId: 'app' });
  expect(broker.cloud).toBeUndefined();
});
