import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { ManualClock } from '../../../src/base/clock.js';
import { type DialEnvironment, type DialRequest, dial } from '../../../src/net/dial.js';
import type { FaultPoint } from '../../../src/net/fault.js';
import type { Linked } from '../../../src/net/outcome.js';
import { parseRoute } from '../../../src/net/route.js';
import { websocketAddress } from '../../../src/net/websocket.js';
import { closedPort, listen, listenTcp } from '../../support/listeners.js';
import { recordingLog } from '../../support/log.js';

type Options = Partial<DialEnvironment> & { clock?: ManualClock };

function environment(options: Options = {}) {
  const clock = new ManualClock();
  return { routes: [], policy: 'any' as const, clock, log: recordingLog(), ...options };
}

function tcp(port: number, host = '127.0.0.1'): DialRequest {
  return { host, port, transport: 'tcp' };
}

async function linked(request: DialRequest, options: Options = {}): Promise<Linked> {
  const outcome = await dial(request, environment(options)).done;
  if (outcome.outcome !== 'linked') throw new Error(`${outcome.outcome}: ${outcome.cause}`);
  onTestFinished(() => void outcome.link.destroy());
  return outcome;
}

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>(done => {
    resolve = done;
  });
  return { promise, resolve: (value: T) => resolve(value) };
}

const nextTurn = () => new Promise<void>(done => setImmediate(done));

describe('TCP', () => {
  test('a link carries bytes both ways', async () => {
    const port = await listenTcp(socket => socket.pipe(socket));
    const { link, address } = await linked(tcp(port));
    expect(address).toBe('127.0.0.1');
    link.write('hello');
    expect(String((await once(link, 'data'))[0])).toBe('hello');
  });

  test('a closed port is refused', async () => {
    const outcome = await dial(tcp(await closedPort()), environment()).done;
    expect(outcome).toMatchObject({ outcome: 'refused', cause: expect.stringContaining('ECONNREFUSED') });
  });

  test.each([0, 65536, 1.5, Number.NaN])('port %s is refused', async port => {
    expect(await dial(tcp(port), environment()).done).toMatchObject({ outcome: 'refused' });
  });

  test('a name without an address', async () => {
    expect(await dial(tcp(1883, 'nobody.invalid'), environment()).done).toMatchObject({ outcome: 'dns-failed' });
  });

  test('of several addresses the first that answers is taken', async () => {
    // `localhost` is 127.0.0.1, then perhaps ::1; the server is on the first.
    const port = await listenTcp(() => {});
    expect((await linked(tcp(port, 'localhost'))).address).toBe('127.0.0.1');
  });

  test('reset is a RST for the peer', async () => {
    const accepted = deferred<Socket>();
    const { link, reset } = await linked(tcp(await listenTcp(accepted.resolve)));
    const peer = await accepted.promise;
    peer.resume();
    const failed = once(peer, 'error');
    reset!();
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' });
    expect(link.destroyed).toBe(true);
  });

  test('an error on a link that nobody owns yet breaks nothing', async () => {
    const accepted = deferred<Socket>();
    const { link } = await linked(tcp(await listenTcp(accepted.resolve)));
    const closed = new Promise(done => void link.once('close', done));
    (await accepted.promise).resetAndDestroy();
    await closed;
    expect(link.errored).toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('deadline and cancel', () => {
  test('a dial that hangs is a timeout by the clock', async () => {
    const env = environment({ fault: () => ({ fault: 'hang' }) });
    const dialling = dial({ ...tcp(1), within: 10_000 }, env);
    await nextTurn();
    env.clock.advance(10_000);
    expect(await dialling.done).toEqual({ outcome: 'timeout', cause: 'no link to 127.0.0.1:1 within 10000 ms' });
    expect(env.clock.waiting).toBe(0);
  });

  test('without a limit of its own it waits 75 s', async () => {
    const env = environment({ fault: () => ({ fault: 'hang' }) });
    const dialling = dial(tcp(1), env);
    await nextTurn();
    env.clock.advance(74_999);
    expect(env.clock.waiting).toBe(1);
    env.clock.advance(1);
    expect(await dialling.done).toMatchObject({ outcome: 'timeout' });
  });

  test.each(['tls', 'ws', 'wss'] as const)('cancel closes the socket under a silent %s server', async transport => {
    const accepted = deferred<Socket>();
    const port = await listenTcp(accepted.resolve);
    const env = environment();
    const dialling = dial({ ...tcp(port), transport }, env);
    const peer = await accepted.promise;
    const closed = once(peer.resume(), 'close');
    dialling.cancel();
    expect(await dialling.done).toMatchObject({ outcome: 'cancelled' });
    await closed;
    expect(env.clock.waiting).toBe(0);
  });

  test('cancel before anything happened, and after the end', async () => {
    const port = await listenTcp(() => {});
    const early = dial(tcp(port), environment());
    early.cancel();
    expect(await early.done).toMatchObject({ outcome: 'cancelled' });
    const late = dial(tcp(port), environment());
    const outcome = (await late.done) as Linked;
    late.cancel();
    expect(outcome.outcome).toBe('linked');
    expect(outcome.link.destroyed).toBe(false);
    outcome.link.destroy();
  });
});

describe('routes and policy', () => {
  test('a route brings a cloud name to the broker under test', async () => {
    const port = await listenTcp(() => {});
    const routes = [parseRoute(`cloud.example=127.0.0.1:${port}`)];
    expect((await linked(tcp(1883, 'cloud.example'), { routes })).port).toBe(port);
  });

  test('to the embedded broker, where there is one', async () => {
    const port = await listenTcp(() => {});
    const routes = [parseRoute('*=embedded')];
    const embedded = () => ({ host: '127.0.0.1', port });
    expect((await linked(tcp(8883, 'cloud.example'), { routes, embedded })).port).toBe(port);
    expect(await dial(tcp(8883, 'cloud.example'), environment({ routes })).done).toMatchObject({ outcome: 'refused' });
  });

  describe('the embedded broker is told which name was dialled, before a byte of TLS', () => {
    const routes = [parseRoute('*=embedded')];

    /** What was told of a dial, and the peer's end of its link. */
    async function dialTold(request: Partial<DialRequest>) {
      const told: [port: number, name: string][] = [];
      const forgotten = deferred<void>();
      const accepted = deferred<Socket>();
      const port = await listenTcp(accepted.resolve);
      const embedded = () => ({
        host: '127.0.0.1',
        port,
        dialled: (localPort: number, name: string) => {
          told.push([localPort, name]);
          return () => forgotten.resolve();
        },
      });
      const dialling = dial({ ...tcp(8883, 'Cloud.Example'), ...request }, environment({ routes, embedded }));
      onTestFinished(() => dialling.cancel());
      const peer = await accepted.promise;
      return { told, forgotten: forgotten.promise, peer, dialling };
    }

    const tls = { verify: false, checkHost: false, checkExpiry: false };

    test.each<[what: string, request: Partial<DialRequest>, name: string]>([
      ['the host', { transport: 'tls' }, 'cloud.example'],
      ['the host, below WebSocket', { transport: 'wss' }, 'cloud.example'],
      ['an address', { transport: 'tls', host: '[2001:DB8::1]' }, '2001:db8::1'],
      [
        'the name that stands for it',
        { transport: 'tls', tls: { ...tls, serverName: 'other.example' } },
        'other.example',
      ],
      ['nothing, where the host is none', { transport: 'tls', host: 'a b' }, ''],
    ])('%s', async (_, request, name) => {
      const { told, forgotten, peer, dialling } = await dialTold(request);
      await once(peer, 'data');
      expect(told).toEqual([[peer.remotePort, name]]);
      dialling.cancel();
      await forgotten;
    });

    test('not without TLS', async () => {
      const { told, peer, dialling } = await dialTold({ transport: 'ws' });
      await once(peer, 'data');
      dialling.cancel();
      await dialling.done;
      expect(told).toEqual([]);
    });
  });

  test('`routes` denies what no route names, before any lookup, and says how to allow it', async () => {
    const log = recordingLog();
    const env = environment({ policy: 'routes', log, routes: [parseRoute('a.example=127.0.0.1:1')] });
    const outcome = await dial(tcp(1883, 'b.example'), env).done;
    expect(outcome).toEqual({ outcome: 'denied', cause: 'no route names it' });
    expect(log.said).toMatchObject([
      { level: 'warn', text: expect.stringContaining("--route 'b.example:1883=HOST:PORT'") },
    ]);
  });

  test('`routes` allows what a route names', async () => {
    const port = await listenTcp(() => {});
    await linked(tcp(1883, 'a.example'), { policy: 'routes', routes: [parseRoute(`a.example=127.0.0.1:${port}`)] });
  });

  test.each([
    ['192.0.2.1', 'denied'],
    ['0.0.0.0', 'denied'],
    ['::ffff:192.0.2.1', 'denied'],
    ['2001:db8::1', 'denied'],
    ['127.0.0.1', 'refused'],
    ['127.1.2.3', 'refused'],
  ])('`loopback`: %s is %s', async (host, outcome) => {
    const port = await closedPort();
    expect(await dial(tcp(port, host), environment({ policy: 'loopback' })).done).toMatchObject({ outcome });
  });

  test('`loopback` looks at the target of a route, and says how to allow it', async () => {
    const log = recordingLog();
    const routes = [parseRoute('localhost=192.0.2.1:1883')];
    const outcome = await dial(tcp(1883, 'localhost'), environment({ policy: 'loopback', log, routes })).done;
    expect(outcome).toMatchObject({ outcome: 'denied' });
    expect(log.said[0]?.text).toContain('--dial any');
  });
});

describe('faults', () => {
  test('a dial meets the points in order, by the name of the request', async () => {
    const met: FaultPoint[] = [];
    const port = await listenTcp(() => {});
    const routes = [parseRoute(`cloud.example=127.0.0.1:${port}`)];
    const env = environment({ routes, fault: point => void met.push(point) });
    const dialling = dial({ host: 'cloud.example', port: 443, transport: 'wss' }, env);
    while (met.length < 3) await nextTurn();
    dialling.cancel();
    await dialling.done;
    expect(met.map(({ step, host, port }) => `${step} ${host}:${port}`)).toEqual([
      'dns cloud.example:443',
      'tcp cloud.example:443',
      'tls cloud.example:443',
    ]);
  });

  test('fail, late', async () => {
    const env = environment({
      fault: ({ step }) =>
        step === 'tcp' ? { fault: 'fail', outcome: 'unreachable', cause: 'cable cut', after: 500 } : undefined,
    });
    const dialling = dial(tcp(1), env);
    await nextTurn();
    env.clock.advance(500);
    expect(await dialling.done).toEqual({ outcome: 'unreachable', cause: 'cable cut' });
  });

  test('delay', async () => {
    const port = await listenTcp(() => {});
    const env = environment({ fault: ({ step }) => (step === 'dns' ? { fault: 'delay', ms: 700 } : undefined) });
    const dialling = dial(tcp(port), env);
    await nextTurn();
    env.clock.advance(700);
    const outcome = (await dialling.done) as Linked;
    expect(outcome.outcome).toBe('linked');
    outcome.link.destroy();
  });
});

describe('WebSocket', () => {
  async function listenWebSocket(options: ConstructorParameters<typeof WebSocketServer>[0] = {}) {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', ...options });
    onTestFinished(() => {
      for (const client of server.clients) client.terminate();
      server.close();
    });
    await once(server, 'listening');
    return { server, port: (server.address() as { port: number }).port };
  }

  test('path, subprotocol and host of the request reach the server; a message behind the 101 is not lost', async () => {
    const { server, port } = await listenWebSocket();
    const seen: unknown[] = [];
    server.on('connection', (socket, { url, headers }) => {
      seen.push(url, headers.host, socket.protocol);
      socket.send(Buffer.from('first'));
    });
    const routes = [parseRoute(`cloud.example=127.0.0.1:${port}`)];
    const { link } = await linked({ host: 'cloud.example', port: 8083, transport: 'ws', path: 'mqtt' }, { routes });
    expect(String((await once(link, 'data'))[0])).toBe('first');
    expect(seen).toEqual(['/mqtt', 'cloud.example:8083', 'mqtt']);
  });

  test.each([
    [undefined, '/'],
    ['', '/'],
    ['/mqtt', '/mqtt'],
    ['//mqtt', '/mqtt'],
    ['mqtt?key=a b', '/mqtt?key=a%20b'],
    ['/a#b', '/a%23b'],
    ['/温度', '/%E6%B8%A9%E5%BA%A6'],
  ])('the path %j is asked for as %s', (path, expected) => {
    const { pathname, search } = websocketAddress({ host: 'a.example', port: 80, path, secure: false });
    expect(pathname + search).toBe(expected);
  });

  test('a server that answers 404', async () => {
    const { createServer } = await import('node:http');
    const port = await listen(createServer((_, response) => void response.writeHead(404).end()));
    const outcome = await dial({ ...tcp(port), transport: 'ws', path: '/mqtt' }, environment()).done;
    expect(outcome).toMatchObject({ outcome: 'refused', cause: expect.stringContaining('404') });
  });

  test('a server that speaks no HTTP, and one that hangs up', async () => {
    const babble = await listenTcp(socket => void socket.end('SSH-2.0-babble\r\n'));
    expect(await dial({ ...tcp(babble), transport: 'ws' }, environment()).done).toMatchObject({ outcome: 'refused' });
    const rude = await listenTcp(socket => void socket.resetAndDestroy());
    const { outcome } = await dial({ ...tcp(rude), transport: 'ws' }, environment()).done;
    expect(['refused', 'reset']).toContain(outcome);
  });
});
