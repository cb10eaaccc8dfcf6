import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, connect as netConnect, type Socket } from 'node:net';
import { join, relative } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import { silentLog } from '../../../src/base/log.js';
import { UnixPort } from '../../../src/ports/unix.js';
import { temporaryFolder } from '../store/temporary.js';
import { Recorder } from './recorder.js';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

async function opened(path = join(folder, 'at.sock')) {
  const port = new UnixPort({ spec: `unix:${path}`, path, clock: systemClock, log: silentLog });
  const modem = new Recorder();
  onTestFinished(() => port.close());
  await port.open(modem);
  return { port, modem };
}

async function call(port: UnixPort): Promise<Socket> {
  const socket = netConnect(port.path);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** What a process leaves that was killed: a file that nobody listens on. */
function abandonedSocket(path: string): void {
  const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', script]);
  expect(statSync(path).isSocket()).toBe(true);
}

describe('the unix port', () => {
  it('carries bytes as they are, both ways', async () => {
    const { port, modem } = await opened();
    expect(port.path).toBe(join(folder, 'at.sock'));
    const dte = await call(port);
    dte.write(Buffer.from('41540dff00', 'hex'));
    await modem.until(() => modem.received.length === 5);
    expect(modem.log[0]).toBe('attached');
    expect(modem.received).toBe('AT\r\xff\x00');
    port.write(Buffer.from('\r\nOK\r\n\xff', 'latin1'));
    const [answer] = (await once(dte, 'data')) as [Buffer];
    expect(answer.toString('latin1')).toBe('\r\nOK\r\n\xff');
    dte.destroy();
    await modem.untilLogged('detached');
  });

  it('makes a file that only this user may use, and removes it', async () => {
    const { port } = await opened();
    expect(statSync(port.path).mode & 0o777).toBe(0o600);
    await port.close();
    expect(existsSync(port.path)).toBe(false);
  });

  it('leaves the mask of the process as it was', async () => {
    const before = process.umask();
    await opened();
    expect(process.umask()).toBe(before);
  });

  it('replaces the socket of a process that is gone', async () => {
    const path = join(folder, 'old.sock');
    abandonedSocket(path);
    const { port, modem } = await opened(path);
    await call(port);
    await modem.untilLogged('attached');
  });

  it('says where it is in full, however it was named', async () => {
    const name = relative(process.cwd(), join(folder, 'near.sock'));
    const { port } = await opened(name);
    expect(port.path).toBe(join(folder, 'near.sock'));
    await call(port);
    await port.close();
    expect(existsSync(port.path)).toBe(false);
  });

  it('takes nothing from who listens there', async () => {
    const path = join(folder, 'taken.sock');
    const owner = createServer().listen(path);
    onTestFinished(() => void owner.close());
    await once(owner, 'listening');
    await expect(opened(path)).rejects.toThrow(`${path} is in use`);
    netConnect(path).on('error', error => expect.unreachable(error.message));
    await once(owner, 'connection');
  });

  it('touches no file that is no socket', async () => {
    const path = join(folder, 'notes');
    writeFileSync(path, 'mine');
    await expect(opened(path)).rejects.toThrow('is not a socket');
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it('says what to do where there is no such folder', async () => {
    const failure = opened(join(folder, 'nowhere/at.sock'));
    await expect(failure).rejects.toThrow('its folder is not there');
    await expect(failure).rejects.toMatchObject({ code: 'port', exitCode: 1 });
  });
});
