/**
 * The command that `exec` runs: without a shell, in a process group of its own, with this process's own streams. Whoever
 * it starts is ended with it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from './exit-code.js';

/** How often it is looked whether somebody of the group is left, and how long after SIGKILL, in ms. */
const lookEvery = 20;
const longestDeath = 2000;

export type Started =
  | { command: CommandProcess }
  | { failure: Extract<Outcome, { kind: 'not-found' | 'not-executable' }> };

export class CommandProcess {
  /** Resolves when the command itself has ended; what it started may live on. */
  readonly ended: Promise<Outcome>;
  readonly #pid: number;
  #isReaped = false;

  private constructor(child: ChildProcess) {
    this.#pid = child.pid!;
    this.ended = new Promise(resolve => {
      child.once('exit', (code, signal) => {
        this.#isReaped = true;
        resolve(signal === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'killed', signal });
      });
    });
  }

  /** Rejects where the reason is neither the name nor the rights of the command. */
  static start([file = '', ...args]: readonly string[], environment: NodeJS.ProcessEnv): Promise<Started> {
    return new Promise((resolve, reject) => {
      const child = spawn(file, args, { detached: true, stdio: 'inherit', env: environment });
      // At once: a command may end in the turn in which it began.
      const command = child.pid === undefined ? undefined : new CommandProcess(child);
      child.once('spawn', () => resolve({ command: command! }));
      child.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') resolve({ failure: { kind: 'not-found' } });
        else if (error.code === 'EACCES') resolve({ failure: { kind: 'not-executable' } });
        else reject(error);
      });
    });
  }

  /** To the whole group; nothing where nobody is left. */
  signal(name: NodeJS.Signals): void {
    this.#kill(name);
  }

  /** Ends everybody of the group: by SIGTERM, and by SIGKILL who is still there so many ms later. */
  async end(grace: number): Promise<void> {
    if (!this.#kill('SIGTERM')) return;
    if (await this.#isGone(grace)) return;
    this.#kill('SIGKILL');
    await this.#isGone(longestDeath);
  }

  async #isGone(ms: number): Promise<boolean> {
    for (let waited = 0; waited < ms; waited += lookEvery) {
      if (this.#isReaped && !this.#kill(0)) return true;
      await sleep(lookEvery);
    }
    return false;
  }

  /** @returns whether anybody heard it */
  #kill(signal: NodeJS.Signals | 0): boolean {
    try {
      process.kill(-this.#pid, signal);
      return true;
    } catch (error) {
      // Somebody of the group has become another user: it cannot be ended, and is there.
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  }
}
