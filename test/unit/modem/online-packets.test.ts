/** Online data state as a host of packet commands meets it: what waited comes first, and it has set size and time of packets. */
import { describe, expect, test } from 'vitest';
import { tcpPeer, textFrom } from '../sockets/socket-under-test.js';
import { ModemUnderTest } from './modem-under-test.js';

async function linked() {
  const peer = await tcpPeer();
  const test = await ModemUnderTest.start('./test/fixtures/grammars/held-numbers.yaml', {
    routes: [`*=127.0.0.1:${peer.port}`],
  });
  await test.host.dialogue('AT+OPEN=0,tcp,"peer.example",80', '\r\nOK\r\n');
  return { test, host: test.host, link: await peer.next() };
}

describe('going online', () => {
  test('hands over what came before and was not fetched, below CONNECT', async () => {
    const { test, host, link } = await linked();
    link.write('came before');
    await host.expects('\r\n+WAITS: 0\r\n');
    host.types('AT+ONLINE=0,10,2\r');
    await host.expects('\r\nCONNECT\r\ncame before');
    expect(test.modem.links.of(0).socket.inbox.bytes).toBe(0);
    link.end('and after');
    await host.expects('and after\r\nNO CARRIER\r\n');
  });

  test('packs by a limit and a time that the host has set, the time in units of its own', async () => {
    const { test, host, link } = await linked();
    await host.dialogue('AT+ONLINE=0,10,2', '\r\nCONNECT\r\n');
    const { socket } = test.modem.links.of(0);
    host.types('0123456789abc');
    expect(await textFrom(link, 10)).toBe('0123456789');
    test.clock.advance(199);
    expect(socket.traffic.sent).toBe(10);
    test.clock.advance(1);
    expect(await textFrom(link, 3)).toBe('abc');
  });
});
