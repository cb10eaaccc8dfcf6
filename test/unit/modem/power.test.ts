/** When the module has power, what its first host sees, and what a cut leaves of the old life: nothing. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { listenTcp } from '../../support/listeners.js';
import { turns } from '../../support/patience.js';
import { ModemUnderTest } from './modem-under-test.js';
import { finished, startAtFakeBroker, startOnline } from './online.js';

const ok = '\r\nOK\r\n';

const bootLines = {
  w800: 'ready\r\n',
  'esp-at': '\r\nready\r\n',
  luat: [
    ...['\r\nRDY\r\n', '\r\n^MODE: 17,17\r\n', '\r\n+E_UTRAN Service\r\n', '\r\n+CGEV: ME PDN ACT 1\r\n'],
    '\r\n+NITZ: 26/01/01,00:00:00+00,0\r\n',
  ].join(''),
  v250: '',
};

describe.each(Object.entries(bootLines))('%s', (dialect, boot) => {
  it('attach: the first host sees every boot line, the second none', async () => {
    const { host } = await ModemUnderTest.start(dialect, { begin: 'none', power: 'attach' });
    host.attaches();
    await host.expects(boot);
    host.detaches();
    host.attaches();
    await host.expects('');
  });

  it('is the default', async () => {
    const { host, modem } = await ModemUnderTest.start(dialect, { begin: 'none' });
    expect(modem.isOn).toBe(false);
    host.attaches();
    await host.expects(boot);
  });

  it('start: the module is up before a host comes, and what it said then is gone', async () => {
    const { host, modem } = await ModemUnderTest.start(dialect, { begin: 'none', power: 'start' });
    expect(modem.isOn).toBe(true);
    await host.reads();
    host.attaches();
    await host.expects('');
    expect(await host.asks('AT')).toContain(ok);
  });

  it('every-open: each host sees a module that has just got power', async () => {
    const { host, modem } = await ModemUnderTest.start(dialect, { begin: 'none', power: 'every-open' });
    expect(modem.isOn).toBe(false);
    for (let visit = 0; visit < 3; visit++) {
      host.attaches();
      await host.expects(boot);
      host.detaches();
    }
  });

  it('manual: nobody is answered before power comes', async () => {
    const { host, modem } = await ModemUnderTest.start(dialect, { begin: 'none', power: 'manual' });
    host.attaches();
    await host.dialogue('AT', '');
    modem.powerOn();
    await host.expects(boot);
    modem.powerOff();
    await host.dialogue('AT', '');
    modem.powerOn();
    await host.expects(boot);
  });
});

describe('power at every open', () => {
  it('is the first port’s business', async () => {
    const { hosts, modem } = await ModemUnderTest.start('w800', { begin: 'none', power: 'every-open', channels: 2 });
    hosts[0]!.attaches();
    await hosts[0]!.expects(bootLines.w800);
    const { life } = modem;
    hosts[1]!.attaches();
    await hosts[1]!.expects('');
    expect(modem.life).toBe(life);
  });

  it('forgets what was in RAM, and no more', async () => {
    const { host } = await ModemUnderTest.start('v250', { begin: 'none', power: 'every-open', echo: 'on' });
    host.attaches();
    await host.reads();
    await host.asks('ATE0S7=9&WS8=8');
    host.detaches();
    host.attaches();
    await host.dialogue('ATS7?S8?', `\r\n9\r\n\r\n2\r\n${ok}`);
  });
});

describe('boot lines in real time', () => {
  it('come when the module would say them, to whoever is there by then', async () => {
    const { host, clock } = await ModemUnderTest.start('w800', { begin: 'none', timing: 'real' });
    host.attaches();
    await host.expects('');
    clock.advance(1999);
    await host.expects('');
    clock.advance(1);
    await host.expects(bootLines.w800);
  });

  it('are not said twice when the host comes back before they are said', async () => {
    const { host, clock } = await ModemUnderTest.start('w800', { begin: 'none', timing: 'real' });
    host.attaches();
    clock.advance(1000);
    host.detaches();
    host.attaches();
    clock.advance(60_000);
    await host.expects(bootLines.w800);
  });
});

describe('a restart by command', () => {
  it.each([
    ['w800', 'AT+RST', bootLines.w800],
    ['esp-at', 'AT+RST', bootLines['esp-at']],
    ['esp-at', 'AT+RESTORE', bootLines['esp-at']],
    ['luat', 'AT+RESET', bootLines.luat],
    ['luat', 'AT+CFUN=1,1', bootLines.luat],
  ])('%s %s says OK first, then boots', async (dialect, line, boot) => {
    const { host, complaints } = await ModemUnderTest.start(dialect);
    await host.dialogue(line, ok + boot);
    expect(await host.asks('AT')).toContain(ok);
    expect(complaints).toEqual([]);
  });

  it('waits for what the other port is being told', async () => {
    const { hosts } = await ModemUnderTest.start('luat', { channels: 2 });
    hosts[1]!.types('AT+RESET\r');
    hosts[0]!.types('AT+CSQ\r');
    await hosts[0]!.expects(`\r\n+CSQ: 28,99\r\n${ok}${bootLines.luat}`);
    await hosts[1]!.expects(ok);
  });

  it('ends links without a word to the host', async () => {
    const test = await startOnline('luat');
    test.host.types('AT+RESET\r');
    await finished(test);
    await test.host.expects(ok + bootLines.luat);
    expect(test.modem.clients.size).toBe(0);
  });
});

describe('a power cut', () => {
  it('ends a command that runs: no late answer, no timer, a link that is reset', async () => {
    const { test, link } = await startAtFakeBroker('w800');
    await test.host.dialogue('AT+MQTTSUB=0,"in",0', '');
    const { messageId } = await link.next('subscribe');
    test.modem.powerOff();
    link.send({ cmd: 'suback', messageId: messageId!, granted: [0] });
    await link.closed();
    await finished(test);
    test.clock.advance(60_000);
    await test.host.expects('');
    expect(test.clock.waiting).toBe(0);
    test.modem.powerOn();
    await test.host.expects(`${bootLines.w800}WIFI CONNECTED\r\nWIFI GOT IP\r\n`);
    expect(await test.host.asks('AT')).toContain(ok);
    expect(test.complaints).toEqual([]);
  });

  it('ends a dial', async () => {
    let socket: Socket | undefined;
    const port = await listenTcp(caller => {
      socket = caller.resume();
    });
    const test = await ModemUnderTest.start('luat', { routes: [`*=127.0.0.1:${port}`] });
    await test.host.dialogue('AT+SSLMIPSTART="broker.example",8883', ok);
    while (!socket) await turns(1);
    test.modem.powerOff();
    if (!socket.closed) await once(socket, 'close');
    test.clock.advance(100_000);
    await test.host.expects('');
    expect(test.clock.waiting).toBe(0);
    expect(test.complaints).toEqual([]);
  });

  it('ends a prompt: what is typed later is a command, and no time runs out', async () => {
    const test = await ModemUnderTest.start('luat');
    await test.host.dialogue('AT+FSCREATE="a"', ok);
    await test.host.dialogue('AT+FSWRITE="a",0,5,15', '\r\n>');
    test.host.types('he');
    test.modem.powerOff();
    test.host.types('llo');
    test.modem.powerOn();
    await test.host.expects(bootLines.luat);
    test.clock.advance(60_000);
    await test.host.expects('');
    expect(await test.host.asks('AT+FSFLSIZE="a"')).toContain(`\r\n+FSFLSIZE: 0\r\n${ok}`);
  });

  it('ends a wait within a command', async () => {
    const test = await ModemUnderTest.start('luat', { begin: 'none', timing: 'real' });
    test.host.attaches();
    test.clock.advance(2000);
    await test.host.reads();
    test.modem.powerOff();
    test.clock.advance(60_000);
    await test.host.expects('');
  });

  it('throws away lines that waited for a command', async () => {
    const { test, link } = await startAtFakeBroker('./examples/vendor.yaml');
    await test.host.dialogue('AT+MQSUB="in",0', '');
    await link.next('subscribe');
    await test.host.dialogue('ATS0=5', '');
    test.modem.powerOff();
    test.modem.powerOn();
    await finished(test);
    test.host.take();
    expect(await test.host.asks('ATS0?')).toContain(`\r\n0\r\n${ok}`);
  });
});

describe('power by command', () => {
  it('goes off once that is said, and comes back with the switch', async () => {
    const { host, modem } = await ModemUnderTest.start('luat');
    await host.dialogue('AT+CPOWD=1', '\r\nNORMAL POWER DOWN\r\n');
    expect(modem.isOn).toBe(false);
    await host.dialogue('AT', '');
    modem.powerOn();
    await host.expects(bootLines.luat);
  });

  it('comes back with the next host where each open means power', async () => {
    const { host, modem } = await ModemUnderTest.start('luat', { begin: 'none', power: 'every-open' });
    host.attaches();
    await host.reads();
    await host.asks('AT+CPOWD=1');
    expect(modem.isOn).toBe(false);
    host.detaches();
    host.attaches();
    await host.expects(bootLines.luat);
  });
});
