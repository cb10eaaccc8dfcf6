import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { type DialEnvironment, dial } from '../../../src/net/dial.js';
import type { DialOutcome } from '../../../src/net/outcome.js';
import { parseRoute } from '../../../src/net/route.js';
import type { TlsRequest } from '../../../src/net/tls.js';
import { certificate, identity } from '../../support/certificates.js';
import { listen, listenTcp, listenTls } from '../../support/listeners.js';
import { recordingLog } from '../../support/log.js';

const inForce = Date.UTC(2020, 5, 1);
const after = Date.UTC(2026, 0, 1);
const never = Date.UTC(1970, 0, 1);

const ca = certificate('ca.pem');
const all: TlsRequest = { verify: true, checkHost: true, checkExpiry: true, ca };
const nothing: TlsRequest = { verify: false, checkHost: false, checkExpiry: false };

/** Dials `host`, routed to the port, with the module's clock at `at`. */
async function shake(
  port: number,
  tls: TlsRequest,
  { host = 'broker.example', ...options }: Partial<DialEnvironment> & { host?: string } = {},
) {
  const env = { policy: 'any' as const, clock: new ManualClock(), log: recordingLog(), ...options };
  const routes = [parseRoute(`*=127.0.0.1:${port}`)];
  const outcome = await dial({ host, port: 8883, transport: 'tls', tls }, { ...env, routes }).done;
  if (outcome.outcome === 'linked') onTestFinished(() => void outcome.link.destroy());
  return outcome;
}

/** `linked`, or why not. */
function verdict(outcome: DialOutcome): string {
  return outcome.outcome === 'linked' ? 'linked' : `${outcome.outcome}: ${outcome.cause}`;
}

describe('what is checked', () => {
  const at = (now: number) => ({ now: () => now });
  const unchecked = { checkHost: false, checkExpiry: false };

  test.each<[server: string, request: Partial<TlsRequest>, expected: RegExp]>([
    ['server', all, /^linked$/],
    ['server', { ...all, ca: certificate('ca.der') }, /^linked$/],
    ['server', { ...all, ca: Buffer.concat([certificate('other-ca.pem'), ca, Buffer.from('\0')]) }, /^linked$/],
    ['server', { ...all, ca: certificate('server.pem') }, /^linked$/],
    ['server', { ...all, ca: certificate('other-ca.pem') }, /^tls-failed: .*UNABLE_TO_GET_ISSUER_CERT_LOCALLY/],
    ['server', { ...all, ca: undefined }, /^tls-failed: .*no CA certificate/],
    ['server', { ...all, ca: Buffer.from('garbage') }, /^tls-failed: the CA file holds no certificate/],
    ['server', { ...all, ca: Buffer.alloc(0) }, /^tls-failed: the CA file holds no certificate/],
    [
      'server',
      { ...all, ca: Buffer.from([0x30, 0x82, 1]) },
      /^tls-failed: certificate 1 of the CA file cannot be read/,
    ],
    ['server', { ...all, ...at(never) }, /^tls-failed: .*not valid before.*1970-01-01/],
    ['server', { ...all, ...at(Date.UTC(2100, 0, 1)) }, /^tls-failed: .*expired on/],
    ['server', { ...all, ...at(never), checkExpiry: false }, /^linked$/],

    ['expired', { ...all, ...at(after) }, /^tls-failed: .*expired on Jan {2}1.*2021/],
    ['expired', { ...all, ...at(inForce) }, /^linked$/],
    ['expired', { ...all, ...at(after), checkExpiry: false }, /^linked$/],
    ['expired', { ...all, ca: certificate('other-ca.pem'), checkExpiry: false }, /^tls-failed: .*(no chain|UNABLE)/],
    ['expired', { ...all, ca: certificate('other-ca.pem'), ...at(inForce) }, /^tls-failed: .*(no chain|UNABLE)/],
    ['expired', nothing, /^linked$/],

    ['wrong-host', all, /^tls-failed: .*broker\.example.*elsewhere\.example/],
    ['wrong-host', { ...all, checkHost: false }, /^linked$/],
    ['wrong-host', { ...all, serverName: 'elsewhere.example' }, /^linked$/],
    ['wrong-host', { ...nothing, checkHost: true }, /^linked$/],

    ['chained', all, /^linked$/],
    ['chained', { ...all, ca: certificate('intermediate.pem') }, /^linked$/],
    ['chained-expired', { ...all, checkExpiry: false }, /^linked$/],
    ['chained-expired', { ...all, ...at(after) }, /^tls-failed: .*expired/],
    [
      'chained-expired',
      { ...all, ca: certificate('other-ca.pem'), ...unchecked },
      /^tls-failed: .*(no chain|UNABLE|SELF_SIGNED)/,
    ],

    ['client', { ...all, ...unchecked }, /^tls-failed: .*INVALID_PURPOSE/],
  ])('case %#: %s', async (server, request, expected) => {
    const port = await listenTls(identity(server));
    expect(verdict(await shake(port, { ...nothing, ...request }))).toMatch(expected);
  });

  test('without a clock of its own the module has the clock of the house', async () => {
    const port = await listenTls(identity('expired'));
    expect(verdict(await shake(port, all, { clock: new ManualClock(inForce) }))).toBe('linked');
    expect(verdict(await shake(port, all, { clock: new ManualClock(after) }))).toMatch(/expired/);
  });

  test('an address is checked as an address', async () => {
    const port = await listenTls(identity('server'));
    expect(verdict(await shake(port, all, { host: '127.0.0.1' }))).toBe('linked');
    expect(verdict(await shake(port, all, { host: '192.0.2.1' }))).toMatch(
      /IP: 192\.0\.2\.1 is not in the cert's list/,
    );
  });
});

describe('client certificates', () => {
  const server = { ...identity('server'), requestCert: true, rejectUnauthorized: true, ca };

  test('a server that asks for one gets it', async () => {
    const seen: string[] = [];
    const port = await listenTls(server, socket => seen.push(String(socket.getPeerCertificate().subject.CN)));
    const own = { certificate: certificate('client.pem'), key: certificate('client.key') };
    expect(verdict(await shake(port, { ...all, ...own }))).toBe('linked');
    expect(seen).toEqual(['test device']);
  });

  test.each<[what: string, own: Partial<TlsRequest>, expected: RegExp]>([
    ['none', {}, /^tls-failed: TLS handshake/],
    [
      'one without its key',
      { certificate: certificate('client.pem') },
      /^tls-failed: a client certificate without its key/,
    ],
    ['a key alone', { key: certificate('client.key') }, /^tls-failed: a key without its certificate/],
    [
      'a key of another',
      { certificate: certificate('client.pem'), key: certificate('mismatched.key') },
      /^tls-failed: .*mismatch/,
    ],
    [
      'garbage',
      { certificate: Buffer.from('garbage'), key: certificate('client.key') },
      /^tls-failed: the client file holds/,
    ],
    ['a garbage key', { certificate: certificate('client.pem'), key: Buffer.from('garbage') }, /^tls-failed: /],
  ])('%s', async (_, own, expected) => {
    const port = await listenTls(server);
    expect(verdict(await shake(port, { ...all, ...own }))).toMatch(expected);
  });

  test('a NUL behind the PEM, as C strings have it, does no harm', async () => {
    const port = await listenTls(server);
    const withNul = (name: string) => Buffer.concat([certificate(name), Buffer.from('\0')]);
    const own = { certificate: withNul('client.pem'), key: withNul('client.key') };
    expect(verdict(await shake(port, { ...all, ...own }))).toBe('linked');
  });
});

describe('SNI and ALPN', () => {
  async function names(host: string, tls: TlsRequest): Promise<unknown[]> {
    const seen: unknown[] = [];
    const port = await listenTls(
      { ...identity('server'), ALPNProtocols: ['x-amzn-mqtt-ca', 'mqtt'] },
      (socket: TLSSocket) => {
        seen.push((socket as TLSSocket & { servername: unknown }).servername, socket.alpnProtocol);
        socket.write('.');
      },
    );
    const outcome = await shake(port, tls, { host });
    if (outcome.outcome !== 'linked') return [outcome];
    await once(outcome.link as Duplex, 'data');
    return seen;
  }

  test.each<[host: string, tls: Partial<TlsRequest>, sni: string | false, alpn: string | false]>([
    ['broker.example', {}, 'broker.example', false],
    ['Broker.Example.', {}, 'broker.example', false],
    ['127.0.0.1', {}, false, false],
    ['127.0.0.1', { serverName: 'broker.example' }, 'broker.example', false],
    ['broker.example', { serverName: '' }, 'broker.example', false],
    ['broker.example', { alpn: [] }, 'broker.example', false],
    ['broker.example', { alpn: ['mqtt'] }, 'broker.example', 'mqtt'],
    ['broker.example', { alpn: ['http/1.1', 'x-amzn-mqtt-ca'] }, 'broker.example', 'x-amzn-mqtt-ca'],
    ['not\0a name', {}, false, false],
  ])('%j with %j: the server sees %s and %s, never the target of the route', async (host, tls, sni, alpn) => {
    expect(await names(host, { ...nothing, ...tls })).toEqual([sni, alpn]);
  });

  test('no common protocol, and names that ALPN cannot carry', async () => {
    expect(await names('broker.example', { ...nothing, alpn: ['h2'] })).toMatchObject([{ outcome: 'tls-failed' }]);
    expect(await names('broker.example', { ...nothing, alpn: [''] })).toMatchObject([{ outcome: 'tls-failed' }]);
    expect(await names('broker.example', { ...nothing, alpn: ['x'.repeat(256)] })).toMatchObject([
      { outcome: 'tls-failed' },
    ]);
  });
});

describe('versions and ciphers', () => {
  async function negotiate(tls: Partial<TlsRequest>) {
    const log = recordingLog();
    const port = await listenTls(identity('server'));
    const outcome = await shake(port, { ...nothing, ...tls }, { log });
    const warnings = log.said.filter(({ level }) => level === 'warn').map(({ text }) => text);
    const { link } = outcome as { link?: TLSSocket };
    return { is: verdict(outcome), version: link?.getProtocol(), cipher: link?.getCipher().name, warnings };
  }

  test('TLS 1.2 unless told otherwise', async () => {
    expect(await negotiate({})).toMatchObject({ is: 'linked', version: 'TLSv1.2', warnings: [] });
    expect(await negotiate({ maxVersion: 'TLSv1.3' })).toMatchObject({ is: 'linked', version: 'TLSv1.3' });
    expect(await negotiate({ minVersion: 'SSLv3' })).toMatchObject({ is: 'linked', version: 'TLSv1.2' });
  });

  test.each(['SSLv3', 'TLSv1', 'TLSv1.1'] as const)('%s alone fails, and a warning says why', async maxVersion => {
    const result = await negotiate({ maxVersion });
    expect(result.is).toMatch(/^tls-failed/);
    expect(result.warnings).toEqual([expect.stringContaining(`nothing above ${maxVersion}`)]);
  });

  test('a cipher suite is taken at its word', async () => {
    const cipher = 'ECDHE-ECDSA-AES256-GCM-SHA384';
    expect(await negotiate({ ciphers: cipher })).toMatchObject({ is: 'linked', cipher, warnings: [] });
  });

  test('cipher suites that are gone: RC4', async () => {
    const result = await negotiate({ ciphers: 'RC4-SHA:RC4-MD5' });
    expect(result.is).toMatch(/^tls-failed/);
    expect(result.warnings).toEqual([expect.stringContaining('cipher suites')]);
  });

  test('a range that is empty', async () => {
    expect((await negotiate({ minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' })).is).toMatch(/^tls-failed/);
  });
});

describe('a server that is none', () => {
  test('speaks something else', async () => {
    const port = await listenTcp(socket => void socket.end('220 mail ready\r\n'));
    expect(verdict(await shake(port, nothing))).toMatch(/^tls-failed: TLS handshake/);
  });

  test('hangs up', async () => {
    const port = await listenTcp(socket => void socket.once('data', () => socket.destroy()));
    expect(verdict(await shake(port, nothing))).toMatch(/^tls-failed: TLS handshake/);
  });

  test('says nothing: the handshake has its own limit', async () => {
    const clock = new ManualClock();
    const port = await listenTcp(socket => void socket.once('data', () => clock.advance(10_000)));
    expect(verdict(await shake(port, { ...nothing, within: 10_000 }, { clock }))).toBe(
      'tls-failed: no handshake within 10000 ms',
    );
    expect(clock.waiting).toBe(0);
  });
});

test('MQTT over WebSocket over TLS shakes hands with both', async () => {
  const { createServer } = await import('node:https');
  const { WebSocketServer } = await import('ws');
  const server = createServer(identity('server'));
  new WebSocketServer({ server }).on('connection', socket => socket.on('message', data => socket.send(data)));
  const routes = [parseRoute(`*=127.0.0.1:${await listen(server)}`)];
  const env: DialEnvironment = { routes, policy: 'any', clock: new ManualClock(), log: recordingLog() };
  const outcome = await dial({ host: 'broker.example', port: 443, transport: 'wss', tls: all }, env).done;
  if (outcome.outcome !== 'linked') throw new Error(outcome.cause);
  outcome.link.write('hello');
  expect(String((await once(outcome.link, 'data'))[0])).toBe('hello');
  outcome.link.destroy();
});
