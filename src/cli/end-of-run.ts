/** How a command that runs until it is told to stop learns that it is. Whoever waits cleans up. */

const stopSignals = ['SIGINT', 'SIGTERM'] as const;

/** Milliseconds: 24 days. */
const longestInterval = 0x7fff_ffff;

/** Says whether SIGHUP was taken for something else than the end of the terminal, after which nobody would clean up. */
export type TakeHangUp = (fail: (error: Error) => void) => boolean;

export interface EndOfRun {
  /** Resolves with nothing when the run was told to stop, with what went wrong else. */
  reached: Promise<Error | undefined>;
  fail(error: Error): void;
  stop(): void;
  /** From here on a signal does what it does by itself: a second Ctrl-C ends a stop that hangs. */
  forget(): void;
}

export function endOfRun(takeHangUp: TakeHangUp = () => false): EndOfRun {
  let end: (failure: Error | undefined) => void = () => {};
  const reached = new Promise<Error | undefined>(resolve => {
    end = resolve;
  });
  const stop = () => {
    forget();
    end(undefined);
  };
  const fail = (error: Error) => end(error);
  const hangUp = () => {
    if (!takeHangUp(fail)) stop();
  };
  const forget = () => {
    for (const signal of stopSignals) process.off(signal, stop);
    process.off('SIGHUP', hangUp);
    process.off('uncaughtException', fail);
    clearInterval(alive);
  };
  // A modem whose device is unplugged holds nothing open, and yet waits for it.
  const alive = setInterval(() => {}, longestInterval);
  for (const signal of stopSignals) process.on(signal, stop);
  process.on('SIGHUP', hangUp);
  process.on('uncaughtException', fail);
  return { reached, fail, stop, forget };
}
