/**
 * A session between a host and a module is recorded, and each of its sides is played again. The real module is another
 * atmodem, on TCP as ser2net would have it.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AtmodemProcess, atmodem } from '../support/atmodem-process.js';
import { PtyClient } from '../support/pty-client.js';
import { TcpHost } from '../support/tcp-host.js';
import { temporaryFolder } from '../unit/store/temporary.js';

const started: AtmodemProcess[] = [];

function start(...args: string[]): AtmodemProcess {
  const process = new AtmodemProcess(args);
  started.push(process);
  return process;
}

async function endAll(): Promise<void> {
  for (const each of started.splice(0)) {
    each.kill('SIGKILL');
    await each.ended();
  }
}

afterEach(endAll);

const withoutPauses = (text: string): string => text.replace(/^~<? .*\n/gm, '');

/** It has been on for long enough to be registered. @returns where its port is */
async function realModule(port: 'tcp:0' | 'pty' = 'tcp:0'): Promise<string> {
  const module = start(
    ...['run', '--dialect', 'luat', '--port', port, '--power', 'start'],
    ...['--broker', 'embedded:0', '--route', '*=embedded'],
  );
  await module.says(/ at \S+\n/);
  await module.says('"msg":"online"', 'stderr');
  return / at (\S+)\n/.exec(module.stdout)![1]!;
}

async function recorder(...args: string[]): Promise<{ process: AtmodemProcess; port: string }> {
  const process = start('record', '--port', 'tcp:0', ...args);
  await process.says('is recorded', 'stderr');
  return { process, port: /^(\S+) leads to/m.exec(process.stderr)![1]! };
}

async function player(...args: string[]): Promise<{ process: AtmodemProcess; port: string }> {
  const process = start('replay', ...args);
  await process.says(/ is at \S+\n/);
  return { process, port: / is at (\S+)\n/.exec(process.stdout)![1]! };
}

async function session(host: TcpHost): Promise<void> {
  await host.ask('AT\r', '\r\nOK\r\n');
  await host.ask('AT+MCONFIG="dev1","user","hunter22"\r', '\r\nOK\r\n');
  await host.ask('AT+MIPSTART="broker.example",1883\r', '\r\nCONNECT OK\r\n');
  await host.ask('AT+MCONNECT=1,60\r', '\r\nCONNACK OK\r\n');
  await host.ask('AT+MSUB="greenhouse/1",1\r', '\r\nSUBACK\r\n');
  await host.ask('AT+CSQ\r', '\r\nOK\r\n');
}

describe('a recorded session', () => {
  let folder: string;
  let file: string;
  let received: string;
  let text: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'atmodem-recorded-'));
    file = join(folder, 'session.at');
    const module = await realModule();
    const { process, port } = await recorder('--through', `tcp:${module}`, '--dialect', 'luat', '--out', file);
    const host = await TcpHost.open(port);
    await session(host);
    await host.close();
    process.kill('SIGTERM');
    expect(await process.ended()).toMatchObject({ exitCode: 0, stdout: '' });
    received = host.received;
    text = readFileSync(file, 'utf8');
    await endAll();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is a transcript, with times and without secrets, for its user alone', async () => {
    expect(withoutPauses(text)).toContain(
      '> AT+MCONFIG="dev1","user","********"\n<| AT+MCONFIG="dev1","user","********"\\r\n< OK\n',
    );
    expect(text).toMatch(/\necho: on\nend: \\r\n/);
    expect(text).not.toContain('hunter22');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await atmodem(['check', file])).toMatchObject({ exitCode: 0 });
  });

  test('its module is played to a host, byte for byte', async () => {
    const { process, port } = await player(file, '--port', 'tcp:0', '--timing', 'none');
    const host = await TcpHost.open(port);
    for (const [, line] of text.matchAll(/^> (.*)\n/gm)) host.write(`${line!.replace('********', 'hunter22')}\r`);
    await host.hear('+CSQ: ');
    await host.hear('\r\nOK\r\n');
    expect(host.received).toBe(received);
    await host.close();
    expect(await process.ended()).toMatchObject({ exitCode: 0 });
  });

  test('a host that says something else is told where, and ends it', async () => {
    const { process, port } = await player(file, '--timing', 'none');
    const host = await PtyClient.open(port);
    await host.exchange('AT\r', 'AT\r\r\nOK\r\n');
    host.write('AT+MCONFIG="dev2"\r');
    const { exitCode, stdout } = await process.ended();
    host.close();
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /session\.at:\d+: the host says something else\n {2}found: {4}AT\+MCONFIG="dev2"\\r\n {2}expected: AT\+MCONFIG="dev1","user","\*{8}"\\r\n/,
    );
  });

  test('its host is played at the emulator, which answers the same', async () => {
    const { exitCode, stdout } = await atmodem(['replay', file, '--host']);
    expect(stdout).toBe(`${file}: 6 answers: 6 alike, 0 with other values, 0 otherwise\n`);
    expect(exitCode).toBe(0);
  });

  test('its host is played at a module again', async () => {
    const { exitCode, stdout } = await atmodem(['replay', file, '--host', '--to', `tcp:${await realModule()}`]);
    expect(stdout).toBe(`${file}: 6 answers: 6 alike, 0 with other values, 0 otherwise\n`);
    expect(exitCode).toBe(0);
  });

  test('an answer that is changed in it is found', async () => {
    const changed = join(await temporaryFolder(), 'changed.at');
    writeFileSync(changed, text.replace('< CONNACK OK', '< CONNACK FAIL'));
    const { exitCode, stdout } = await atmodem(['replay', changed, '--host']);
    expect(stdout).toMatch(
      /^\S+changed\.at:\d+: AT\+MCONNECT=1,60\n {2}another shape {2}recorded {2}< CONNACK FAIL\n {17}emulated {2}< CONNACK OK\n/,
    );
    expect(stdout).toMatch(/: 5 alike, 0 with other values, 1 otherwise\n$/);
    expect(exitCode).toBe(1);
  });
});

describe('--compare', () => {
  test('finds no difference where there is none, over a serial line', async () => {
    const file = join(await temporaryFolder(), 'session.at');
    const through = ['--through', `uart:${await realModule('pty')}@115200`, '--out', file];
    const { process, port } = await recorder(...through, '--compare', 'luat', '--route', '*=embedded');
    const host = await TcpHost.open(port);
    await session(host);
    await host.close();
    process.kill('SIGINT');
    expect(await process.ended()).toMatchObject({
      exitCode: 0,
      stdout: '6 answers: 6 alike, 0 with other values, 0 otherwise\n',
    });
  });

  test('finds what another module says, and records what the real one said', async () => {
    const { process, port } = await recorder('--through', `tcp:${await realModule()}`, '--compare', 'simcom-a76xx');
    const host = await TcpHost.open(port);
    await host.ask('ATE0\r', '\r\nOK\r\n');
    await host.ask('AT+MQTTSTATU\r', '\r\nOK\r\n');
    await host.close();
    process.kill('SIGINT');
    const { exitCode, stdout, stderr } = await process.ended();
    expect(exitCode).toBe(1);
    expect(stderr).toContain('The emulated modem dials nothing');
    expect(stderr).toContain(
      'AT+MQTTSTATU\n  only           real      < +MQTTSTATU :0\n  another shape  real      < OK\n                 emulated  < ERROR\n',
    );
    expect(withoutPauses(stdout)).toContain('\n> AT+MQTTSTATU\n< +MQTTSTATU :0\n< OK\n');
  });
});
