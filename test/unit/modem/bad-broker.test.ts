/**
 * Brokers that no host deserves: the modem says what the module would, stays whole, and can be used again. What a good
 * broker may do (refuse, close) stands in the transcripts.
 */
import { describe, expect, it } from 'vitest';
import { FakeBroker, type FakeLink } from '../../support/fake-broker.js';
import { turns } from '../../support/patience.js';
import { ModemUnderTest } from './modem-under-test.js';
import { finished, type OnlineDialect, onlineDialects, onlineLines, startAtFakeBroker } from './online.js';

const ok = '\r\nOK\r\n';

/** What the host hears when a link that was up is lost, and of a try to connect that came to nothing. */
const heard: Readonly<Record<OnlineDialect, { lost: string; failed: string; late: string; limit: number }>> = {
  luat: { lost: '\r\nCLOSED\r\n', failed: `${ok}\r\nCLOSED\r\n`, late: `${ok}\r\nERROR\r\n`, limit: 9000 },
  w800: { lost: '+MQTTDISCONNECTED:0\r\n', failed: '\r\nERROR\r\n', late: '\r\nERROR\r\n', limit: 10_000 },
  'esp-at': {
    lost: '+MQTTDISCONNECTED:0\r\n',
    failed: '+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n',
    late: '+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n',
    limit: 15_000,
  },
  './examples/vendor.yaml': {
    lost: '\r\n+MQLOST: 9\r\n',
    failed: `${ok}\r\n+MQOPEN: 9\r\n`,
    late: `${ok}\r\n+MQOPEN: 4\r\n`,
    limit: 15_000,
  },
};

/** PUBLISH with a length of 268,435,455 bytes, the most that MQTT can announce. */
const hugePacket = Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f, 0x00, 0x02, 0x69, 0x6e]);

const garbage: Readonly<Record<string, Buffer>> = {
  'an HTTP answer': Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
  zeros: Buffer.alloc(64),
  'all ones': Buffer.alloc(64, 0xff),
  'a packet that only clients send': Buffer.from([0x82, 0x06, 0x00, 0x01, 0x00, 0x01, 0x61, 0x00]),
  'a length of five bytes': Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01]),
  'a message with QoS 3': Buffer.from([0x36, 0x05, 0x00, 0x01, 0x61, 0x00, 0x01]),
  'a message without a topic': Buffer.from([0x30, 0x02, 0x00, 0x00]),
  'a topic that is no UTF-8': Buffer.from([0x30, 0x05, 0x00, 0x02, 0xff, 0xfe, 0x61]),
  '256 MB': hugePacket,
};

describe.each(onlineDialects)('%s', dialect => {
  const { lost, failed, late, limit } = heard[dialect];

  /** The TCP link stands, CONNECT is on its way. */
  async function connecting(): Promise<{ test: ModemUnderTest; link: FakeLink; broker: FakeBroker }> {
    const broker = await FakeBroker.start();
    const test = await ModemUnderTest.start(dialect, { routes: [`*=127.0.0.1:${broker.port}`] });
    const lines = [...onlineLines[dialect]];
    const last = lines.pop()!;
    for (const line of lines) {
      test.host.types(line + test.host.lineEnd);
      await finished(test);
    }
    test.host.take();
    test.host.types(last + test.host.lineEnd);
    const link = await broker.link();
    await link.next('connect');
    return { test, link, broker };
  }

  async function worksAgain(test: ModemUnderTest): Promise<void> {
    await test.host.dialogue('AT', ok);
    expect(test.complaints).toEqual([]);
    expect(test.clock.waiting).toBe(0);
  }

  it.each(Object.entries(garbage))('hears %s in place of CONNACK', async (_, bytes) => {
    const { test, link } = await connecting();
    link.send(bytes);
    await link.closed();
    await test.host.expects(failed);
    await worksAgain(test);
  });

  it.each(Object.entries(garbage))('hears %s when connected', async (_, bytes) => {
    const { test, link } = await startAtFakeBroker(dialect);
    link.send(bytes);
    await link.closed();
    await test.host.expects(lost);
    await worksAgain(test);
  });

  it('gets a good message and garbage in one chunk: the message counts', async () => {
    const { test, link } = await startAtFakeBroker(dialect);
    link.send({ cmd: 'publish', topic: 'in', payload: 'good', qos: 0, dup: false, retain: false }, hugePacket);
    await link.closed();
    const said = await test.host.reads();
    expect(said).toContain('good');
    expect(said.endsWith(lost)).toBe(true);
  });

  it('never gets CONNACK', async () => {
    const { test } = await connecting();
    await test.passes(limit - 1);
    const before = await test.host.reads();
    test.clock.advance(1);
    expect(before + (await test.host.reads())).toBe(late);
  });

  it('is reset in place of CONNACK', async () => {
    const { test, link } = await connecting();
    link.socket.resetAndDestroy();
    await test.host.expects(failed);
    await worksAgain(test);
  });

  it('is reset when connected', async () => {
    const { test, link } = await startAtFakeBroker(dialect);
    link.socket.resetAndDestroy();
    await test.host.expects(lost);
    await worksAgain(test);
  });

  it('is left in the middle of a packet', async () => {
    const { test, link } = await startAtFakeBroker(dialect);
    link.send(Buffer.from([0x30, 0x20, 0x00, 0x02, 0x69]));
    await turns(10);
    await test.host.expects('');
    link.socket.resetAndDestroy();
    await test.host.expects(lost);
    await worksAgain(test);
  });

  it('gets answers to nothing that it asked, and takes no notice', async () => {
    const { test, link } = await startAtFakeBroker(dialect);
    link.send(
      { cmd: 'puback', messageId: 9 },
      { cmd: 'pubcomp', messageId: 9 },
      { cmd: 'suback', messageId: 9, granted: [0] },
      Buffer.from([0xb0, 0x02, 0x00, 0x09]), // UNSUBACK
      { cmd: 'pingresp' },
      { cmd: 'connack', returnCode: 0, sessionPresent: false },
      { cmd: 'publish', topic: 'in', payload: 'after all', qos: 0, dup: false, retain: false },
    );
    await turns(30);
    expect(await test.host.reads()).toContain('after all');
    expect(test.modem.clients.ifAny(0)?.client.state).toBe('up');
    expect(test.complaints).toEqual([]);
  });

  it('answers no ping: the link is lost, whatever it pretends', async () => {
    const { test, link } = await startAtFakeBroker(dialect);
    await test.passes(400_000);
    await link.closed();
    expect(await test.host.reads()).toMatch(/CLOSED|DISCONNECTED|MQLOST/);
    await worksAgain(test);
  });
});

it('a modem that met one such broker meets a good one as if nothing had been', async () => {
  const { test, link, broker } = await startAtFakeBroker('luat');
  link.send(hugePacket);
  await link.closed();
  await test.host.expects('\r\nCLOSED\r\n');
  await test.host.dialogue('AT+MIPSTART="broker.example",1883', `${ok}\r\nCONNECT OK\r\n`);
  const next = await broker.link();
  await test.host.dialogue('AT+MCONNECT=1,60', ok);
  await next.accept();
  await test.host.expects('\r\nCONNACK OK\r\n');
});
