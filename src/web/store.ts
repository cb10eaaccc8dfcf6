/** A value that changes, and who wants to know. All state that components share is in one of these. */

export class Store<S> {
  #state: S;
  #listeners = new Set<() => void>();

  constructor(state: S) {
    this.#state = state;
  }

  get state(): S {
    return this.#state;
  }

  /** @param change gives the same value where nothing is to change: nobody is told then */
  update(change: (state: S) => S): void {
    const next = change(this.#state);
    if (Object.is(next, this.#state)) return;
    this.#state = next;
    for (const listener of [...this.#listeners]) listener();
  }

  /** @returns what stops it */
  on(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
