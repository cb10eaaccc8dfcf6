/**
 * Waiting that can be stopped. A dial holds sockets and lookups half made; whatever stops it (its caller, its deadline) must
 * release them at that moment, so every wait of src/net is one of these.
 */
import type { Clock } from '../base/clock.js';
import type { DialError } from './outcome.js';

/**
 * Waits for what `begin` starts. `begin` returns how to undo it; that runs, once, when the signal stops the wait or the wait
 * fails, and never after success.
 */
export function stoppable<T>(
  signal: AbortSignal,
  begin: (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    let settled = false;
    let undo: (() => void) | undefined;
    const settle = (run: () => void) => {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', stop);
      run();
    };
    const fail = (error: unknown) =>
      settle(() => {
        undo?.();
        reject(error);
      });
    const stop = () => fail(signal.reason);
    signal.addEventListener('abort', stop);
    undo = begin(value => settle(() => resolve(value)), fail);
  });
}

/** Runs `work` with a signal that also stops after `ms`, with that error as its reason. */
export async function within<T>(
  { signal, clock }: { signal: AbortSignal; clock: Clock },
  ms: number,
  late: DialError,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const inner = new AbortController();
  const stop = () => inner.abort(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  const timer = clock.after(ms, () => inner.abort(late));
  try {
    return await work(inner.signal);
  } finally {
    timer.cancel();
    signal.removeEventListener('abort', stop);
  }
}

export function pause(ms: number, { signal, clock }: { signal: AbortSignal; clock: Clock }): Promise<void> {
  return stoppable<void>(signal, resolve => {
    const timer = clock.after(ms, resolve);
    return () => timer.cancel();
  });
}

/** Waits until the signal stops it: what a black hole in the network does. */
export function forever(signal: AbortSignal): Promise<never> {
  return stoppable<never>(signal, () => () => {});
}
