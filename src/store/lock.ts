/**
 * One daemon per state folder. The lock is a file that names its owner; it is taken by linking a finished file into
 * place, so nobody ever reads half of one. A lock whose owner is gone is taken over. It guards against a second daemon on
 * this machine, not against one elsewhere that mounts the same folder.
 */
import { readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, linked } from '../base/disk.js';
import { OperatorError } from '../base/errors.js';
import { unusable } from './disk-mirror.js';

interface Owner {
  pid: number;
  /** When that process started, in the kernel's own count; a process id comes back, this does not. Empty where unknown. */
  started: string;
}

/** Begins with a dot, as no modem's folder does. */
const lockName = '.lock';
const attempts = 5;

/** Folders that this very process holds: its own id in a lock proves nothing. */
const held = new Set<string>();

export class FolderLock {
  private constructor(readonly folder: string) {}

  static async take(folder: string): Promise<FolderLock> {
    const path = await realpath(folder).catch(cause => {
      throw unusable(folder, cause);
    });
    if (held.has(path)) throw inUse(folder, process.pid);
    held.add(path);
    try {
      await acquire(path);
      return new FolderLock(path);
    } catch (cause) {
      held.delete(path);
      throw cause instanceof OperatorError ? cause : unusable(folder, cause);
    }
  }

  /** Safe to call twice. */
  async release(): Promise<void> {
    if (!held.delete(this.folder)) return;
    await rm(join(this.folder, lockName), { force: true });
  }
}

async function acquire(folder: string): Promise<void> {
  const lock = join(folder, lockName);
  const own = `${lock}.${process.pid}`;
  await writeFile(own, JSON.stringify({ pid: process.pid, started: await startOf(process.pid) } satisfies Owner), {
    mode: 0o600,
  });
  try {
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (await linked(own, lock)) return;
      const text = await readFile(lock, 'utf8').catch(ifMissing(undefined));
      if (text === undefined) continue;
      const owner = parseOwner(text);
      if (owner && (await isAlive(owner))) throw inUse(folder, owner.pid);
      await setAside(lock, text);
    }
    throw inUse(folder, undefined);
  } finally {
    await rm(own, { force: true });
  }
}

/** Takes a stale lock away, and puts it back if it turns out to be another's fresh one. */
async function setAside(lock: string, stale: string): Promise<void> {
  const aside = `${lock}.stale-${process.pid}`;
  const moved = await rename(lock, aside).then(() => true, ifMissing(false));
  if (!moved) return;
  if ((await readFile(aside, 'utf8')) !== stale) await linked(aside, lock);
  await rm(aside, { force: true });
}

async function isAlive({ pid, started }: Owner): Promise<boolean> {
  // After a restart in a container the former daemon had our own id; if this process held the folder, it would know.
  if (pid === process.pid || !isRunning(pid)) return false;
  const now = await startOf(pid);
  return started === '' || now === '' || now === started;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return codeOf(cause) === 'EPERM';
  }
}

/** Field 22 of /proc/PID/stat, after the name in parentheses, which may hold anything [proc(5)]. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function parseOwner(text: string): Owner | undefined {
  try {
    const { pid, started } = JSON.parse(text) as Partial<Owner>;
    return Number.isInteger(pid) && pid! > 0 ? { pid: pid!, started: String(started ?? '') } : undefined;
  } catch {
    return undefined;
  }
}

const ifMissing =
  <T>(value: T) =>
  (cause: unknown): T => {
    if (codeOf(cause) === 'ENOENT') return value;
    throw cause;
  };

function inUse(folder: string, pid: number | undefined): OperatorError {
  return new OperatorError('state', 'the state folder is in use', {
    place: { file: folder },
    found: pid === undefined ? 'another daemon that takes it at this moment' : `a running daemon, process ${pid}`,
    expected: 'a folder that no other daemon uses',
    hint: 'Stop that daemon, or give this one its own folder with --state.',
  });
}
