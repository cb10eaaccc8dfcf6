/**
 * A connection to the broker that lets no packet through which announces more than the limit: the broker's parser has
 * no limit of its own and would gather the bytes first. Counts packet lengths and nothing else.
 * [MQTT-2.2.3 remaining length, at most four bytes]
 */
import { Duplex } from 'node:stream';
import type { ClientLink, ClientTransport } from './client-link.js';

/** Follows packet borders through a stream of chunks. Pure state: no I/O. */
export class PacketLengths {
  #state: 'header' | 'length' | 'body' = 'header';
  #length = 0;
  #lengthBytes = 0;
  #missing = 0;

  constructor(readonly limit: number) {}

  /** Undefined while all is well; else what the packet announced. A stream that failed once is not looked at again. */
  take(chunk: Uint8Array): { announced: number } | undefined {
    let at = 0;
    while (at < chunk.length) {
      switch (this.#state) {
        case 'header':
          at += 1;
          this.#state = 'length';
          this.#length = 0;
          this.#lengthBytes = 0;
          break;
        case 'length': {
          const tooLong = this.#takeLengthByte(chunk[at++]!);
          if (tooLong) return tooLong;
          break;
        }
        case 'body': {
          const taken = Math.min(this.#missing, chunk.length - at);
          at += taken;
          this.#missing -= taken;
          if (this.#missing === 0) this.#state = 'header';
          break;
        }
        default:
          this.#state satisfies never;
      }
    }
    return undefined;
  }

  #takeLengthByte(byte: number): { announced: number } | undefined {
    this.#length += (byte & 0x7f) * 128 ** this.#lengthBytes;
    this.#lengthBytes += 1;
    if (byte >= 0x80 && this.#lengthBytes < 4) return undefined;
    if (byte >= 0x80) return { announced: Number.POSITIVE_INFINITY };
    if (this.#length > this.limit) return { announced: this.#length };
    this.#missing = this.#length;
    this.#state = this.#length === 0 ? 'header' : 'body';
    return undefined;
  }
}

export class PacketGate extends Duplex implements ClientLink {
  readonly #carrier: Duplex;
  readonly #lengths: PacketLengths;

  /** @param carrier TCP, or what TLS and WebSocket make of it */
  constructor(
    carrier: Duplex,
    readonly transport: ClientTransport,
    limit: number,
    readonly refuse: (announced: number) => void,
  ) {
    super({ allowHalfOpen: false });
    this.#carrier = carrier;
    this.#lengths = new PacketLengths(limit);
    carrier.on('data', chunk => this.#arrived(chunk));
    carrier.on('end', () => this.push(null));
    carrier.on('error', error => this.destroy(error));
    // A peer that ended in order may have left packets that the broker has still to read.
    carrier.on('close', () => carrier.readableEnded || this.destroy());
  }

  #arrived(chunk: Buffer): void {
    const tooLong = this.#lengths.take(chunk);
    if (tooLong) {
      this.refuse(tooLong.announced);
      this.destroy();
    } else if (!this.push(chunk)) this.#carrier.pause();
  }

  override _read(): void {
    this.#carrier.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#carrier.write(chunk, done);
  }

  /** A packet comes as several small buffers; together they are one segment. */
  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#carrier.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: () => void): void {
    if (this.#carrier.destroyed) done();
    else this.#carrier.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#carrier.destroy();
    done(error);
  }
}
