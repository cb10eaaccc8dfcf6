/**
 * Operations that wait for the broker's answer, by packet id. Each is answered once: by the broker, by its own time running
 * out, or by the loss of the link.
 */
import type { Clock, Timer } from '../base/clock.js';
import type { Progress, Result } from './outcomes.js';

/** CONNECT has no packet id; 0 is nobody else's [MQTT-2.3.1-1]. */
export const connectId = 0;

export interface Patience {
  /** After so many ms the operation is a `timeout`. Without it, it waits as long as the link lives. */
  within?: number;
  expired?: () => void;
  /** `inVain` is told in a later turn than the `timeout`, so that the caller hears that first. */
  retry?: { after: number; times: number; again: () => void; inVain?: () => void };
  progress?: Progress;
}

interface Waiting {
  answer: (result: Result) => void;
  progress: Progress | undefined;
  timers: { deadline?: Timer; retry?: Timer };
}

export class Pending {
  readonly #waiting = new Map<number, Waiting>();

  constructor(readonly clock: Clock) {}

  wait(id: number, { within, expired, retry, progress }: Patience): Promise<Result> {
    return new Promise(answer => {
      const waiting: Waiting = { answer, progress, timers: {} };
      this.#waiting.set(id, waiting);
      if (within !== undefined) {
        waiting.timers.deadline = this.clock.after(within, () => {
          this.settle(id, { outcome: 'timeout' });
          expired?.();
        });
      }
      if (retry) this.#retryLater(id, waiting, retry, 1);
    });
  }

  /** Whether anybody was waiting for it. */
  settle(id: number, result: Result): boolean {
    const waiting = this.#waiting.get(id);
    if (!waiting) return false;
    this.#waiting.delete(id);
    waiting.timers.deadline?.cancel();
    waiting.timers.retry?.cancel();
    waiting.answer(result);
    return true;
  }

  /** How many were waiting. */
  settleAll(result: Result): number {
    const ids = [...this.#waiting.keys()];
    for (const id of ids) this.settle(id, result);
    return ids.length;
  }

  tell(id: number, word: Parameters<Progress>[0], fields: Parameters<Progress>[1]): void {
    this.#waiting.get(id)?.progress?.(word, fields);
  }

  #retryLater(id: number, waiting: Waiting, retry: NonNullable<Patience['retry']>, count: number): void {
    waiting.timers.retry = this.clock.after(retry.after, () => {
      if (count > retry.times) {
        this.settle(id, { outcome: 'timeout' });
        if (retry.inVain) this.clock.soon(retry.inVain);
        return;
      }
      retry.again();
      waiting.progress?.('retried', { count });
      this.#retryLater(id, waiting, retry, count + 1);
    });
  }
}
