/**
 * Where a URC may stand [DESIGN 4.3], seen as a host's driver sees it: write by write. Drivers take each burst for a frame,
 * look for OK in it, and throw the rest away.
 */
import { describe, expect, it } from 'vitest';
import type { FakeLink } from '../../support/fake-broker.js';
import { ModemUnderTest } from './modem-under-test.js';
import { onlineDialects, startAtFakeBroker } from './online.js';

const ok = '\r\nOK\r\n';

/** A message comes in, and the modem has dealt with it. */
async function deliver(link: FakeLink, payload: string | Buffer, topic = 'in', messageId = 7): Promise<void> {
  link.send({ cmd: 'publish', topic, payload, qos: 1, messageId, dup: false, retain: false });
  await link.next('puback');
}

const reported = {
  luat: (payload: string) => `\r\n+MSUB: "in",${payload.length} byte,${payload}\r\n`,
  w800: (payload: string) => `+MQTTSUBRECV:0,"in",${payload.length},${payload}\r\n`,
  'esp-at': (payload: string) => `+MQTTSUBRECV:0,"in",${payload.length},${payload}\r\n`,
  './examples/vendor.yaml': (payload: string) => `\r\n+MQRECV: "in",${payload.length},${payload}\r\n`,
} as const;

describe.each(onlineDialects)('%s', dialect => {
  it('writes header, payload and line end of a message in one, and each message alone', async () => {
    const { test, link } = await startAtFakeBroker(dialect);
    const payload = Buffer.from('a\r\nOK\r\n\0\x1a\xff"', 'latin1');
    link.send(
      ...[payload, 'two', 'three'].map(
        each => ({ cmd: 'publish', topic: 'in', payload: each, qos: 0, dup: false, retain: false }) as const,
      ),
    );
    await deliver(link, 'four');
    expect(test.host.writes).toEqual(
      [payload.toString('latin1'), 'two', 'three', 'four'].map(each => reported[dialect](each)),
    );
  });

  it('lets a message wait while a line is typed, and says it after the answer', async () => {
    const { test, link } = await startAtFakeBroker(dialect);
    test.host.types('A');
    test.host.types('T');
    await deliver(link, 'x');
    await test.host.expects('');
    test.host.types(test.host.lineEnd);
    expect(test.host.writes).toEqual([ok]);
    await test.host.expects(ok + reported[dialect]('x'));
  });

  it('says it all the same when the line is never ended', async () => {
    const { test, link } = await startAtFakeBroker(dialect);
    test.host.types('AT+');
    await deliver(link, 'x');
    await test.host.expects('');
    test.clock.advance(1999);
    await test.host.expects('');
    test.clock.advance(1);
    await test.host.expects(reported[dialect]('x'));
    test.host.types(`\b${test.host.lineEnd}`);
    await test.host.expects(ok);
  });
});

describe('OK and what follows it', () => {
  it('are two writes, in two turns of the event loop', async () => {
    const { host } = await ModemUnderTest.start('luat');
    host.types('AT+CIPSTATUS\r');
    expect(host.writes).toEqual([ok]);
    expect(await host.reads()).toBe(`${ok}\r\nSTATE: IP INITIAL\r\n`);
  });

  it('are so too where a URC may stand before the final result', async () => {
    const { host } = await ModemUnderTest.start('luat', { settings: { 'style.urc-between': true } });
    host.types('AT+CIPSTATUS\r');
    expect(host.writes).toEqual([ok]);
    expect(await host.reads()).toBe(`${ok}\r\nSTATE: IP INITIAL\r\n`);
  });

  it('are 200 ms apart in real time', async () => {
    const { host, clock } = await ModemUnderTest.start('luat', { timing: 'real' });
    await host.dialogue('AT+CIPSTATUS', ok);
    clock.advance(199);
    await host.expects('');
    clock.advance(1);
    await host.expects('\r\nSTATE: IP INITIAL\r\n');
  });

  it('are 200 ms apart though other commands come between', async () => {
    const { host, clock } = await ModemUnderTest.start('luat', { timing: 'real' });
    await host.dialogue('AT+CIPSTATUS', ok);
    clock.advance(150);
    await host.dialogue('AT', ok);
    clock.advance(199);
    await host.expects('');
    clock.advance(1);
    await host.expects('\r\nSTATE: IP INITIAL\r\n');
  });

  it('an answer with its lines is one write', async () => {
    const { host } = await ModemUnderTest.start('luat');
    host.types('AT+CSQ\r');
    expect(host.writes).toEqual([`\r\n+CSQ: 28,99\r\n${ok}`]);
  });
});

describe('a prompt', () => {
  it('keeps URCs back until the answer to its data is written', async () => {
    const { test, link } = await startAtFakeBroker('luat');
    await test.host.dialogue('AT+MPUBEX="out",0,0,5', '\r\n>');
    await deliver(link, 'one');
    test.host.types('hel');
    await deliver(link, 'two');
    test.clock.advance(60_000);
    await test.host.expects('');
    test.host.types('lo');
    expect(test.host.writes).toEqual([ok]);
    await test.host.expects(ok + reported.luat('one') + reported.luat('two'));
  });
});

describe('a command that runs', () => {
  it('keeps URCs back until its final result', async () => {
    const { test, link } = await startAtFakeBroker('./examples/vendor.yaml');
    await test.host.dialogue('AT+MQSUB="in",0', '');
    const { messageId } = await link.next('subscribe');
    await deliver(link, 'early');
    test.clock.advance(5000);
    await test.host.expects('');
    link.send({ cmd: 'suback', messageId: messageId!, granted: [0] });
    await test.host.expects(`\r\n+MQSUB: 0\r\n${ok}${reported['./examples/vendor.yaml']('early')}`);
  });

  it('does not where the module lets them in between', async () => {
    const { test, link } = await startAtFakeBroker('./examples/vendor.yaml', {
      settings: { 'style.urc-between': true },
    });
    await test.host.dialogue('AT+MQSUB="in",0', '');
    const { messageId } = await link.next('subscribe');
    await deliver(link, 'early');
    await test.host.expects(reported['./examples/vendor.yaml']('early'));
    link.send({ cmd: 'suback', messageId: messageId!, granted: [0] });
    await test.host.expects(`\r\n+MQSUB: 0\r\n${ok}`);
  });
});

describe('lines that queue up', () => {
  it('are answered in order, and a URC finds its place between two of them', async () => {
    const { test, link } = await startAtFakeBroker('./examples/vendor.yaml');
    await test.host.dialogue('AT+MQSUB="in",0', '');
    const { messageId } = await link.next('subscribe');
    await deliver(link, 'x');
    test.host.types('AT+MQFMT?\rATS3?\r');
    await test.host.expects('');
    link.send({ cmd: 'suback', messageId: messageId!, granted: [0] });
    const urc = reported['./examples/vendor.yaml']('x');
    await test.host.expects(`\r\n+MQSUB: 0\r\n${ok}${urc}\r\n+MQFMT: 0\r\n${ok}\r\n13\r\n${ok}`);
  });
});
