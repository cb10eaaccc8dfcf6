/**
 * A value around a modem that faults change for a while: the last that began holds. When none is left it is again as it was,
 * unless somebody else has changed it meanwhile.
 */
export class Overlay<Value> {
  #layers: readonly { value: Value }[] = [];
  #before: Value | undefined;

  constructor(
    readonly read: () => Value,
    readonly write: (value: Value) => void,
  ) {}

  /** @returns what takes it away again */
  put(value: Value): () => void {
    if (this.#layers.length === 0) this.#before = this.read();
    const layer = { value };
    this.#layers = [...this.#layers, layer];
    this.write(value);
    return () => this.#take(layer);
  }

  #take(layer: { value: Value }): void {
    const written = this.#layers.at(-1)?.value;
    this.#layers = this.#layers.filter(other => other !== layer);
    if (JSON.stringify(this.read()) !== JSON.stringify(written)) return;
    this.write(this.#layers.at(-1)?.value ?? this.#before!);
  }
}
