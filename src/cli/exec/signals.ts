/** Signals that `exec` gets are for its command: how it ends then is its business, and its exit code. */

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const;

/** Takes them from the moment it is made: a command may be told to end while it is still being started. */
export class PassedSignals {
  readonly #waiting: NodeJS.Signals[] = [];
  #pass = (signal: NodeJS.Signals): void => void this.#waiting.push(signal);
  readonly #take = (signal: NodeJS.Signals): void => this.#pass(signal);

  constructor() {
    for (const signal of passedOn) process.on(signal, this.#take);
  }

  /** Those that came meanwhile first. */
  to(pass: (signal: NodeJS.Signals) => void): void {
    this.#pass = pass;
    this.#waiting.splice(0).forEach(pass);
  }

  /** From here on they act on this process again. */
  stop(): void {
    for (const signal of passedOn) process.off(signal, this.#take);
  }
}
