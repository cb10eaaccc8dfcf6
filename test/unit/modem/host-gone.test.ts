/** A host may go at any moment. The next one meets a modem that works, and not one byte that was meant for another. */
import { describe, expect, it } from 'vitest';
import { ModemUnderTest } from './modem-under-test.js';
import { finished, startAtFakeBroker, startOnline } from './online.js';

const ok = '\r\nOK\r\n';

async function nextHost({ host }: ModemUnderTest): Promise<void> {
  host.detaches();
  host.attaches();
  await host.expects('');
}

describe('a prompt left open', () => {
  it.each([
    ['luat', 'AT+MPUBEX="out",0,0,5', '\r\n>'],
    ['luat', 'AT+MPUBEX="out",0,0', '\r\n>'],
    ['w800', 'AT+MQTTPUBRAW=0,"out",5,0,0', `${ok}\r\n>`],
    ['esp-at', 'AT+MQTTPUBRAW=0,"out",5,0,0', `${ok}\r\n>`],
    ['./examples/vendor.yaml', 'AT+MQPUB="out",0,0,5', '\r\n> '],
    ['./examples/vendor.yaml', 'AT+MQPUB="out",0,0', '\r\n> '],
  ] as const)('%s %s', async (dialect, line, prompt) => {
    const test = await startOnline(dialect);
    const published: string[] = [];
    test.daemon.broker!.published.on(({ topic }) => published.push(topic));
    await test.host.dialogue(line, prompt);
    test.host.types('hel');
    await nextHost(test);
    await test.host.dialogue('AT', ok);
    await finished(test);
    expect(published).toEqual([]);
    expect(test.complaints).toEqual([]);
  });

  it('keeps nothing of a file half typed', async () => {
    const test = await ModemUnderTest.start('luat');
    await test.host.dialogue('AT+FSCREATE="a"', ok);
    await test.host.dialogue('AT+FSWRITE="a",0,5,15', '\r\n>');
    test.host.types('hel');
    await nextHost(test);
    await test.host.dialogue('AT+FSFLSIZE="a"', `\r\n+FSFLSIZE: 0\r\n${ok}`);
    test.clock.advance(15_000);
    await test.host.expects('');
  });
});

describe('half a line', () => {
  it.each([
    ['v250', 'ATS0='],
    ['luat', 'AT+MCONFIG="a'],
    ['w800', 'AT+MQTTUSERCFG=0,1,"a'],
    ['v250', `AT${'E0'.repeat(600)}`],
  ])('%s %s', async (dialect, half) => {
    const test = await ModemUnderTest.start(dialect);
    test.host.types(half);
    await nextHost(test);
    await test.host.dialogue('AT', ok);
  });

  it('is not repeated for the next host by A/ as if it had been a line', async () => {
    const test = await ModemUnderTest.start('v250');
    await test.host.dialogue('ATS0?', `\r\n0\r\n${ok}`);
    test.host.types('ATS3');
    await nextHost(test);
    test.host.types('A/');
    await test.host.expects(`\r\n0\r\n${ok}`);
  });
});

describe('a command that still runs', () => {
  it('answers nobody; the next line waits for its end where lines wait', async () => {
    const { test, link } = await startAtFakeBroker('./examples/vendor.yaml');
    await test.host.dialogue('AT+MQSUB="in",0', '');
    const { messageId } = await link.next('subscribe');
    await nextHost(test);
    await test.host.dialogue('AT+MQFMT?', '');
    link.send({ cmd: 'suback', messageId: messageId!, granted: [0] });
    await test.host.expects(`\r\n+MQFMT: 0\r\n${ok}`);
    expect(test.complaints).toEqual([]);
  });

  it('says busy to the next host, where that is what a module does', async () => {
    const { test, link } = await startAtFakeBroker('w800');
    await test.host.dialogue('AT+MQTTSUB=0,"in",0', '');
    const { messageId } = await link.next('subscribe');
    await nextHost(test);
    await test.host.dialogue('AT', '\r\nbusy ...\r\n');
    link.send({ cmd: 'suback', messageId: messageId!, granted: [0] });
    await finished(test);
    await test.host.expects('');
    await test.host.dialogue('AT', ok);
  });

  it('opens no prompt for a host that has gone', async () => {
    const { test, link } = await startAtFakeBroker('./examples/vendor.yaml');
    await test.host.dialogue('AT+MQSUB="in",0;+MQPUB="out",0,0,5', '');
    const { messageId } = await link.next('subscribe');
    await nextHost(test);
    link.send({ cmd: 'suback', messageId: messageId!, granted: [0] });
    await finished(test);
    await test.host.expects('');
    await test.host.dialogue('AT', ok);
  });
});

describe('nobody at the port', () => {
  it('loses what the network says, instead of keeping it for the next host', async () => {
    const { test, link } = await startAtFakeBroker('luat');
    test.host.detaches();
    link.send({ cmd: 'publish', topic: 'in', payload: 'for nobody', qos: 0, dup: false, retain: false });
    await test.host.expects('');
    test.host.attaches();
    await test.host.expects('');
    link.send({ cmd: 'publish', topic: 'in', payload: 'for you', qos: 0, dup: false, retain: false });
    await test.host.expects('\r\n+MSUB: "in",7 byte,for you\r\n');
  });

  it('drops a URC that waited for a half-typed line', async () => {
    const { test, link } = await startAtFakeBroker('luat');
    test.host.types('AT+CS');
    link.send({ cmd: 'publish', topic: 'in', payload: 'x', qos: 0, dup: false, retain: false });
    await test.host.expects('');
    await nextHost(test);
    test.clock.advance(5000);
    await test.host.dialogue('AT', ok);
  });
});
