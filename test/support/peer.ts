/** A link of the modem's as its peer sees it. What comes on it waits until an item of the dialogue takes it. */
import { type ByteString, fromBuffer, visible } from '../../src/base/bytes.js';
import type { Signal } from '../../src/base/signal.js';
import type { LinkEvent } from '../../src/transcripts/transcript.js';
import { eventually, turns } from './patience.js';
import { type End, reset } from './sockets.js';

export interface PeerLink {
  /** The peer's own. */
  readonly port: number | undefined;
  /** What came and was not taken, for a report; undefined where nothing is left. */
  readonly untaken: string | undefined;
  /** False: the link takes no bytes any more. */
  send(bytes: Buffer): Promise<boolean>;
  /** Waits until exactly these bytes have come next, and takes them. False, at once, when something else comes. */
  next(bytes: ByteString, patience: number): Promise<boolean>;
  /** Ends the link, without a word to the dialogue. */
  destroy(): void;
}

/** How the modem may end a link. */
export type Ending = Exclude<LinkEvent, 'opens'>;

/** As the item that expects it. */
export const eventOf = (event: LinkEvent): string => `p< ${event}`;

/** A link over TCP or TLS: a stream, however it was cut on the way. */
export class StreamLink implements PeerLink {
  #received: ByteString = '';
  /** As a report shows it; undefined while the modem holds its side open. */
  #ended: string | undefined;
  #isEndTaken = false;
  readonly port: number | undefined;

  /** @param happened told of everything that comes */
  constructor(
    private readonly end: End,
    private readonly happened: Signal<void>,
  ) {
    this.port = end.tcp.localPort;
    end.stream.on('data', (chunk: Buffer) => {
      this.#received += fromBuffer(chunk);
      happened.emit();
    });
    end.stream.on('end', () => {
      this.#ends(eventOf('closes'));
      end.stream.end(); // as servers do; one that stalls does not see the FIN, and does not answer it
    });
    end.stream.on('error', (error: NodeJS.ErrnoException) => this.#ends(endingFrom(error)));
  }

  get untaken(): string | undefined {
    const parts = [
      ...(this.#received === '' ? [] : [visible(this.#received)]),
      ...(this.#ended === undefined || this.#isEndTaken ? [] : [this.#ended]),
    ];
    return parts.length === 0 ? undefined : parts.join(', then ');
  }

  async send(bytes: Buffer): Promise<boolean> {
    if (!this.end.stream.writable) return false;
    this.end.stream.write(bytes);
    return true;
  }

  async next(bytes: ByteString, patience: number): Promise<boolean> {
    const isDecided = () =>
      this.#received.length >= bytes.length || !bytes.startsWith(this.#received) || this.#ended !== undefined;
    await eventually(isDecided, this.happened, patience);
    if (!this.#received.startsWith(bytes)) {
      await turns(10); // the rest of what is wrong helps whoever reads the report
      return false;
    }
    this.#received = this.#received.slice(bytes.length);
    return true;
  }

  /** Waits until the modem has ended the link so. False, at once, when something else comes. */
  async ends(ending: Ending, patience: number): Promise<boolean> {
    await eventually(() => this.untaken !== undefined, this.happened, patience);
    if (this.#received !== '' || this.#ended !== eventOf(ending) || this.#isEndTaken) return false;
    this.#isEndTaken = true;
    return true;
  }

  /** FIN, behind what is still to be sent. */
  closes(): void {
    this.end.stream.end();
  }

  resets(): void {
    reset(this.end);
  }

  /** Reads no more: when the buffers on the way are full, the modem's writing stalls. */
  stalls(): void {
    this.end.stream.pause();
  }

  reads(): void {
    this.end.stream.resume();
  }

  destroy(): void {
    this.end.stream.destroy();
    this.end.tcp.destroy();
  }

  /** Only the first end counts: a RST behind a FIN is the system's answer to what was still on the way to the modem. */
  #ends(how: string): void {
    this.#ended ??= how;
    this.happened.emit();
  }
}

function endingFrom({ code, message }: NodeJS.ErrnoException): string {
  return code === 'ECONNRESET' || code === 'EPIPE' ? eventOf('resets') : `the link breaks: ${message}`;
}
