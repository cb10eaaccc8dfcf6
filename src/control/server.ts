/**
 * The server of the control API: one listener for HTTP, WebSockets and the page. Loaded only where it is asked for. Owns
 * what a client may cost: connections, headers, time, and what it does not read.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { DropLog } from '../base/drop-log.js';
import { OperatorError } from '../base/errors.js';
import { formatAddress } from '../ports/tcp.js';
import { Access } from './access.js';
import { controlApp } from './app.js';
import { ControlFailure } from './failure.js';
import type { Reloaded } from './messages.js';
import { metricText } from './metrics.js';
import { Monitor } from './monitor.js';
import { readPages } from './pages.js';
import type { Rig } from './routes/route.js';
import type { ControlSettings } from './settings.js';
import type { ControlTarget } from './target.js';
import { refuse, Upgrades } from './upgrades.js';

export interface ControlLimits {
  connections: number;
  /** Milliseconds for the headers, for the whole request, and without a byte either way. */
  headersTime: number;
  requestTime: number;
  silence: number;
  /** How often these times are looked at, in ms. */
  lookEvery: number;
}

const defaultLimits: ControlLimits = {
  connections: 512,
  headersTime: 10_000,
  requestTime: 20_000,
  silence: 30_000,
  lookEvery: 1000,
};

const longestHeaders = 16 * 1024;

export interface ControlOptions {
  settings: ControlSettings;
  target: ControlTarget;
  /** Where the files of the page are. */
  pagesFolder: string;
  limits?: Partial<ControlLimits>;
}

export interface Control {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  readonly needsToken: boolean;
  /** Is the page there? */
  readonly hasPage: boolean;
  /** How `POST /api/reload` reads the config again; for who started the daemon from a file. */
  reload: (() => Promise<Reloaded>) | undefined;
  stop(): Promise<void>;
}

/** @throws OperatorError (port) where it cannot listen */
export async function startControl(options: ControlOptions): Promise<Control> {
  const limits = { ...defaultLimits, ...options.limits };
  const server = createServer({
    maxHeaderSize: longestHeaders,
    headersTimeout: limits.headersTime,
    requestTimeout: limits.requestTime,
    connectionsCheckingInterval: limits.lookEvery,
    keepAlive: true,
    keepAliveInitialDelay: limits.silence,
    noDelay: true,
  });
  server.maxConnections = limits.connections;
  server.timeout = limits.silence;
  const port = await listen(server, options.settings);
  return new ControlServer(server, port, options);
}

class ControlServer implements Control {
  readonly url: string;
  readonly needsToken: boolean;
  readonly hasPage: boolean;
  reload: Control['reload'];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #monitor: Monitor;
  readonly #upgrades: Upgrades;
  readonly #refused: DropLog;

  constructor(server: Server, port: number, { settings, target, pagesFolder }: ControlOptions) {
    const { clock, log } = target;
    const access = new Access({ isLoopback: settings.isLoopback, token: settings.token, port });
    const pages = readPages(pagesFolder);
    this.url = `http://${formatAddress(settings.host, port)}`;
    this.needsToken = access.needsToken;
    this.hasPage = pages.has('/');
    this.#server = server;
    this.#monitor = new Monitor(target);
    this.#refused = new DropLog('too many connections to the control API, one was refused', clock, log);
    const ownMetrics = () => this.#metrics();
    const reload = () => this.reload?.();
    const rig: Rig = { target, monitor: this.#monitor, access, startedAt: clock.wall(), reload, ownMetrics };
    this.#upgrades = new Upgrades(rig);
    const { fetch } = controlApp(rig, pages);
    server.on('request', getRequestListener(fetch, { overrideGlobalObjects: false, hostname: 'localhost' }));
    server.on('upgrade', (request, stream, head) => this.#upgrades.upgrade(request, stream, head));
    server.on('clientError', answerNoRequest);
    server.on('connection', socket => this.#connected(socket));
    server.on('drop', () => this.#refused.add({ limit: server.maxConnections }));
    server.on('error', error => log.error({ error: error.message }, 'the listener of the control API'));
  }

  async stop(): Promise<void> {
    this.#upgrades.stop();
    this.#monitor.stop();
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #connected(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #metrics(): string {
    const { streams, terminals, cut } = this.#upgrades;
    return [
      metricText('atmodem_control_connections', 'Connections to the control API.', 'gauge', [
        { value: this.#sockets.size },
      ]),
      metricText('atmodem_control_connections_refused_total', 'Connections past the limit.', 'counter', [
        { value: this.#refused.count },
      ]),
      metricText('atmodem_control_websockets', 'WebSockets that are open.', 'gauge', [
        { labels: { kind: 'events' }, value: streams },
        { labels: { kind: 'terminal' }, value: terminals.count },
      ]),
      metricText('atmodem_control_slow_websockets_cut_total', 'WebSockets that were not read.', 'counter', [
        { labels: { kind: 'events' }, value: cut },
        { labels: { kind: 'terminal' }, value: terminals.cut },
      ]),
      metricText('process_resident_memory_bytes', 'Memory of the process.', 'gauge', [
        { value: process.memoryUsage.rss() },
      ]),
    ].join('');
  }
}

/** The port that was had in the end. */
function listen(server: Server, { host, port }: ControlSettings): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', cause => reject(cannotListen(formatAddress(host, port), cause)));
    server.listen({ host, port }, () => {
      server.removeAllListeners('error');
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function cannotListen(address: string, cause: NodeJS.ErrnoException): OperatorError {
  return new OperatorError('port', `the control API cannot listen on ${address}`, {
    found: cause.code === 'EADDRINUSE' ? 'the port is in use' : cause.message,
    expected: 'a free port on an address of this machine',
    hint: 'Choose another with --control [HOST:]PORT (0 takes any).',
    cause,
  });
}

/** Bytes that are no request, or took too long to become one. */
function answerNoRequest(error: NodeJS.ErrnoException, stream: Duplex): void {
  const socket = stream as Socket;
  // An answer that is half there would be spoilt by another.
  if (!socket.writable || socket.bytesWritten > 0 || error.code === 'ECONNRESET') return void socket.destroy();
  refuse(socket, noRequest(error.code));
}

function noRequest(code: string | undefined): ControlFailure {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new ControlFailure('timeout', 'the request took too long to come');
  if (code === 'HPE_HEADER_OVERFLOW')
    return new ControlFailure('too-large', 'the headers are too large', {
      expected: `at most ${longestHeaders} bytes`,
    });
  return new ControlFailure('bad-request', 'this is no HTTP request');
}
