/** A program from its start to its first line on stdout, and its end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { systemClock } from '../../src/base/clock.js';
import { inRepository } from '../support/repository.js';
import type { Finding } from './bench.js';

const executable = inRepository('bin/atmodem.js');

/** As `npm run build` made it. */
export const atmodem = (...args: string[]): string[] => [executable, ...args];
export const isBuilt = (): boolean => existsSync(executable) && existsSync(inRepository('dist/cli.js'));
export const notBuilt: Finding = { what: 'atmodem', measured: '–', verdict: 'left out', note: '`npm run build` first' };
/** Of the default dialect, on a pty. */
export const run = ['run', '--power', 'start', '--log-level', 'warn', '--json'];
export const bareNode = ['-e', 'console.log("ready"); setInterval(() => {}, 1e6)'];

/** Runs `args` with Node. @param look at the process, once its first line is there. @returns milliseconds until then */
export async function untilFirstLine(
  args: readonly string[],
  look: (child: ChildProcess, line: string) => unknown = () => {},
): Promise<number> {
  const start = systemClock.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  try {
    // 'end' comes after the last data, even of a process that is gone by then.
    const [data] = await Promise.race([once(child.stdout, 'data'), once(child.stdout, 'end')]);
    const taken = systemClock.now() - start;
    if (data === undefined) throw new Error(`${args.join(' ')} ended without a line`);
    await look(child, String(data).split('\n')[0]!);
    return taken;
  } finally {
    child.kill('SIGTERM');
    await gone;
  }
}
