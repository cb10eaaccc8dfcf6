/** A typed event: the few lines that node's EventEmitter would make untyped. Listeners run in order, synchronously. */
export type Unsubscribe = () => void;

/** A modem has dozens of signals that nobody listens to: they share it. */
const nobody: readonly never[] = [];

export class Signal<T> {
  #listeners: readonly ((value: T) => void)[] = nobody;

  /** Does anybody listen? What is costly to say is made only then. */
  get isHeard(): boolean {
    return this.#listeners.length > 0;
  }

  on(listener: (value: T) => void): Unsubscribe {
    this.#listeners = [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter(other => other !== listener);
    };
  }

  emit(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }
}
