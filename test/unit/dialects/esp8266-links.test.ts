/** What of NonOS links a transcript cannot say, because the system chooses the ports. */
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { ModemUnderTest, type Plan } from '../modem/modem-under-test.js';
import { callerAt, tcpPeer, udpPeer } from '../sockets/socket-under-test.js';

const ok = '\r\nOK\r\n';

async function joined(plan: Plan): Promise<ModemUnderTest> {
  const test = await ModemUnderTest.start('esp8266', plan);
  await test.host.dialogue('AT+CWMODE=1', ok);
  await test.host.dialogue('AT+CWJAP="home","secret12"', `WIFI CONNECTED\r\nWIFI GOT IP\r\n${ok}`);
  return test;
}

describe('both ports of a link stand in +LINK_CONN and in +CIPSTATUS', () => {
  test('of one that the host opened', async () => {
    const peer = await tcpPeer();
    const { host } = await joined({ routes: [`*=127.0.0.1:${peer.port}`] });
    await host.dialogue('AT+SYSMSG_CUR=2', ok);
    host.types('AT+CIPSTART="TCP","192.168.1.9",1883\r\n');
    const { remotePort: local } = await peer.next();
    await host.expects(`+LINK_CONN:0,0,"TCP",0,"192.168.1.9",1883,${local}\r\n${ok}`);
    await host.dialogue('AT+CIPSTATUS', `STATUS:3\r\n+CIPSTATUS:0,"TCP","192.168.1.9",1883,${local},0\r\n${ok}`);
  });

  test('of a caller', async () => {
    const { host, modem } = await joined({ listen: ['*=127.0.0.1:0'] });
    await host.dialogue('AT+CIPMUX=1', ok);
    await host.dialogue('AT+CIPSERVER=1,8080', ok);
    await host.dialogue('AT+SYSMSG_CUR=2', ok);
    const { port } = modem.links.listeningAt(8080)!;
    const { localPort: theirs } = await callerAt(port);
    await host.expects(`+LINK_CONN:0,0,"TCP",1,"127.0.0.1",${theirs},${port}\r\n`);
    await host.dialogue('AT+CIPSTATUS', `STATUS:3\r\n+CIPSTATUS:0,"TCP","127.0.0.1",${theirs},${port},1\r\n${ok}`);
  });
});

describe('after a datagram from a stranger, and one from the peer', () => {
  test.each([
    [0, ['peer', 'peer']],
    [1, ['stranger', 'stranger']],
    [2, ['stranger', 'peer']],
  ] as const)('<mode> %i sends to %j', async (mode, receivers) => {
    const who = { peer: await udpPeer(), stranger: await udpPeer() };
    const { host, modem } = await joined({ routes: [`*=127.0.0.1:${who.peer.port}`] });
    await host.dialogue('AT+CIPDINFO=1', ok);
    await host.dialogue(`AT+CIPSTART="UDP","192.168.1.9",81,,${mode}`, `CONNECT\r\n${ok}`);
    const { localPort } = modem.links.of(0).socket;
    for (const [i, speaker] of (['stranger', 'peer'] as const).entries()) {
      who[speaker].socket.send('hello', localPort, '127.0.0.1');
      const sender = speaker === 'peer' ? '192.168.1.9,81' : `127.0.0.1,${who.stranger.port}`;
      await host.expects(`\r\n+IPD,5,${sender}:hello`);
      const heard = once(who[receivers[i]!].socket, 'message');
      await host.dialogue('AT+CIPSEND=2', `${ok}> `);
      host.types('ok');
      await host.expects('\r\nRecv 2 bytes\r\n\r\nSEND OK\r\n');
      expect(String((await heard)[0])).toBe('ok');
    }
  });
});
