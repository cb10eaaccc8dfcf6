/** Debian's mosquitto as a child process on a port of its own, with every limit lifted. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { systemClock } from '../../src/base/clock.js';
import { portOf } from './sockets.js';

export interface Mosquitto {
  host: string;
  port: number;
  stop(): Promise<void>;
}

const host = '127.0.0.1';

/** Where the executable is; undefined where there is none. */
export function findMosquitto(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'];
  return folders.map(folder => join(folder, 'mosquitto')).find(path => existsSync(path));
}

/** Throws with a sentence that says how to install it. */
export async function startMosquitto(): Promise<Mosquitto> {
  const executable = findMosquitto();
  if (executable === undefined) {
    throw new Error('mosquitto is not installed, and this ring runs against it: `sudo apt-get install mosquitto`.');
  }
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'atmodem-mosquitto-'));
    writeFileSync(join(folder, 'mosquitto.conf'), configuration(port));
    const child = spawn(executable, ['-c', join(folder, 'mosquitto.conf')], { stdio: 'ignore' });
    const onExit = () => void child.kill();
    process.on('exit', onExit);
    const stop = () => stopChild(child, folder, onExit);
    if (await answers(child, port)) return { host, port, stop };
    await stop();
    if (attempt === 3) throw new Error(`${executable} does not start: try it by hand with -v`);
  }
}

const configuration = (port: number) => `listener ${port} ${host}
allow_anonymous true
persistence false
log_type none
set_tcp_nodelay true
message_size_limit 0
max_inflight_messages 0
max_queued_messages 0
max_queued_bytes 0
`;

/** Another process may take it before mosquitto does: the caller tries again. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, host);
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
    const socket = connect({ host, port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function stopChild(child: ChildProcess, folder: string, onExit: () => void): Promise<void> {
  process.off('exit', onExit);
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }
  rmSync(folder, { recursive: true, force: true });
}
