/** The command line as who installs it meets it: a process, its two streams and its exit code. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { Signal } from '../../src/base/signal.js';
import { eventually } from './patience.js';
import { inRepository } from './repository.js';

const executable = inRepository('bin/atmodem.js');
/** A start on a busy machine; met only by what hangs. */
const startPatience = 20_000;

export interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export class AtmodemProcess {
  stdout = '';
  stderr = '';
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #said = new Signal<void>();
  readonly #ended: Promise<void>;

  /** @param environment on top of this process's own; undefined removes */
  constructor(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const env = { ...process.env, ...environment };
    this.#child = spawn(process.execPath, [executable, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => this.#hear('stdout', text));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => this.#hear('stderr', text));
    this.#child.stdin.on('error', () => {});
    this.#ended = once(this.#child, 'close').then(() => this.#said.emit());
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Resolves once the text is there; fails with all that was said instead. */
  async says(text: string | RegExp, stream: 'stdout' | 'stderr' = 'stdout'): Promise<void> {
    const found = () => (typeof text === 'string' ? this[stream].includes(text) : text.test(this[stream]));
    if (await eventually(found, this.#said, startPatience)) return;
    throw new Error(`${stream} never said ${String(text)}:\n${this.stdout}\n${this.stderr}`);
  }

  type(text: string): void {
    this.#child.stdin.end(text);
  }

  closeStdout(): void {
    this.#child.stdout.destroy();
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async ended(): Promise<Ended> {
    await this.#ended;
    return { exitCode: this.#child.exitCode, stdout: this.stdout, stderr: this.stderr };
  }

  #hear(stream: 'stdout' | 'stderr', text: string): void {
    this[stream] += text;
    this.#said.emit();
  }
}

/** Runs it to its end. */
export function atmodem(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Ended> {
  return new AtmodemProcess(args, environment).ended();
}
