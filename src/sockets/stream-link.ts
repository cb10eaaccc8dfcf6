/** A TCP or TLS link over a stream that is connected already. */
import type { Clock } from '../base/clock.js';
import type { Stream } from '../net/shaped-link.js';
import type { Link, LinkEvents, LossCause } from './link.js';

/** Milliseconds that a peer may take to read what is left when this side closes. */
const linger = 1000;

export interface StreamParts {
  kind: 'tcp' | 'tls';
  stream: Stream;
  address: string;
  port: number;
  /** Ends it with RST. */
  reset: () => void;
  clock: Clock;
}

export class StreamLink implements Link {
  readonly kind: 'tcp' | 'tls';
  readonly address: string;
  readonly port: number;
  readonly local: number;
  readonly #stream: Stream;
  readonly #reset: () => void;
  readonly #clock: Clock;
  readonly #events: LinkEvents;
  #failure: NodeJS.ErrnoException | undefined;
  /** `ending`: this side closed it. `cut`: this side reset it, and what was under way is lost. */
  #state: 'open' | 'ending' | 'over' | 'cut' = 'open';

  constructor({ kind, stream, address, port, reset, clock }: StreamParts, events: LinkEvents) {
    this.kind = kind;
    this.address = address;
    this.port = port;
    this.local = stream.localPort ?? 0;
    this.#stream = stream;
    this.#reset = reset;
    this.#clock = clock;
    this.#events = events;
    stream.on('error', error => {
      this.#failure = error;
    });
    stream.on('end', () => this.#ended());
    stream.on('close', () => this.#ended());
    stream.on('drain', () => this.#state === 'open' && events.drained());
    stream.on('data', (bytes: Buffer) => {
      if (this.#state === 'open') events.arrived({ bytes, address, port });
    });
    // A link may die between the dial's end and its first owner.
    if (stream.destroyed) process.nextTick(() => this.#ended());
  }

  get queued(): number {
    return this.#stream.writableLength;
  }

  send(bytes: Buffer): Promise<'sent' | 'lost'> {
    if (this.#state !== 'open' || this.#stream.destroyed) return Promise.resolve('lost');
    return new Promise(resolve => {
      this.#stream.write(bytes, error => {
        if (error) return resolve('lost');
        // A reset that is here already counts: the peer has not taken these bytes.
        this.#clock.soon(() => resolve(this.#failure || this.#state === 'cut' ? 'lost' : 'sent'));
      });
    });
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  close(): Promise<void> {
    if (this.#state !== 'open') return Promise.resolve();
    this.#state = 'ending';
    // What still comes is thrown away: unread bytes would turn the close into a reset, which may overtake what was sent.
    this.#stream.resume();
    return this.#finish();
  }

  reset(): void {
    this.#state = 'cut';
    this.#reset();
  }

  /** The peer's FIN ends both ways: modules keep no link half open. */
  #ended(): void {
    if (this.#state === 'over' || this.#state === 'cut') return;
    const wasOpen = this.#state === 'open';
    this.#state = 'over';
    void this.#finish();
    if (wasOpen) this.#events.lost(causeOf(this.#failure));
  }

  /** Done when all that was sent, and the FIN, is with the system; a peer that takes nothing is not waited for. */
  #finish(): Promise<void> {
    const stream = this.#stream;
    return new Promise(resolve => {
      if (stream.destroyed) return resolve();
      const timer = this.#clock.after(linger, () => this.reset());
      stream.once('close', () => {
        timer.cancel();
        resolve();
      });
      stream.once('finish', resolve);
      stream.destroySoon();
    });
  }
}

function causeOf(failure: NodeJS.ErrnoException | undefined): LossCause {
  if (failure === undefined) return 'peer-closed';
  return failure.code === 'ECONNRESET' || failure.code === 'EPIPE' ? 'reset' : 'network';
}
