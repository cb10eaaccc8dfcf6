/**
 * The atmodems of this user that run now: each leaves a small file beside the default links, which says where its ports
 * are, so that `atmodem term` need not be told. A file whose process is gone is removed by who finds it.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { linkPath } from '../ports/link.js';
import type { Ready, ReadyModem } from './ready.js';

const fileName = /^atmodem\.(\d+)\.json$/;

const defaultFolder = (): string => dirname(linkPath('any'));

/** Makes this process findable. A folder that cannot be had is no reason not to run. @returns what undoes it */
export function announce({ modems }: Ready, folder?: string): () => void {
  try {
    const file = join(folder ?? defaultFolder(), `atmodem.${process.pid}.json`);
    writeFileSync(file, `${JSON.stringify(modems)}\n`, { mode: 0o600 });
    return () => rmSync(file, { force: true });
  } catch {
    return () => {};
  }
}

export function runningModems(folder = defaultFolder()): ReadyModem[] {
  return readdirSync(folder).flatMap(name => {
    const pid = fileName.exec(name)?.[1];
    return pid === undefined ? [] : modemsOf(join(folder, name), Number(pid));
  });
}

function modemsOf(file: string, pid: number): ReadyModem[] {
  if (!isAlive(pid)) {
    rmSync(file, { force: true });
    return [];
  }
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ReadyModem[];
  } catch {
    // It is being written, or has just ended.
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
