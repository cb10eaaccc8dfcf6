/**
 * A link whose bytes may be held up on the way, and that a fault may end as its peer would: around a socket, or what TLS and
 * WebSocket made of one. While nothing is held up, what its owner sees is what the link within does, in the same turn.
 */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Clock } from '../base/clock.js';
import { DelayLine } from '../base/delay-line.js';

export type Direction = 'in' | 'out';

/** What happens to so many bytes: milliseconds that they need on top, or `lost`, which only a datagram can be. */
export type Fate = (direction: Direction, bytes: number) => number | 'lost';

/** A TCP link as its owner uses it. */
export type Stream = Duplex & Pick<Socket, 'localPort' | 'destroySoon' | 'setKeepAlive'>;

/** Bytes under way each way. Past it the one side is not read, and the other waits with its next write. */
const mostUnderWay = 256 * 1024;

export class ShapedLink extends Duplex {
  readonly #link: Duplex & Partial<Pick<Stream, 'localPort' | 'setKeepAlive'>>;
  readonly #fate: (direction: Direction, bytes: number) => number;
  readonly #in: DelayLine;
  readonly #out: DelayLine;
  #incoming = 0;
  #outgoing = 0;
  /** The owner waits with its next write until there is room. */
  #room: (() => void) | undefined;
  #peer: 'there' | 'gone' = 'there';

  constructor(link: Duplex, fate: Fate, clock: Clock) {
    super({ allowHalfOpen: false });
    this.#link = link;
    // What is lost of a stream is sent again: whoever decides says how long that takes.
    this.#fate = (direction, bytes) => Number(fate(direction, bytes)) || 0;
    this.#in = new DelayLine(clock);
    this.#out = new DelayLine(clock);
    // Its FIN may be here long before the owner hears of it: what the owner has sent still leaves.
    link.allowHalfOpen = true;
    let failure: Error | undefined;
    link.on('error', error => {
      failure = error;
    });
    link.on('data', (chunk: Buffer) => this.#arrived(chunk));
    link.on('end', () => this.#in.put(0, () => this.#ended()));
    // After its FIN the owner may still have to read; it closes when it has.
    link.on('close', () => this.#in.put(0, () => (failure || this.#peer === 'there') && this.destroy(failure)));
    if (link.destroyed) process.nextTick(() => this.destroy(failure));
  }

  get localPort(): number | undefined {
    return this.#link.localPort;
  }

  setKeepAlive(enable?: boolean, after?: number): this {
    this.#link.setKeepAlive?.(enable, after);
    return this;
  }

  /** What was written still leaves. */
  destroySoon(): void {
    if (this.writableFinished) return void this.destroy();
    this.once('finish', () => this.destroy());
    this.end();
  }

  /** FIN, as if from the peer, behind what is under way. */
  endByPeer(): void {
    this.#in.put(0, () => this.#ended());
  }

  /** RST, as if from the peer: what is under way is lost. */
  resetByPeer(): void {
    this.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
  }

  override _read(): void {
    this.#readOn();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    const ms = this.#fate('out', chunk.length);
    if (ms === 0 && this.#out.isEmpty) return this.#send(chunk, done);
    this.#outgoing += chunk.length;
    this.#out.put(ms, () => this.#sendOn(chunk));
    if (this.#outgoing < mostUnderWay) done();
    else this.#room = done;
  }

  /** What was written while the last was not with the system yet goes as one. */
  override _writev(chunks: readonly { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'binary', done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#out.put(0, () => {
      if (this.#link.destroyed) done();
      else this.#link.end(done);
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#peer = 'gone';
    this.#in.clear();
    this.#out.clear();
    this.#link.destroy();
    done(error);
  }

  #arrived(chunk: Buffer): void {
    this.#incoming += chunk.length;
    this.#in.put(this.#fate('in', chunk.length), () => {
      this.#incoming -= chunk.length;
      if (this.#peer === 'there' && !this.push(chunk)) this.#link.pause();
      else this.#readOn();
    });
    if (this.#incoming >= mostUnderWay) this.#link.pause();
  }

  #readOn(): void {
    if (this.#link.isPaused() && this.#incoming < mostUnderWay) this.#link.resume();
  }

  /** To a peer that has gone, it vanishes: the owner is about to hear of that. */
  #send(chunk: Buffer, done: (error?: Error | null) => void = () => {}): void {
    if (this.#link.writable) this.#link.write(chunk, done);
    else done();
  }

  #sendOn(chunk: Buffer): void {
    this.#outgoing -= chunk.length;
    this.#send(chunk);
    const room = this.#room;
    this.#room = undefined;
    room?.();
  }

  #ended(): void {
    if (this.#peer === 'gone') return;
    this.#peer = 'gone';
    this.push(null);
    this.#link.resume(); // its close is still to come
  }
}
