/**
 * The daemon is killed at any moment while a host stores files and settings: after the restart each is the old one or the
 * new one, whole, and the module boots as after any loss of power. Needs a build.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.js';
import { AtmodemProcess } from '../support/atmodem-process.js';
import { eventually } from '../support/patience.js';
import { PtyClient } from '../support/pty-client.js';
import { temporaryFolder } from '../unit/store/temporary.js';

const kills = 15;
/** Longest time, in ms, from the first write to the kill. */
const latest = 250;
const seed = 20_240_501;

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** [0, 1), the same from run to run: a linear congruential generator. */
function chance(state: number): () => number {
  let at = state;
  return () => {
    at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0;
    return at / 2 ** 32;
  };
}

const boots =
  /^\r\nRDY\r\n\r\n\^MODE: 17,17\r\n\r\n\+E_UTRAN Service\r\n\r\n\+CGEV: ME PDN ACT 1\r\n\r\n\+NITZ: [^\r]+\r\n$/;

class Rig {
  private constructor(
    readonly daemon: AtmodemProcess,
    readonly host: PtyClient,
  ) {}

  /** With a host that has seen all boot lines, and echo off. */
  static async start(state: string, folder: string): Promise<Rig> {
    const args = ['run', '--dialect', 'luat', '--state', state, '--port', 'pty:at', '--broker', 'none'];
    const daemon = new AtmodemProcess([...args, '--log-level', 'silent', '--json'], { XDG_RUNTIME_DIR: folder });
    undo.push(() => daemon.kill('SIGKILL'));
    await daemon.says('"ready"');
    const rig = new Rig(daemon, await PtyClient.open(join(folder, 'at')));
    await rig.hears(boots);
    await rig.asks('ATE0\r');
    return rig;
  }

  /** The answer, up to its `OK`. */
  async asks(line: string): Promise<string> {
    this.host.write(line);
    return this.hears(/\r\nOK\r\n$/);
  }

  async hears(bytes: RegExp): Promise<string> {
    if (!(await eventually(() => bytes.test(this.host.pending), this.host.arrived, 10_000)))
      throw new Error(`never heard ${bytes}, but ${JSON.stringify(this.host.pending.slice(-200))}`);
    const heard = this.host.pending;
    this.host.pending = '';
    return heard;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    this.host.close();
    this.daemon.kill(signal);
    await this.daemon.ended();
  }
}

/** What version `n` of a file holds: the length says it too, so half of one is no other. */
const contentOf = (name: string, n: number): string => `${name} ${n} `.padEnd(1000 + ((n * 997) % 9000), 'x');

const names = ['a', 'b', 'c'] as const;

/** The version of each file, and of the two settings that are stored together; fails where one is none. */
async function versionsIn(rig: Rig): Promise<Map<string, number>> {
  const versions = new Map<string, number>();
  for (const name of names) {
    const answer = await rig.asks(`AT+FSREAD="${name}",0,10240,0\r`);
    const content = answer.slice('\r\n'.length, -'\r\n\r\nOK\r\n'.length);
    const n = Number(/^\w (\d+) /.exec(content)?.[1]);
    expect(content === contentOf(name, n), `${name}: ${content.length} bytes, ${content.slice(0, 20)}`).toBe(true);
    versions.set(name, n);
  }
  const [first, second] = [await register(rig, 7), await register(rig, 10)];
  expect(second, 'one register of a version, and one of another').toBe(first);
  return versions.set('registers', first);
}

const register = async (rig: Rig, number: number): Promise<number> =>
  Number(/\r\n(\d+)\r\n/.exec(await rig.asks(`ATS${number}?\r`))?.[1]);

async function writeFile(rig: Rig, name: string, n: number): Promise<void> {
  const content = contentOf(name, n);
  rig.host.write(`AT+FSWRITE="${name}",0,${content.length},15\r`);
  await rig.hears(/\r\n>$/);
  await rig.asks(content);
}

async function writeVersion(rig: Rig, n: number): Promise<void> {
  for (const name of names) await writeFile(rig, name, n);
  await rig.asks(`ATS7=${n % 250};S10=${n % 250};&W\r`);
}

/** Writes one version after the other until the daemon dies. @returns the last that was begun */
async function writeUntilKilled(rig: Rig, first: number, after: number): Promise<number> {
  let last = first;
  let state: 'alive' | 'killed' = 'alive';
  const killed = new Promise<void>(done =>
    systemClock.after(after, () => {
      state = 'killed';
      void rig.end('SIGKILL').then(done);
    }),
  );
  const writing = (async () => {
    for (; state === 'alive'; last++) await writeVersion(rig, last);
  })();
  // What the write in which it died says about it is no matter.
  writing.catch(() => {});
  await killed;
  return last;
}

test(`killed ${kills} times (seed ${seed}): each file and setting is whole, and of a version that was written`, async () => {
  const [state, folder] = [await temporaryFolder(), await temporaryFolder()];
  const random = chance(seed);
  let rig = await Rig.start(state, folder);
  for (const name of names) await rig.asks(`AT+FSCREATE="${name}"\r`);
  await writeVersion(rig, 1);
  await rig.end('SIGTERM');

  let durable = new Map([...names, 'registers'].map(name => [name, 1]));
  let next = 2;
  let news = 0;
  for (let kill = 1; kill <= kills; kill++) {
    rig = await Rig.start(state, folder);
    const begun = await writeUntilKilled(rig, next, random() * latest);
    rig = await Rig.start(state, folder);
    const found = await versionsIn(rig);
    for (const [name, n] of found) {
      const written = Array.from({ length: begun - next + 1 }, (_, i) => next + i);
      const versions = [durable.get(name)!, ...written].map(each => (name === 'registers' ? each % 250 : each));
      expect(versions, `kill ${kill}, ${name}`).toContain(n);
    }
    const left = await readdir(join(state, 'modem', 'files'));
    expect(left.filter(name => name.startsWith('.'))).toEqual([]);
    JSON.parse(await readFile(join(state, 'modem', 'flash.json'), 'utf8'));
    await rig.end('SIGTERM');
    if ([...found].some(([name, n]) => n !== durable.get(name))) news += 1;
    durable = found;
    next = begun + 1;
  }
  expect(news, 'kills after which something was newer than before').toBeGreaterThan(0);
}, 300_000);
