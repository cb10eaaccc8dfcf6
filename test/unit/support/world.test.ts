import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { connect, type IClientOptions } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { EndpointName, RouteTarget } from '../../../src/transcripts/transcript.js';
import { certificate, identity } from '../../support/certificates.js';
import { World } from '../../support/world.js';

let world: World;
beforeAll(async () => {
  world = await World.start('aedes');
});
afterAll(() => world.stop());

const ca = certificate('ca.pem');
const device = identity('client');
const secure = { protocol: 'mqtts', ca, servername: 'broker.example' } as const;
const overWebSocket = { path: '/any/path' } as const;

const addressOf = async (target: RouteTarget) => (await world.place([{ pattern: '*', target }]))[0]!;

/** The first thing that a client learns: `connected`, `closed`, or why not. */
async function dial(target: RouteTarget, options: IClientOptions): Promise<string> {
  const { host, port } = await addressOf(target);
  const client = connect({ ...options, host, port, reconnectPeriod: 0, connectTimeout: 200 });
  const outcome = await new Promise<string>(resolve => {
    client.once('connect', () => resolve('connected'));
    client.once('close', () => resolve('closed'));
    client.once('error', error => resolve(`${(error as NodeJS.ErrnoException).code} ${error.message}`));
  });
  client.end(true);
  return outcome;
}

describe('an endpoint', () => {
  const wss = { ...secure, ...overWebSocket, protocol: 'wss' } as const;
  const wssOptions = { ca, servername: 'broker.example' };
  const cases: [EndpointName, string, IClientOptions, string | RegExp][] = [
    ['broker', 'plain', { protocol: 'mqtt' }, 'connected'],
    ['tls', 'with the CA', secure, 'connected'],
    ['tls', 'for another host', { ...secure, servername: 'other.example' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['tls', 'without the CA', { ...secure, ca: undefined }, /UNABLE_TO|SELF_SIGNED/],
    ['tls-alpn', 'speaking mqtt', { ...secure, ALPNProtocols: ['mqtt'] }, 'connected'],
    ['tls-alpn', 'speaking another protocol', { ...secure, ALPNProtocols: ['h2'] }, /no application protocol/i],
    ['tls-alpn', 'speaking none', secure, 'closed'],
    ['tls-mutual', 'with a certificate', { ...secure, ...device }, 'connected'],
    ['tls-mutual', 'without a certificate', secure, /alert handshake failure/],
    ['tls-expired', 'checked', secure, 'CERT_HAS_EXPIRED'],
    ['tls-wrong-host', 'checked', secure, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['ws', 'any path', { protocol: 'ws', ...overWebSocket }, 'connected'],
    ['wss', 'any path', { ...wss, wsOptions: wssOptions }, 'connected'],
    ['wss-mutual', 'with a certificate', { ...wss, wsOptions: { ...wssOptions, ...device } }, 'connected'],
    ['wss-mutual', 'without a certificate', { ...wss, wsOptions: wssOptions }, /alert handshake failure/],
    ['refused', 'nobody there', { protocol: 'mqtt' }, 'ECONNREFUSED'],
    ['silent', 'no answer', { protocol: 'mqtt' }, /connack timeout/],
  ];
  it.each(cases)('%s: %s', async (name, _, options, outcome) => {
    expect(await dial({ kind: 'endpoint', name }, options)).toMatch(outcome);
  });

  it.each([1, 2, 3, 4, 5])('refuse-%i answers CONNECT with the code and closes', async code => {
    expect(await dial({ kind: 'refuse', code }, { protocol: 'mqtt' })).toMatch(`${code} Connection refused`);
  });

  it('over WebSocket wants the subprotocol mqtt', async () => {
    const { host, port } = await addressOf({ kind: 'endpoint', name: 'ws' });
    const [, response] = await once(new WebSocket(`ws://${host}:${port}/mqtt`), 'unexpected-response');
    expect(response.statusCode).toBe(401);
  });

  it('passes a reset on through TLS', async () => {
    const { host, port } = await addressOf({ kind: 'endpoint', name: 'tls' });
    const socket = connectTls({ host, port, ca, servername: 'localhost' });
    await once(socket, 'secureConnect');
    await world.settle();
    const failed = once(socket, 'error');
    world.proxy.resets();
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('the proxy', () => {
  it('closes with FIN and lets new links in', async () => {
    const first = await link();
    world.proxy.closes();
    await once(first.resume(), 'end');
    first.destroy();
    expect(await dial({ kind: 'endpoint', name: 'broker' }, { protocol: 'mqtt' })).toBe('connected');
  });

  it('passes nothing while silent, and then all of it in order', async () => {
    const socket = await link();
    const arrived: Buffer[] = [];
    socket.on('data', chunk => arrived.push(chunk));
    world.proxy.silent();
    socket.write(connectPacket);
    socket.write(pingPacket);
    await world.settle();
    expect(arrived).toEqual([]);
    world.proxy.back();
    while (Buffer.concat(arrived).length < 6) await once(socket, 'data');
    expect(Buffer.concat(arrived)).toEqual(Buffer.from([0x20, 2, 0, 0, 0xd0, 0]));
    socket.destroy();
  });
});

const connectPacket = Buffer.from('\x10\x0d\x00\x04MQTT\x04\x02\x00\x00\x00\x01p', 'latin1');
const pingPacket = Buffer.from([0xc0, 0]);

async function link() {
  const { host, port } = await addressOf({ kind: 'endpoint', name: 'broker' });
  const socket = connectTcp({ host, port });
  await once(socket, 'connect');
  await world.settle();
  return socket;
}
