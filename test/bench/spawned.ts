/** A program from its start to its first line on stdout, and its end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
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

/** However long it is. */
export async function firstLineOf(output: Readable): Promise<string> {
  let text = '';
  for await (const chunk of output.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    const end = text.indexOf('\n');
    if (end >= 0) return text.slice(0, end);
  }
  throw new Error('the process ended without a line');
}

/** Runs `args` with Node. @param look at the process, once its first line is there. @returns milliseconds until then */
export async function untilFirstLine(
  args: readonly string[],
  look: (child: ChildProcess, line: string) => unknown = () => {},
): Promise<number> {
  const start = systemClock.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  try {
    const line = await firstLineOf(child.stdout);
    const taken = systemClock.now() - start;
    await look(child, line);
    return taken;
  } finally {
    child.kill('SIGTERM');
    await gone;
  }
}
