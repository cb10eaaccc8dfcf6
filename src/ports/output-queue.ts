/**
 * What was written to a port and not yet taken by the DTE's side, in order. It owns the hard bound and never holds more;
 * it does no I/O. Bytes are copied into blocks: a flood of six-byte answers costs its bytes, not an object each.
 */
import { maximumQueued } from './port.js';

const blockSize = 16 * 1024;

interface Block {
  bytes: Buffer;
  start: number;
  end: number;
}

/** `overflow` is the first refusal since the queue was last empty: the one worth a line in the log. */
export type PushResult = 'taken' | 'overflow' | 'still-overflowing';

export class OutputQueue {
  #blocks: Block[] = [];
  #first = 0;
  #size = 0;
  #overflowing = false;

  constructor(readonly maximum = maximumQueued) {}

  get size(): number {
    return this.#size;
  }

  /** Takes all of the bytes or, where they would pass the bound, none: half a line helps nobody. */
  push(bytes: Buffer): PushResult {
    if (this.#size + bytes.length > this.maximum) return this.#refuse();
    for (let taken = 0; taken < bytes.length; ) {
      const block = this.#blockWithRoom();
      const copied = bytes.copy(block.bytes, block.end, taken);
      block.end += copied;
      taken += copied;
    }
    this.#size += bytes.length;
    return 'taken';
  }

  /** The oldest bytes, at most one block; empty when nothing waits. */
  peek(): Buffer {
    const block = this.#blocks[this.#first];
    return block ? block.bytes.subarray(block.start, block.end) : Buffer.alloc(0);
  }

  /** The first `count` bytes of `peek()` are on their way. */
  take(count: number): void {
    const block = this.#blocks[this.#first];
    if (!block || count > block.end - block.start) throw new RangeError('more taken than peek() showed');
    block.start += count;
    this.#size -= count;
    if (this.#size === 0) this.clear();
    else if (block.start === block.end) this.#forgetFirst();
  }

  /** Forgets everything; says how many bytes that was. */
  clear(): number {
    const forgotten = this.#size;
    this.#blocks = [];
    this.#first = 0;
    this.#size = 0;
    this.#overflowing = false;
    return forgotten;
  }

  #refuse(): PushResult {
    const result = this.#overflowing ? 'still-overflowing' : 'overflow';
    this.#overflowing = true;
    return result;
  }

  #blockWithRoom(): Block {
    const last = this.#blocks.at(-1);
    if (last && last.end < blockSize) return last;
    const block = { bytes: Buffer.allocUnsafeSlow(blockSize), start: 0, end: 0 };
    this.#blocks.push(block);
    return block;
  }

  /** `shift()` on a long array moves it all, so used blocks are cut off now and then. */
  #forgetFirst(): void {
    this.#first++;
    if (this.#first < 64) return;
    this.#blocks = this.#blocks.slice(this.#first);
    this.#first = 0;
  }
}
