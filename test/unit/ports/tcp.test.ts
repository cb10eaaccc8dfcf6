import { once } from 'node:events';
import { createServer, connect as netConnect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../src/base/clock.js';
import { OperatorError } from '../../../src/base/errors.js';
import { type Log, silentLog } from '../../../src/base/log.js';
import { maximumQueued } from '../../../src/ports/port.js';
import { formatAddress, isLoopback, TcpPort } from '../../../src/ports/tcp.js';
import { Recorder } from './recorder.js';

const ports: TcpPort[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(ports.splice(0).map(port => port.close()));
});

function listener({
  host = '127.0.0.1',
  port = 0,
  log = silentLog as Log,
  clock = systemClock as Clock,
} = {}): TcpPort {
  const tcp = new TcpPort({ spec: `tcp:${formatAddress(host, port)}`, host, port, clock, log });
  ports.push(tcp);
  return tcp;
}

async function opened(options: Parameters<typeof listener>[0] = {}) {
  const port = listener(options);
  const modem = new Recorder();
  await port.open(modem);
  return { port, modem };
}

async function call(port: TcpPort): Promise<Socket> {
  const socket = netConnect(Number(port.path.split(':').at(-1)), '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

async function read(socket: Socket, length: number): Promise<string> {
  let text = '';
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += chunk.toString('latin1');
    if (text.length >= length) break;
  }
  return text;
}

describe('the TCP port', () => {
  it('says where it listens once a free port was found', async () => {
    const { port } = await opened();
    expect(port.path).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(port.path).not.toMatch(/:0$/);
    expect(port.isLoopback).toBe(true);
  });

  it('carries bytes as they are, both ways, in order of events', async () => {
    const { port, modem } = await opened();
    const dte = await call(port);
    dte.write(Buffer.from('41540dff00', 'hex'));
    await modem.until(() => modem.received.length === 5);
    expect(modem.received).toBe('AT\r\xff\x00');
    expect(modem.log[0]).toBe('attached');
    port.write(Buffer.from('\r\nOK\r\n\xff', 'latin1'));
    expect(await read(dte, 7)).toBe('\r\nOK\r\n\xff');
    await modem.until(() => port.queued === 0);
    expect(port.delivered).toBe(7);
    dte.destroy();
    await modem.untilLogged('detached');
    expect(modem.log.at(-1)).toBe('detached');
    expect(port.isAttached).toBe(false);
  });

  it('drops what nobody is there to read', async () => {
    const { port, modem } = await opened();
    port.write(Buffer.from('boot'));
    expect(port.dropped).toBe(4);
    const dte = await call(port);
    await modem.untilLogged('attached');
    port.write(Buffer.from('ready'));
    expect(await read(dte, 5)).toBe('ready');
  });

  it('refuses a second DTE at once, with one warning, and serves the next after the first', async () => {
    const warnings: string[] = [];
    const log: Log = { ...silentLog, warn: (_, text = '') => warnings.push(text) };
    const { port, modem } = await opened({ log });
    const first = await call(port);
    await modem.untilLogged('attached');
    for (let i = 0; i < 3; i++) {
      const other = await call(port);
      other.resume();
      await once(other, 'close');
    }
    expect(warnings).toEqual(['second DTE refused: the port is in use']);
    expect(modem.log).toEqual(['attached']);
    first.end('AT\r');
    await modem.untilLogged('detached');
    expect(modem.log).toEqual(['attached', 'bytes AT\r', 'detached']);
    await call(port);
    await modem.untilLogged('attached', 2);
  });

  it('queues for a DTE that does not read, up to the bound, then drops with one warning', async () => {
    const warnings: string[] = [];
    const log: Log = { ...silentLog, warn: (_, text = '') => warnings.push(text) };
    const { port, modem } = await opened({ log });
    const dte = await call(port);
    dte.pause();
    await modem.untilLogged('attached');
    const block = Buffer.alloc(64 * 1024, 'x');
    for (let i = 0; i < 200; i++) port.write(block);
    expect(port.queued).toBeGreaterThan(maximumQueued - block.length);
    expect(port.queued).toBeLessThanOrEqual(maximumQueued + block.length);
    expect(port.dropped).toBeGreaterThan(0);
    expect(warnings).toEqual(['the DTE does not read: dropping output']);
    const expected = 200 * block.length - port.dropped;
    expect(await read(dte, expected)).toHaveLength(expected);
    await modem.until(() => port.queued === 0);
    expect(modem.log.at(-1)).toBe('drained');
    expect(port.delivered).toBe(expected);
  });

  it('forgets on discard what the socket has not got', async () => {
    const { port, modem } = await opened();
    const dte = await call(port);
    await modem.untilLogged('attached');
    for (let i = 0; i < 10; i++) port.write(Buffer.alloc(64 * 1024, `${i}`));
    port.discard();
    port.write(Buffer.from('fresh'));
    const text = await read(dte, 64 * 1024 + 5);
    expect(text).toMatch(/^0{65536}fresh$/);
  });

  it('names the way out when the port is in use', async () => {
    const { port } = await opened();
    const busy = Number(port.path.split(':').at(-1));
    const failure = await listener({ port: busy })
      .open(new Recorder())
      .catch(error => error);
    expect(failure).toBeInstanceOf(OperatorError);
    expect(failure).toMatchObject({ code: 'port', exitCode: 1 });
    expect(failure.message).toContain('`tcp:0`');
  });

  it.each([
    ['203.0.113.7', 'not an address of this machine'],
    ['no-such-host.invalid', 'was not found'],
  ])('names the way out for host %s', async (host, said) => {
    await expect(listener({ host }).open(new Recorder())).rejects.toThrow(said);
  });

  it('closes twice, frees its address and hangs up', async () => {
    const { port, modem } = await opened();
    const dte = await call(port);
    await modem.untilLogged('attached');
    port.write(Buffer.from('NO CARRIER'));
    const last = read(dte, 10);
    await Promise.all([port.close(), port.close()]);
    expect(await last).toBe('NO CARRIER');
    expect(modem.log).toEqual(['attached']);
    const successor = createServer().listen(Number(port.path.split(':').at(-1)), '127.0.0.1');
    await once(successor, 'listening');
    successor.close();
  });

  it('closes although the DTE never reads', async () => {
    const { port, modem } = await opened();
    const dte = await call(port);
    dte.pause();
    await modem.untilLogged('attached');
    for (let i = 0; i < 64; i++) port.write(Buffer.alloc(64 * 1024));
    await port.close();
    expect(port.queued).toBe(0);
  });
});

describe('a loopback address', () => {
  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost', 'LOCALHOST', '::ffff:127.0.0.1'])('is %s', host => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each(['0.0.0.0', '::', '10.0.0.1', '127.evil.example', 'rig.local', '::ffff:10.0.0.1'])('is not %s', host => {
    expect(isLoopback(host)).toBe(false);
  });

  it('is known before the port is open', () => {
    expect(listener({ host: '0.0.0.0' }).isLoopback).toBe(false);
    expect(listener({ host: '::1' }).path).toBe('[::1]:0');
  });
});
