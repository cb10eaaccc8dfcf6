/**
 * Waiting in tests that drive real sockets: for an event with a limit, or for the event loop to come round. The limits
 * are real time, whatever a ManualClock beside them says, and are met only by tests that fail.
 */
import { systemClock } from '../../src/base/clock.js';
import type { Signal } from '../../src/base/signal.js';

/** How long a peer may take; met only by what hangs. */
export const patience = 3000;

/** Fails with `what` if the promise is not settled in time. */
export async function within<T>(milliseconds: number, what: () => string, promise: Promise<T>): Promise<T> {
  let timer: { cancel(): void } | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = systemClock.after(milliseconds, () => reject(new Error(what())));
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    timer?.cancel();
  }
}

/** Resolves true once `holds`, asked now and after every event; false if it does not in time. */
export function eventually(holds: () => boolean, event: Signal<void>, milliseconds = patience): Promise<boolean> {
  if (holds()) return Promise.resolve(true);
  return new Promise(resolve => {
    const settle = (held: boolean) => {
      stop();
      timer.cancel();
      resolve(held);
    };
    const stop = event.on(() => holds() && settle(true));
    const timer = systemClock.after(milliseconds, () => settle(holds()));
  });
}

/** Lets the event loop come round, with what is ready on sockets, a few times. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>(resolve => systemClock.soon(resolve));
}
