import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EndpointName } from '../../../src/transcripts/transcript.js';
import { patience } from '../../support/patience.js';
import { type Address, loopback } from '../../support/sockets.js';
import type { UdpPeer } from '../../support/udp-peer.js';
import { ask, failureOf, peerWorld, play, tcp, tls, udp } from './peer-dialogue.js';

const world = peerWorld();

const addressOf = async (name: EndpointName): Promise<Address> =>
  (await world().place([{ pattern: '*', target: { kind: 'endpoint', name } }]))[0]!;

describe('a transcript leaves nothing to the next', () => {
  it.each([
    ['links', [...tcp(1), ...tls(2)]],
    ['bytes', [...tcp(), 'p< opens', ...ask('AT+SEND=1,left')]],
    ['ends of links', [...tcp(), 'p< opens', ...ask('AT+END=1', 'CLOSED 1')]],
    ['datagrams', [...udp(), ...ask('AT+SEND=1,left')]],
  ])('no %s', async (_, lines) => {
    await failureOf(world(), lines);
    await play(world(), [...tcp(), 'p< opens', 'p>| hello', '< +RX 1: hello']);
    await play(world(), [...udp(), ...ask('AT+SEND=1,hello'), 'p<| hello']);
  });

  it('no moved peer', async () => {
    const greeted = [...udp(), ...ask('AT+SEND=1,hello'), 'p<| hello', 'p>| hello', '< +RX 1: hello'];
    await play(world(), [...greeted, '! peer moves', 'p>| moved', '< +RX 1 from elsewhere: moved']);
    await play(world(), greeted);
  });
});

describe('clear', () => {
  it('ends the links that are there, and those that are coming', async () => {
    const [there, coming] = [connect(await addressOf('peer')), connect(await addressOf('peer'))];
    const ended = [there, coming].map(socket => once(socket.resume(), 'close'));
    await once(there, 'connect');
    await world().clear();
    await Promise.all(ended);
    expect(world().peers).toMatchObject({ links: [], known: 0 });
  });

  it('frees the ports to which a UDP peer moved', async () => {
    const { host, port } = await addressOf('peer-udp');
    const modem = createSocket('udp4').bind(0, loopback);
    onTestFinished(() => void modem.close());
    modem.send('hello', port, host);
    const peer = (await world().peers.reach(1, patience)) as UdpPeer;
    await peer.moves();
    const [[, from]] = await Promise.all([once(modem, 'message'), peer.send(Buffer.from('moved'))]);
    await world().clear();
    const next = createSocket('udp4').bind(from.port, loopback);
    await once(next, 'listening');
    next.close();
  });
});

describe('settle', () => {
  it('waits until nothing more comes', async () => {
    const socket = connect(await addressOf('peer'));
    onTestFinished(() => world().clear());
    const link = await world().peers.reach(1, patience);
    socket.end(Buffer.alloc(1024 * 1024, 'x'));
    await world().peers.settle();
    expect(link?.untaken).toHaveLength(1024 * 1024 + ', then p< closes'.length);
  });
});
