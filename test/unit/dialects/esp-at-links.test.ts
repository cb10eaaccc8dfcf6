/** Links of esp-at as far as a transcript cannot say them: lines with ports that the system picks, and lost turns. */
import { connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { turns } from '../../support/patience.js';
import { ModemUnderTest } from '../modem/modem-under-test.js';
import { callerAt, tcpPeer } from '../sockets/socket-under-test.js';

const ok = '\r\nOK\r\n';

async function joined(dialect: 'esp-at' | 'w800') {
  const peer = await tcpPeer();
  const plan = { routes: [`*=127.0.0.1:${peer.port}`], listen: ['*=127.0.0.1:0'] };
  const { host, modem } = await ModemUnderTest.start(dialect, plan);
  await host.asks('AT+CWMODE=1');
  await host.asks('AT+CWJAP="ssid","password"');
  return { host, modem, peer };
}

type Joined = Awaited<ReturnType<typeof joined>>;

async function called({ host, modem }: Joined, port: number): Promise<{ caller: Socket; said: string }> {
  const caller = await callerAt(modem.links.listeningAt(port)!.port);
  await turns(10);
  return { caller, said: await host.reads() };
}

/** Done once the modem has thrown the caller out. */
const refused = (port: number): Promise<void> =>
  new Promise(resolve => {
    const caller = connect(port, '127.0.0.1');
    caller.on('error', () => {});
    caller.once('close', () => resolve());
  });

describe('every link of the list', () => {
  test('with its peer, this side’s port, and who opened it', async () => {
    const all = await joined('esp-at');
    const { host, peer } = all;
    await host.dialogue('AT+CIPMUX=1', ok);
    await host.dialogue('AT+CIPSERVER=1,7080', ok);
    await host.dialogue('AT+CIPSTART=1,"TCP","10.0.0.9",7000', `1,CONNECT\r\n${ok}`);
    await host.dialogue('AT+CIPSTART=3,"UDP","10.0.0.9",7001', `3,CONNECT\r\n${ok}`);
    const { remotePort } = await peer.next();
    const { caller, said } = await called(all, 7080);
    expect(said).toBe('0,CONNECT\r\n');
    const local = (link: number) => all.modem.links.of(link).socket.localPort;
    const list = [
      `0,"TCP","127.0.0.1",${caller.localPort},${caller.remotePort},1`,
      `1,"TCP","10.0.0.9",7000,${remotePort},0`,
      `3,"UDP","10.0.0.9",7001,${local(3)},0`,
    ];
    await host.dialogue('AT+CIPSTATE?', `${list.map(line => `+CIPSTATE:${line}\r\n`).join('')}${ok}`);
    await host.dialogue('AT+CIPSTATUS', `STATUS:3\r\n${list.map(line => `+CIPSTATUS:${line}\r\n`).join('')}${ok}`);
  });
});

describe('SYSMSG bit 1', () => {
  test('tells of a new link in detail, in place of CONNECT', async () => {
    const all = await joined('esp-at');
    const { host, peer } = all;
    await host.dialogue('AT+SYSMSG=2', ok);
    host.types('AT+CIPSTART="TCP","10.0.0.9",7000\r\n');
    const { remotePort } = await peer.next();
    await host.expects(`+LINK_CONN:0,0,"TCP",0,"10.0.0.9",7000,${remotePort}\r\n${ok}`);
    await host.dialogue('AT+CIPCLOSE', `CLOSED\r\n${ok}`);
    await host.dialogue('AT+CIPMUX=1', ok);
    await host.dialogue('AT+CIPSERVER=1,7080', ok);
    host.types('AT+CIPSTARTEX="TCP","10.0.0.9",7000\r\n');
    const second = await peer.next();
    await host.expects(`+LINK_CONN:0,0,"TCP",0,"10.0.0.9",7000,${second.remotePort}\r\n${ok}`);
    const { caller, said } = await called(all, 7080);
    expect(said).toBe(`+LINK_CONN:0,1,"TCP",1,"127.0.0.1",${caller.localPort},${caller.remotePort}\r\n`);
  });
});

describe('the server', () => {
  test('takes no more callers than it may, and a number again when one has gone', async () => {
    const all = await joined('w800');
    const { host } = all;
    await host.dialogue('AT+CIPMUX=1', ok);
    await host.dialogue('AT+CIPSERVERMAXCONN=1', ok);
    await host.dialogue('AT+CIPSERVER=1', ok);
    const first = await called(all, 333);
    expect(first.said).toBe('0,CONNECT\r\n');
    await refused(all.modem.links.listeningAt(333)!.port);
    expect(await host.reads()).toBe('');
    first.caller.end();
    await host.expects('0,CLOSED\r\n');
    expect((await called(all, 333)).said).toBe('0,CONNECT\r\n');
  });
});

describe('bytes behind those that +CIPSEND announced', () => {
  test.each([
    ['esp-at', '\r\nRecv 5 bytes\r\n', 'busy p...'],
    ['w800', '', 'busy ...'],
  ] as const)('%s is busy, and they are lost', async (dialect, receipt, busy) => {
    const { host, peer } = await joined(dialect);
    await host.dialogue('AT+CIPSTART="TCP","10.0.0.9",7000', `CONNECT\r\n${ok}`);
    const link = await peer.next();
    await host.dialogue('AT+CIPSEND=5', `${ok}\r\n>`);
    host.types('hello world\r\n');
    await host.expects(`${receipt}\r\n${busy}\r\n\r\nSEND OK\r\n`);
    await host.dialogue('AT', ok);
    expect(String(link.read())).toBe('hello');
  });
});
