/**
 * A process of a benchmark: the daemon, the floor it is compared with, the host. Calls go over node's IPC channel; what a
 * role can be asked is the type of its API. It owns the child, and the CPU it is pinned to.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { systemClock } from '../../src/base/clock.js';

// biome-ignore lint/suspicious/noExplicitAny: the arguments of each call are the API's own
export type Api = Record<string, (argument: any) => unknown>;

/** Names the file of `roles/`, and carries the type of what it can be asked. */
export interface Role<A extends Api> {
  readonly file: string;
  /** Never there: it only gives `A` a place. */
  readonly api?: A;
}

export interface RemoteOptions {
  /** `shared`: the one that host, modem and floor share; `other`: any but that. Else where the system puts it. */
  cpu?: 'shared' | 'other';
  /** Folder for a CPU profile, written when the process ends. */
  profile?: string;
}

export interface Remote<A extends Api> {
  readonly pid: number;
  /** Rejects with what was thrown there, or when there is no answer in two minutes. */
  call<K extends keyof A & string>(name: K, ...argument: Parameters<A[K]>): Promise<Awaited<ReturnType<A[K]>>>;
  stop(): Promise<void>;
}

interface Request {
  id: number;
  name: string;
  argument: unknown;
}

type Response = { id: number; value: unknown } | { id: number; error: string };

const patience = 120_000;
/** Of a list for taskset. Where there is one CPU, all have it. */
const lastCpu = cpus().length - 1;
const cpuLists = { shared: String(lastCpu), other: `0-${Math.max(0, lastCpu - 1)}` };

/** In the child: answers calls until the parent lets go. */
export function serve(api: Api): void {
  process.on('message', async ({ id, name, argument }: Request) => {
    const answer = (response: Response) => process.send?.(response);
    try {
      answer({ id, value: await api[name]!(argument) });
    } catch (error) {
      answer({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.on('disconnect', () => process.exit());
}

/** @param folder where the roles were bundled */
export async function startRemote<A extends Api>(
  { file }: Role<A>,
  { cpu, profile }: RemoteOptions,
  folder: string,
): Promise<Remote<A>> {
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const node = [process.execPath, ...profiling, `${folder}/${file}.js`];
  const [command, ...args] = cpu === undefined ? node : ['taskset', '-c', cpuLists[cpu], ...node];
  const child = spawn(command!, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await once(child, 'spawn');
  return new ChildRemote<A>(child);
}

class ChildRemote<A extends Api> implements Remote<A> {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (response: Response) => void>();
  #calls = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (response: Response) => {
      this.#waiting.get(response.id)?.(response);
      this.#waiting.delete(response.id);
    });
    child.on('exit', code => this.#failAll(`the process ended with ${code}`));
  }

  get pid(): number {
    return this.#child.pid!;
  }

  call<K extends keyof A & string>(name: K, ...[argument]: Parameters<A[K]>): Promise<Awaited<ReturnType<A[K]>>> {
    const id = ++this.#calls;
    return new Promise((resolve, reject) => {
      const timer = systemClock.after(patience, () => this.#failAll(`no answer to ${name}`));
      this.#waiting.set(id, response => {
        timer.cancel();
        if ('error' in response) reject(new Error(response.error));
        else resolve(response.value as Awaited<ReturnType<A[K]>>);
      });
      this.#child.send({ id, name, argument } satisfies Request);
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    if (this.#child.connected) this.#child.disconnect();
    const timer = systemClock.after(5_000, () => this.#child.kill('SIGKILL'));
    await gone;
    timer.cancel();
  }

  #failAll(error: string): void {
    for (const [id, settle] of this.#waiting) settle({ id, error });
    this.#waiting.clear();
  }
}
