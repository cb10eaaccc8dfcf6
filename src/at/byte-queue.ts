/**
 * Bytes that came and were not read yet, in order. Reading moves on before anything is done with a byte, so that
 * whatever happens then (a mode change, a reset, a throw) no byte is read twice.
 */
export class ByteQueue {
  #chunks: Buffer[] = [];
  /** Bytes of the first chunk that were read. */
  #offset = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    if (this.#chunks.length === mostChunks) this.#coalesce();
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** The next byte, which stays. The queue must not be empty; so for the two below. */
  peek(): number {
    return this.#chunks[0]![this.#offset]!;
  }

  next(): number {
    const byte = this.peek();
    this.skip(1);
    return byte;
  }

  /** The next bytes, as many as lie together: at least one. They stay. */
  rest(): Buffer {
    return this.#chunks[0]!.subarray(this.#offset);
  }

  /** Moves on by no more than `rest()` has. */
  skip(count: number): void {
    this.#offset += count;
    this.#length -= count;
    if (this.#offset < this.#chunks[0]!.length) return;
    this.#chunks.shift();
    this.#offset = 0;
  }

  /** Keeps the first `limit` bytes and says how many it dropped. */
  truncate(limit: number): number {
    const dropped = Math.max(0, this.#length - limit);
    while (this.#length > limit) this.#cutLast(this.#length - limit);
    return dropped;
  }

  clear(): void {
    this.#chunks = [];
    this.#offset = 0;
    this.#length = 0;
  }

  #cutLast(count: number): void {
    const last = this.#chunks.pop()!;
    const unread = this.#chunks.length === 0 ? last.length - this.#offset : last.length;
    if (unread > count) this.#chunks.push(last.subarray(0, last.length - count));
    else if (this.#chunks.length === 0) this.#offset = 0;
    this.#length -= Math.min(count, unread);
  }

  #coalesce(): void {
    this.#chunks[0] = this.rest();
    this.#offset = 0;
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
  }
}

/** Past it chunks are joined: a host that writes byte by byte shall not cost a Buffer object a byte. */
const mostChunks = 64;
