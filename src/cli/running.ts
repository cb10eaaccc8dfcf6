/**
 * The atmodems of this user that run now: each leaves a small file beside the default links, which says where its ports
 * and its control API are, so that `atmodem term` and `atmodem ctl` need not be told. A file whose process is gone is
 * removed by who finds it.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { linkPath } from '../ports/link.js';
import type { Ready, ReadyModem } from './ready.js';

const fileName = /^atmodem\.(\d+)\.json$/;

const defaultFolder = (): string => dirname(linkPath('any'));

/** Makes this process findable. A folder that cannot be had is no reason not to run. @returns what undoes it */
export function announce({ modems, control }: Ready, folder?: string): () => void {
  try {
    const file = join(folder ?? defaultFolder(), `atmodem.${process.pid}.json`);
    writeFileSync(file, `${JSON.stringify({ modems, control })}\n`, { mode: 0o600 });
    return () => rmSync(file, { force: true });
  } catch {
    return () => {};
  }
}

/** What one process tells of itself. */
export type Running = Pick<Ready, 'modems' | 'control'>;

export function runningDaemons(folder = defaultFolder()): Running[] {
  return readdirSync(folder).flatMap(name => {
    const pid = fileName.exec(name)?.[1];
    return pid === undefined ? [] : told(join(folder, name), Number(pid));
  });
}

export const runningModems = (folder?: string): ReadyModem[] => runningDaemons(folder).flatMap(({ modems }) => modems);

function told(file: string, pid: number): Running[] {
  if (!isAlive(pid)) {
    rmSync(file, { force: true });
    return [];
  }
  try {
    const running = JSON.parse(readFileSync(file, 'utf8')) as Running;
    return Array.isArray(running.modems) ? [running] : [];
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
