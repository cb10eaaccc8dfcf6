/** A result that comes later and carries on in the very turn it comes, unlike a promise: no byte may slip in between. */
import type { Result, Waiting } from '../grammar/exchange.js';

export class Later implements Waiting {
  #settled: Result | undefined;
  #then: ((result: Result) => unknown) | undefined;

  /** The first one counts. */
  resolve(result: Result): void {
    if (this.#settled) return;
    this.#settled = result;
    this.#then?.(result);
  }

  // biome-ignore lint/suspicious/noThenProperty: it is what an exchange waits for
  then<A, B>(onResult?: ((result: Result) => A | PromiseLike<A>) | null): PromiseLike<A | B> {
    if (this.#settled) onResult?.(this.#settled);
    else this.#then = onResult ?? undefined;
    return this as never;
  }
}
