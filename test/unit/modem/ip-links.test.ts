/** The state that CIPSTATUS and its like print: one for all links, and each kind of them counts. */
import { expect, test } from 'vitest';
import { linkDials, linksChanged } from '../../../src/modem/ip-links.js';
import { turns } from '../../support/patience.js';
import { request, tcpPeer } from '../sockets/socket-under-test.js';
import { ModemUnderTest } from './modem-under-test.js';

test.each(['client first', 'socket first'])('the session is closed with the last of its links, %s', async order => {
  const peer = await tcpPeer();
  const { modem } = await ModemUnderTest.start('simcom-a76xx', { routes: [`*=127.0.0.1:${peer.port}`] });
  const { ipSession } = modem.surroundings.cellular;
  linkDials(modem);
  expect(ipSession.state).toBe('connecting');

  await modem.clients.of(0).client.open({ host: 'peer.example', port: 1883, transport: 'tcp' });
  const clientPeer = await peer.next();
  await modem.links.of(0).socket.open(request(7, { host: 'peer.example' }));
  const socketPeer = await peer.next();
  linksChanged(modem);
  expect(ipSession.state).toBe('connected');

  const ends = order === 'client first' ? [clientPeer, socketPeer] : [socketPeer, clientPeer];
  const states: string[] = [];
  for (const end of ends) {
    end.resetAndDestroy();
    await turns(20);
    states.push(ipSession.state);
  }
  expect(states).toEqual(['connected', 'closed']);
});
