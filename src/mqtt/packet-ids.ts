/** Packet identifiers [MQTT 2.3.1]: 16 bits, never 0, never one that is in use. */
export const maximumPacketId = 0xffff;

export class PacketIds {
  #last = 0;

  /** The next free one after the last given, or undefined when all are in use. */
  take(inUse: (id: number) => boolean): number | undefined {
    for (let tried = 0; tried < maximumPacketId; tried++) {
      this.#last = this.#last === maximumPacketId ? 1 : this.#last + 1;
      if (!inUse(this.#last)) return this.#last;
    }
    return undefined;
  }

  /** A new session counts from 1 again. */
  restart(): void {
    this.#last = 0;
  }
}
