/** Debian's mosquitto as a child process on ports of its own, with every limit lifted. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/base/clock.js';
import { type Address, loopback, portOf } from './sockets.js';

/** How a client may reach it. `plain` is always there. */
export type ListenerKind = 'plain' | 'tls' | 'tls-mutual' | 'websockets';

export interface MosquittoOptions {
  listeners?: readonly ListenerKind[];
  /** `kept`: sessions and messages outlive the process. Default: they end with it. */
  sessions?: 'kept' | 'forgotten';
}

/** Where the executable is; undefined where there is none. */
export function findMosquitto(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'];
  return folders.map(folder => join(folder, 'mosquitto')).find(path => existsSync(path));
}

/** Throws with a sentence that says how to install it. */
export async function startMosquitto({ listeners = [], sessions }: MosquittoOptions = {}): Promise<Mosquitto> {
  const executable = findMosquitto();
  if (executable === undefined) {
    throw new Error('mosquitto is not installed, and this ring runs against it: `sudo apt-get install mosquitto`.');
  }
  for (let attempt = 1; ; attempt++) {
    const mosquitto = await Mosquitto.prepare(
      executable,
      [...new Set<ListenerKind>(['plain', ...listeners])],
      sessions,
    );
    if (await mosquitto.start()) return mosquitto;
    await mosquitto.stop();
    if (attempt === 3) throw new Error(`${executable} does not start: try it by hand with -v`);
  }
}

/** Whether it is built with WebSocket, as Debian's is. */
export async function hasWebSockets(): Promise<boolean> {
  const executable = findMosquitto();
  if (executable === undefined) return false;
  const mosquitto = await Mosquitto.prepare(executable, ['plain', 'websockets'], 'forgotten');
  try {
    return await mosquitto.start();
  } finally {
    await mosquitto.stop();
  }
}

export class Mosquitto implements Address {
  readonly host = loopback;
  /** Of the plain listener. */
  readonly port: number;
  #child: ChildProcess | undefined;

  private constructor(
    private readonly executable: string,
    private readonly folder: string,
    private readonly ports: ReadonlyMap<ListenerKind, number>,
  ) {
    this.port = ports.get('plain') ?? 0;
  }

  static async prepare(
    executable: string,
    kinds: readonly ListenerKind[],
    sessions: MosquittoOptions['sessions'] = 'forgotten',
  ): Promise<Mosquitto> {
    const ports = new Map<ListenerKind, number>();
    for (const kind of kinds) ports.set(kind, await freePort());
    const folder = mkdtempSync(join(tmpdir(), 'atmodem-mosquitto-'));
    const lines = [...common, ...(sessions === 'kept' ? persistence(folder) : ['persistence false'])];
    for (const [kind, port] of ports) lines.push(`listener ${port} ${loopback}`, ...listenerLines[kind]);
    writeFileSync(join(folder, 'mosquitto.conf'), `${lines.join('\n')}\n`);
    return new Mosquitto(executable, folder, ports);
  }

  address(kind: ListenerKind): Address {
    const port = this.ports.get(kind);
    if (port === undefined) throw new Error(`this mosquitto has no ${kind} listener`);
    return { host: loopback, port };
  }

  /** On the same ports, if it ran before. False: it does not run. */
  async start(): Promise<boolean> {
    const child = spawn(this.executable, ['-c', join(this.folder, 'mosquitto.conf')], { stdio: 'ignore' });
    this.#child = child;
    process.on('exit', this.#orphaned);
    for (const port of this.ports.values()) if (!(await answers(child, port))) return false;
    return true;
  }

  /** It is there, but does nothing any more until it ends. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  /** Without a chance to write or say anything. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** What it keeps, it writes. */
  async restart(): Promise<void> {
    await this.#end('SIGTERM');
    if (!(await this.start())) throw new Error('mosquitto does not start again');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }

  readonly #orphaned = () => void this.#child?.kill();

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child;
    process.off('exit', this.#orphaned);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    child.kill('SIGCONT');
    await gone;
  }
}

/** As root it would become a user that may not read keys in a checkout; without root, `user` means nothing. */
const common = [
  'user root',
  'per_listener_settings false',
  'allow_anonymous true',
  'log_type none',
  'set_tcp_nodelay true',
  'message_size_limit 0',
  'max_inflight_messages 0',
  'max_queued_messages 0',
  'max_queued_bytes 0',
];

const persistence = (folder: string) => ['persistence true', `persistence_location ${folder}/`];

const certificates = fileURLToPath(new URL('../fixtures/certs/', import.meta.url));
const serverCertificate = [`certfile ${certificates}server.pem`, `keyfile ${certificates}server.key`];

const listenerLines: Readonly<Record<ListenerKind, readonly string[]>> = {
  plain: [],
  tls: serverCertificate,
  // TLS 1.2, where a missing client certificate ends the handshake. In 1.3 the client learns of it only afterwards.
  'tls-mutual': [
    ...serverCertificate,
    `cafile ${certificates}ca.pem`,
    'require_certificate true',
    'tls_version tlsv1.2',
  ],
  websockets: ['protocol websockets'],
};

/** Another process may take it before mosquitto does: the caller tries again. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, loopback);
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(child: ChildProcess, port: number): Promise<boolean> {
  for (let attempt = 0; attempt < 250 && child.exitCode === null; attempt++) {
    if (await accepts(port)) return true;
    await new Promise<void>(resolve => systemClock.after(20, resolve));
  }
  return false;
}

function accepts(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host: loopback, port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
