/** Two AT channels over one module: what is each one's own, what they share, and who hears what. */
import { describe, expect, it } from 'vitest';
import { ModemUnderTest } from './modem-under-test.js';
import { finished, goOnline, startAtFakeBroker } from './online.js';

const ok = '\r\nOK\r\n';

async function twoChannels(dialect: string, settings = {}) {
  const test = await ModemUnderTest.start(dialect, { channels: 2, settings });
  return { test, first: test.hosts[0]!, second: test.hosts[1]! };
}

async function twoOnline(settings = {}) {
  const { test, link } = await startAtFakeBroker('luat', { channels: 2, settings });
  const say = async (payload: string) => {
    link.send({ cmd: 'publish', topic: 'in', payload, qos: 1, messageId: 7, dup: false, retain: false });
    await link.next('puback');
  };
  return { test, link, say, first: test.hosts[0]!, second: test.hosts[1]! };
}

const reported = (payload: string) => `\r\n+MSUB: "in",${payload.length} byte,${payload}\r\n`;

describe('registers', () => {
  it.each([
    ['ATE1', 'AT\r\r\nOK\r\n'],
    ['ATV0', '0\r'],
    ['ATQ1', ''],
    ['ATS4=46', '\r.OK\r.'],
  ])('%s is one channel’s own', async (line, answer) => {
    const { first, second } = await twoChannels('v250');
    await first.asks(line);
    expect(await first.asks('AT')).toBe(answer);
    await second.dialogue('AT', ok);
  });

  it('S3 ends the lines of one channel', async () => {
    const { first, second } = await twoChannels('v250');
    await first.asks('ATS3=33');
    first.types('AT!');
    await first.expects('!\nOK!\n');
    await second.dialogue('AT', ok);
  });

  it('S registers that the module shares are shared', async () => {
    const { first, second } = await twoChannels('v250');
    await first.asks('ATS7=9');
    await second.dialogue('ATS7?', `\r\n9\r\n${ok}`);
  });

  it('are stored by &W for both, each with its own, and come back at power-on', async () => {
    const { test, first, second } = await twoChannels('v250');
    await first.asks('ATV0');
    await second.asks('AT&W');
    test.modem.powerOff();
    test.modem.powerOn();
    await first.dialogue('AT', '0\r');
    await second.dialogue('AT', ok);
  });

  it('&F of one channel sets the profile of the module back', async () => {
    const { first, second } = await twoChannels('v250');
    await first.asks('ATV0');
    await second.asks('AT&FE0');
    expect(await first.asks('AT')).toContain(ok);
  });
});

describe('what is typed', () => {
  it('stays on its channel, byte by byte beside the other', async () => {
    const { first, second } = await twoChannels('v250');
    const [one, two] = ['ATS7=1;S7?', 'ATS8=2;S8?'];
    for (let i = 0; i < one.length; i++) {
      first.types(one[i]!);
      second.types(two[i]!);
    }
    second.types('\r');
    first.types('\r');
    await first.expects(`\r\n1\r\n${ok}`);
    await second.expects(`\r\n2\r\n${ok}`);
  });

  it('A/ repeats the line of its own channel', async () => {
    const { first, second } = await twoChannels('v250');
    await first.asks('ATS3?');
    await second.asks('ATS4?');
    first.types('A/');
    await first.expects(`\r\n13\r\n${ok}`);
  });

  it('at a prompt is no command of the other channel', async () => {
    const { first, second } = await twoChannels('luat');
    await first.dialogue('AT+FSCREATE="a"', ok);
    await first.dialogue('AT+FSWRITE="a",0,4,15', '\r\n>');
    first.types('AT');
    await second.dialogue('AT+CSQ', `\r\n+CSQ: 28,99\r\n${ok}`);
    first.types('\rx');
    await first.expects(ok);
    await second.dialogue('AT+FSREAD="a",0,10,0', `\r\nAT\rx\r\n${ok}`);
  });

  it('two prompts are open at once', async () => {
    const { first, second } = await twoChannels('luat');
    await first.asks('AT+FSCREATE="a"');
    await first.asks('AT+FSCREATE="b"');
    await first.dialogue('AT+FSWRITE="a",0,3,15', '\r\n>');
    await second.dialogue('AT+FSWRITE="b",0,3,15', '\r\n>');
    first.types('1');
    second.types('abc');
    await second.expects(ok);
    first.types('23');
    await first.expects(ok);
    await first.dialogue('AT+FSREAD="b",0,10,0', `\r\nabc\r\n${ok}`);
  });
});

describe('a command that runs', () => {
  it('holds up its own channel alone', async () => {
    const { test, link } = await startAtFakeBroker('./examples/vendor.yaml', { channels: 2 });
    const [first, second] = [test.hosts[0]!, test.hosts[1]!];
    await first.dialogue('AT+MQSUB="in",0', '');
    const { messageId } = await link.next('subscribe');
    await second.dialogue('AT+MQFMT?', `\r\n+MQFMT: 0\r\n${ok}`);
    await first.dialogue('AT', '');
    link.send({ cmd: 'suback', messageId: messageId!, granted: [0] });
    await first.expects(`\r\n+MQSUB: 0\r\n${ok}${ok}`);
  });

  it('of the one and of the other end each on its own channel', async () => {
    const { test, link } = await startAtFakeBroker('./examples/vendor.yaml', { channels: 2 });
    const [first, second] = [test.hosts[0]!, test.hosts[1]!];
    await first.dialogue('AT+MQSUB="a",0', '');
    await second.dialogue('AT+MQSUB="b",1', '');
    const [one, two] = [await link.next('subscribe'), await link.next('subscribe')];
    link.send({ cmd: 'suback', messageId: two.messageId!, granted: [1] });
    await second.expects(`\r\n+MQSUB: 1\r\n${ok}`);
    await first.expects('');
    link.send({ cmd: 'suback', messageId: one.messageId!, granted: [0] });
    await first.expects(`\r\n+MQSUB: 0\r\n${ok}`);
  });
});

describe('clients', () => {
  it('are the module’s: what one channel opened the other can use', async () => {
    const { first, second, link } = await twoOnline();
    await second.dialogue('AT+MQTTSTATU', `\r\n+MQTTSTATU :1\r\n${ok}`);
    second.types('AT+MPUB="out",1,0,"x"\r');
    const { messageId } = await link.next('publish');
    link.send({ cmd: 'puback', messageId: messageId! });
    await second.expects(`${ok}\r\nPUBACK\r\n`);
    await first.expects('');
  });
});

describe('URCs', () => {
  it('issuer: go to the channel that opened the client', async () => {
    const { test, link } = await startAtFakeBroker('luat', { channels: 2 });
    const [first, second] = [test.hosts[0]!, test.hosts[1]!];
    link.send({ cmd: 'publish', topic: 'in', payload: 'x', qos: 0, dup: false, retain: false });
    await first.expects(reported('x'));
    await second.expects('');
    link.socket.destroy();
    await first.expects('\r\nCLOSED\r\n');
    await second.expects('');
  });

  it('issuer: what nobody caused goes to the first', async () => {
    const { test, first, second } = await twoChannels('luat');
    await second.asks('AT+CREG=1');
    test.modem.surroundings.cellular.registration.set(2);
    await first.expects('\r\n+CREG: 2\r\n');
    await second.expects('');
  });

  it('all: go to both', async () => {
    const { say, first, second } = await twoOnline({ 'style.urc-port': 'all' });
    await say('x');
    await first.expects(reported('x'));
    await second.expects(reported('x'));
  });

  it('first: go to the first, whoever caused them', async () => {
    const { first, second } = await twoChannels('luat', { 'style.urc-port': 'first' });
    await second.dialogue('AT+CIPSTATUS', ok);
    await first.expects('\r\nSTATE: IP INITIAL\r\n');
  });

  it('wait on the channel that is busy, not on the other', async () => {
    const { say, first, second } = await twoOnline({ 'style.urc-port': 'all' });
    first.types('AT+CS');
    await say('x');
    await first.expects('');
    await second.expects(reported('x'));
    first.types('Q\r');
    await first.expects(`\r\n+CSQ: 28,99\r\n${ok}${reported('x')}`);
  });

  it('are lost on a port where nobody is, and said on the other', async () => {
    const { say, first, second } = await twoOnline({ 'style.urc-port': 'all' });
    second.detaches();
    await say('x');
    await first.expects(reported('x'));
    second.attaches();
    await second.expects('');
  });
});

describe('hosts that go', () => {
  it('one leaves the other its prompt and its client', async () => {
    const { test, first, second, link } = await twoOnline();
    await second.dialogue('AT+MPUBEX="out",0,0,3', '\r\n>');
    first.detaches();
    second.types('abc');
    await second.expects(ok);
    expect((await link.next('publish')).payload.toString()).toBe('abc');
    first.attaches();
    await first.dialogue('AT', ok);
    expect(test.complaints).toEqual([]);
  });
});

it('a modem that restarts does so for both', async () => {
  const { test, first, second } = await twoOnline();
  second.types('AT+RESET\r');
  await finished(test);
  await second.expects(ok);
  expect(await first.reads()).toContain('RDY');
  expect(await second.asks('AT')).toContain(ok);
});

it('the link that one port opened the other may close', async () => {
  const test = await ModemUnderTest.start('luat', { channels: 2, broker: 'embedded:0', routes: ['*=embedded'] });
  await goOnline(test, 'luat');
  await test.hosts[1]!.dialogue('AT+MIPCLOSE', ok);
  await test.host.dialogue('AT+MQTTSTATU', `\r\n+MQTTSTATU :0\r\n${ok}`);
});
