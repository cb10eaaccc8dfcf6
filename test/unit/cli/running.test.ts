import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { announce, runningDaemons, runningModems } from '../../../src/cli/running.js';
import { onlyRunning, parseAddress } from '../../../src/cli/term/address.js';
import { temporaryFolder } from '../store/temporary.js';

const modem = (name: string, ...ports: string[]) => ({ name, dialect: 'w800', port: ports[0]!, ports });
const ready = (...modems: ReturnType<typeof modem>[]) =>
  ({ event: 'ready', modems, broker: null, control: 'http://127.0.0.1:8080' }) as const;

describe('what runs is found', () => {
  test('from its announcement until it is undone', async () => {
    const folder = await temporaryFolder();
    const conceal = announce(ready(modem('a', '/dev/pts/1')), folder);
    expect(runningModems(folder).map(({ name }) => name)).toEqual(['a']);
    expect(runningDaemons(folder)).toMatchObject([{ control: 'http://127.0.0.1:8080', modems: [{ name: 'a' }] }]);
    conceal();
    expect(runningModems(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('what a killed process left is removed, what is no announcement stays', async () => {
    const folder = await temporaryFolder();
    // No process has a number above the largest that Linux gives.
    writeFileSync(join(folder, 'atmodem.4194305.json'), JSON.stringify([modem('dead', 'x')]));
    writeFileSync(join(folder, 'ttyAT0'), '');
    expect(runningModems(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual(['ttyAT0']);
  });

  test('one that is half written is passed over', async () => {
    const folder = await temporaryFolder();
    for (const text of ['[{"na', '[]', '{}']) {
      writeFileSync(join(folder, `atmodem.${process.pid}.json`), text);
      expect(runningModems(folder)).toEqual([]);
    }
  });

  test('a folder that cannot be written hinders nothing', () => {
    expect(announce(ready(modem('a', 'x')), '/nowhere/at/all')).not.toThrow();
  });
});

describe('the port of term', () => {
  test.each([
    ['/dev/pts/3', { kind: 'device', path: '/dev/pts/3' }],
    ['pty:/tmp/ttyAT0', { kind: 'device', path: '/tmp/ttyAT0' }],
    ['uart:/dev/ttyUSB0', { kind: 'device', path: '/dev/ttyUSB0' }],
    ['./ttyAT0', { kind: 'device', path: './ttyAT0' }],
    ['COM3', { kind: 'device', path: 'COM3' }],
    ['2323', { kind: 'tcp', host: '127.0.0.1', port: 2323 }],
    ['tcp:2323', { kind: 'tcp', host: '127.0.0.1', port: 2323 }],
    ['rig.local:2323', { kind: 'tcp', host: 'rig.local', port: 2323 }],
    ['tcp:[::1]:2323', { kind: 'tcp', host: '::1', port: 2323 }],
    ['rfc2217:2217', { kind: 'tcp', host: '127.0.0.1', port: 2217 }],
    ['unix:at.sock', { kind: 'unix', path: 'at.sock' }],
  ])('%s', (text, expected) => {
    expect(parseAddress(text)).toEqual(expected);
  });

  test('is a socket where a socket lies', async () => {
    const path = join(await temporaryFolder(), 'at.sock');
    const server = createServer().listen(path);
    await once(server, 'listening');
    expect(parseAddress(path)).toEqual({ kind: 'unix', path });
    server.close();
  });

  test('is never the standard streams of another process', () => {
    expect(onlyRunning([modem('a', 'stdio', '/dev/pts/1')])).toEqual({ kind: 'device', path: '/dev/pts/1' });
  });

  test('is the only one that runs', () => {
    expect(onlyRunning([modem('a', '/dev/pts/1')])).toEqual({ kind: 'device', path: '/dev/pts/1' });
    expect(onlyRunning([modem('a', '127.0.0.1:2323')])).toMatchObject({ kind: 'tcp', port: 2323 });
  });

  test('must be named where there are several', () => {
    const several = [modem('a', '/dev/pts/1'), modem('b', '/dev/pts/2')];
    expect(() => onlyRunning(several)).toThrow(/\/dev\/pts\/1 \(a, w800\), \/dev\/pts\/2 \(b, w800\)/);
    expect(() => onlyRunning([modem('a', 'x', 'y')])).toThrow(/several/);
  });

  test('must be started where there is none', () => {
    expect(() => onlyRunning([])).toThrow(/atmodem run/);
  });
});
