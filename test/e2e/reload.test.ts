/** SIGHUP to `atmodem run FILE`: a host on a port that did not change never notices. Needs a build. */
import { lstatSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { AtmodemProcess } from '../support/atmodem-process.js';
import { PtyClient } from '../support/pty-client.js';
import { temporaryFolder } from '../unit/store/temporary.js';

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function rig(config: string) {
  const folder = await temporaryFolder();
  const file = join(folder, 'rig.yaml');
  writeFileSync(file, config);
  const daemon = new AtmodemProcess(['run', file, '--broker', 'none', '--json'], { XDG_RUNTIME_DIR: folder });
  undo.push(async () => {
    daemon.kill('SIGKILL');
    await daemon.ended();
  });
  await daemon.says('\n');
  return { folder, file, daemon };
}

const two = `modems:
  - { name: a, dialect: v250, port: pty:a }
  - { name: b, dialect: luat, port: pty:b }
`;

test('modems come and go; the one that did not change keeps its host and its state', async () => {
  const { folder, file, daemon } = await rig(two);
  const host = await PtyClient.open(join(folder, 'a'));
  undo.push(() => host.close());
  await host.exchange('ATE0\r', 'ATE0\r\r\nOK\r\n');
  const device = readlinkSync(join(folder, 'a'));

  writeFileSync(file, two.replace('name: b', 'name: c').replace('pty:b', 'pty:c'));
  daemon.kill('SIGHUP');
  await daemon.says('"event":"reloaded"');
  expect(JSON.parse(daemon.stdout.split('\n')[1]!)).toMatchObject({ kept: ['a'], started: ['c'], removed: ['b'] });
  expect(readlinkSync(join(folder, 'a'))).toBe(device);
  expect(lstatSync(join(folder, 'c')).isSymbolicLink()).toBe(true);
  expect(() => lstatSync(join(folder, 'b'))).toThrow('ENOENT');
  await host.exchange('AT\r', '\r\nOK\r\n');

  daemon.kill('SIGTERM');
  expect(await daemon.ended()).toMatchObject({ exitCode: 0 });
});

test('a mistake is told at its place, and all is as it was', async () => {
  const { folder, file, daemon } = await rig(two);
  writeFileSync(file, two.replace('dialect: luat, port: pty:b', 'dialekt: luat, port: pty:b'));
  daemon.kill('SIGHUP');
  await daemon.says('nothing was changed', 'stderr');
  expect(daemon.stderr).toContain(`${file}:3:16: unknown key \`dialekt\``);

  const taken = join(folder, 'taken');
  writeFileSync(taken, '');
  writeFileSync(file, two.replace('pty:b', `pty:${taken}`));
  daemon.kill('SIGHUP');
  await daemon.says(`${taken} is there and is not a link`, 'stderr');
  await daemon.says(/(nothing was changed[\s\S]*){2}/, 'stderr');
  expect(daemon.stderr).toContain(`${file}:3:`);
  expect(lstatSync(join(folder, 'b')).isSymbolicLink()).toBe(true);
  daemon.kill('SIGTERM');
  expect((await daemon.ended()).exitCode).toBe(0);
});

test('a link that is in use at the start is told at the line of its modem', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'rig.yaml');
  writeFileSync(join(folder, 'taken'), '');
  writeFileSync(file, `modems:\n  - power: start\n    port: pty:${join(folder, 'taken')}\n`);
  const daemon = new AtmodemProcess(['run', file, '--broker', 'none']);
  const { exitCode, stderr } = await daemon.ended();
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`${file}:3:5: ${join(folder, 'taken')} is there and is not a link`);
});
