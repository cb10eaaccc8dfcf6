/**
 * Which name a modem of this process dialled when it came by a route. Not every module sends it in SNI, and an address never
 * stands there; the modem's dialler tells it here before the handshake, by the port that its connection comes from. A port
 * has one name at most, so nothing grows.
 */
export class DialledNames {
  readonly #byPort = new Map<number, { name: string }>();

  /** @returns what forgets it: for the end of that connection */
  add(port: number, name: string): () => void {
    const entry = { name };
    this.#byPort.set(port, entry);
    return () => {
      if (this.#byPort.get(port) === entry) this.#byPort.delete(port);
    };
  }

  /** Once: the connection that comes from this port is there. */
  take(port: number | undefined): string | undefined {
    if (port === undefined) return undefined;
    const name = this.#byPort.get(port)?.name;
    this.#byPort.delete(port);
    return name;
  }

  get size(): number {
    return this.#byPort.size;
  }
}
