/** How a command that runs until it is told to stop learns that it is. Whoever waits cleans up. */

/** SIGHUP: the terminal is gone, and nobody else would remove the links. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface EndOfRun {
  /** Resolves with nothing when the run was told to stop, with what went wrong else. */
  reached: Promise<Error | undefined>;
  fail(error: Error): void;
  /** From here on a signal does what it does by itself: a second Ctrl-C ends a stop that hangs. */
  forget(): void;
}

export function endOfRun(): EndOfRun {
  let end: (failure: Error | undefined) => void = () => {};
  const reached = new Promise<Error | undefined>(resolve => {
    end = resolve;
  });
  const stop = () => {
    forget();
    end(undefined);
  };
  const fail = (error: Error) => end(error);
  const forget = () => {
    for (const signal of stopSignals) process.off(signal, stop);
    process.off('uncaughtException', fail);
  };
  for (const signal of stopSignals) process.on(signal, stop);
  process.on('uncaughtException', fail);
  return { reached, fail, forget };
}
