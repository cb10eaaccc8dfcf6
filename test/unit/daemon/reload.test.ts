/** A daemon that gets another config while it runs: what changed is changed, and nothing else is touched. */
import { once } from 'node:events';
import { existsSync, readlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import type { DaemonConfig, ModemConfig } from '../../../src/config/modem-config.js';
import { type Daemon, startDaemon } from '../../../src/daemon.js';
import { MemoryPort } from '../../../src/ports/memory.js';
import { turns } from '../../support/patience.js';
import { Listener } from '../../support/sockets.js';
import { TestHost } from '../modem/test-host.js';
import { temporaryFolder } from '../store/temporary.js';

async function started(modems: readonly ModemConfig[], rest: Omit<DaemonConfig, 'modems'> = {}): Promise<Daemon> {
  const daemon = await startDaemon({ broker: 'none', ...rest, modems }, { clock: systemClock });
  onTestFinished(() => daemon.stop());
  return daemon;
}

const reload = (daemon: Daemon, modems: readonly ModemConfig[]) => daemon.reload({ broker: 'none', modems });

const nothing = { kept: [], adapted: [], restarted: [], started: [], removed: [] };

/** A modem with its host, connected to a peer. */
async function connected(routes: readonly string[]) {
  const port = new MemoryPort();
  const config: ModemConfig = { name: 'dev', dialect: 'luat', port, routes };
  const host = new TestHost(port, '\r');
  const daemon = await started([config]);
  host.attaches();
  await turns(50);
  host.take();
  return { daemon, config, host };
}

const peer = async (): Promise<Listener> => {
  const listener = await Listener.start(createServer());
  onTestFinished(() => listener.stop());
  return listener;
};

describe('a modem that is alike in both', () => {
  test('is not touched: its host sees nothing, its settings in RAM stay', async () => {
    const { daemon, config, host } = await connected([]);
    const [modem] = daemon.modems;
    await host.asks('AT+CMEE=1');
    expect(await reload(daemon, [{ ...config }, { name: 'other', port: 'tcp:0' }])).toEqual({
      ...nothing,
      kept: ['dev'],
      started: ['other'],
    });
    expect(daemon.modems.map(({ name }) => name)).toEqual(['dev', 'other']);
    expect(daemon.modems[0]).toBe(modem);
    expect(await host.asks('AT+CMEE?')).toContain('+CMEE :1');
  });

  test('keeps what was set by hand, also beside a change of something else', async () => {
    const { daemon, config } = await connected([]);
    const { cellular } = daemon.modems[0]!.surroundings;
    cellular.signal.set({ rssi: 3 });
    await reload(daemon, [config]);
    await reload(daemon, [{ ...config, network: { registration: 'roaming' } }]);
    expect(cellular.signal.rssi).toBe(3);
    expect(cellular.registration.of('eps').stat).toBe(5);
  });
});

describe('what changes in place', () => {
  test('a route: the link that stands lives on, the next one goes the new way', async () => {
    const [former, next] = [await peer(), await peer()];
    const to = ({ address: { host, port } }: Listener) => [`iot.example:1883=${host}:${port}`];
    const { daemon, config, host } = await connected(to(former));
    const first = once(former.server, 'connection');
    await host.asks('AT+MCONFIG="dev","",""');
    await host.asks('AT+MIPSTART="iot.example",1883');
    const [link] = await first;
    expect(await reload(daemon, [{ ...config, routes: to(next) }])).toEqual({ ...nothing, adapted: ['dev'] });
    await turns(20);
    expect(link.readyState).toBe('open');
    await host.asks('AT+MIPCLOSE');
    const second = once(next.server, 'connection');
    await host.asks('AT+MIPSTART="iot.example",1883');
    await second;
  });

  test('the network, and back to the usual one when the file says nothing any more', async () => {
    const { daemon, config } = await connected([]);
    const { cellular } = daemon.modems[0]!.surroundings;
    await reload(daemon, [{ ...config, network: { registration: 'denied', signal: 7 } }]);
    expect([cellular.registration.of('eps').stat, cellular.signal.rssi]).toEqual([3, 7]);
    await reload(daemon, [config]);
    expect([cellular.registration.of('eps').stat, cellular.signal.rssi]).toEqual([1, 28]);
  });
});

describe('any other change', () => {
  test('restarts that modem alone, and those who follow the modems are told', async () => {
    const daemon = await started([
      { name: 'a', port: 'tcp:0' },
      { name: 'b', port: 'tcp:0' },
    ]);
    const [a, b] = daemon.modems;
    const told: string[] = [];
    daemon.leaving.on(({ name }) => told.push(`${name} leaves`));
    daemon.started.on(({ name }) => told.push(`${name} comes`));
    const changes = await reload(daemon, [
      { name: 'a', port: 'tcp:0' },
      { name: 'b', port: 'tcp:0', dialect: 'luat' },
    ]);
    expect(changes).toEqual({ ...nothing, kept: ['a'], restarted: ['b'] });
    expect(daemon.modems[0]).toBe(a);
    expect(daemon.modems[1]).not.toBe(b);
    expect(daemon.modems[1]!.dialect.name).toBe('luat');
    expect(told).toEqual(['b leaves', 'b comes']);
  });

  test('a file behind the same path counts by what it holds', async () => {
    const file = join(await temporaryFolder(), 'boot.cfg');
    writeFileSync(file, 'one');
    const modems = [{ name: 'a', port: 'tcp:0', files: { 'boot.cfg': file } }];
    const daemon = await started(modems);
    expect(daemon.modems[0]!.files.read('boot.cfg')).toMatchObject({ bytes: Buffer.from('one') });
    writeFileSync(file, 'one');
    expect(await reload(daemon, modems)).toEqual({ ...nothing, kept: ['a'] });
    writeFileSync(file, 'two');
    expect(await reload(daemon, modems)).toEqual({ ...nothing, restarted: ['a'] });
    expect(daemon.modems[0]!.files.read('boot.cfg')).toMatchObject({ bytes: Buffer.from('two') });
  });

  test('the port of a modem that is gone is free for another', async () => {
    const link = join(await temporaryFolder(), 'ttyAT0');
    const daemon = await started([{ name: 'a', port: `pty:${link}` }]);
    expect(await reload(daemon, [{ name: 'b', port: `pty:${link}` }])).toEqual({
      ...nothing,
      started: ['b'],
      removed: ['a'],
    });
    expect(existsSync(readlinkSync(link))).toBe(true);
    await reload(daemon, [{ name: 'c', port: 'tcp:0' }]);
    expect(existsSync(link)).toBe(false);
  });
});

describe('a config that is wrong leaves all as it is', () => {
  const before: ModemConfig[] = [
    { name: 'a', port: 'tcp:0' },
    { name: 'b', port: 'tcp:0' },
  ];

  test.each<[string, ModemConfig[], RegExp]>([
    ['a dialect that is none', [{ name: 'a', port: 'tcp:0', dialect: 'luatt' }], /did you mean `luat`/i],
    ['a profile that is none', [{ name: 'a', dialect: 'luat', profile: 'luat-sed' }], /did you mean `luat-seed`/],
    ['a route that is none', [{ name: 'a', port: 'tcp:0', routes: ['x'] }], /route/],
    ['two on one port', [...before, { name: 'c', port: 'stdio' }, { name: 'd', port: 'stdio' }], /`c` and `d`/],
    ['a route to no broker', [{ name: 'a', port: 'tcp:0', routes: ['*=embedded'] }], /does not run/],
    ['a certificate that is not there', [{ name: 'c', port: 'tcp:0', certs: { ca: '/nowhere.pem' } }], /nowhere/],
  ])('%s', async (_, modems, message) => {
    const daemon = await started(before);
    const running = [...daemon.modems];
    await expect(reload(daemon, modems)).rejects.toThrow(message);
    expect(daemon.modems).toEqual(running);
    expect(await reload(daemon, before)).toEqual({ ...nothing, kept: ['a', 'b'] });
  });

  test('a link that is in use, for a new modem: nobody was touched', async () => {
    const taken = join(await temporaryFolder(), 'taken');
    writeFileSync(taken, '');
    const daemon = await started(before);
    const running = [...daemon.modems];
    const wish = reload(daemon, [
      { name: 'a', port: 'tcp:0', dialect: 'luat' },
      { name: 'c', port: `pty:${taken}` },
    ]);
    await expect(wish).rejects.toMatchObject({ code: 'port', details: { modem: 'c' } });
    expect(daemon.modems).toEqual(running);
  });

  test('a link that is in use, for a modem that moves: it is back where it was', async () => {
    const folder = await temporaryFolder();
    const [own, taken] = [join(folder, 'own'), join(folder, 'taken')];
    writeFileSync(taken, '');
    const daemon = await started([{ name: 'a', port: `pty:${own}` }]);
    await expect(reload(daemon, [{ name: 'a', port: `pty:${taken}` }])).rejects.toThrow(/is there and is not a link/);
    expect(daemon.modems.map(({ name }) => name)).toEqual(['a']);
    expect(existsSync(readlinkSync(own))).toBe(true);
  });

  test('what all modems share cannot change', async () => {
    const daemon = await started(before);
    await expect(daemon.reload({ broker: 'embedded:0', modems: before })).rejects.toThrow(/`broker` cannot change/);
  });
});

test('two reloads at once: one after the other', async () => {
  const daemon = await started([{ name: 'a', port: 'tcp:0' }]);
  const both = [reload(daemon, [{ name: 'b', port: 'tcp:0' }]), reload(daemon, [{ name: 'c', port: 'tcp:0' }])];
  expect(await Promise.all(both)).toMatchObject([{ removed: ['a'] }, { removed: ['b'], started: ['c'] }]);
});
