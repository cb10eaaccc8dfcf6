/** Signals that `exec` gets are for its command: how it ends then is its business, and its exit code. */

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const;

/** @returns what makes them act on this process again */
export function passSignalsOn(take: (signal: NodeJS.Signals) => void): () => void {
  for (const signal of passedOn) process.on(signal, take);
  return () => {
    for (const signal of passedOn) process.off(signal, take);
  };
}
