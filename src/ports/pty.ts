/**
 * A modem on a pseudo-terminal: what a host opens is a tty like any other. It owns the order and the bound of output, and
 * the link. It never blocks the event loop, and a DTE never gets what was written for another.
 *
 * Two things are read: the master (bytes and notices, tty(4) packet mode) and inotify (the device was opened or closed).
 * Writing goes past the stream: libuv makes a master's writes blocking, and a DTE that does not read would stop it all.
 */
import { ReadStream } from 'node:tty';
import type { Clock, Timer } from '../base/clock.js';
import { OperatorError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { Arrival } from './arrival.js';
import { type Attempt, BlockedWriters } from './blocked-writers.js';
import { HostPresence } from './host-presence.js';
import { type DeviceWatch, watchDevice } from './inotify.js';
import { linkPath, makeLink, removeLink } from './link.js';
import { OutputQueue } from './output-queue.js';
import type { Port, PortEvents } from './port.js';
import { loadPtyLibrary, type PtyLibrary } from './pty-library.js';
import { notice, PtyPair } from './pty-pair.js';

export interface PtyPortOptions {
  spec: string;
  /** A plain name or an absolute path; without one the device's own path is all there is. */
  link?: string;
  /** Rights of the device; 0600 unless set. */
  mode?: number;
  clock: Clock;
  log: Log;
  /** How long, in ms, a host that came is left alone to set the device up; 0 tells of it at once. */
  setUpPause?: number;
  /** The C library unless set: a test's way to a system that refuses. */
  loadLibrary?: () => Promise<PtyLibrary>;
}

/** `stty` reads back what it set and complains about a bit more, so EXTPROC waits this long, or until a byte moves. */
const restoreAfter = 50;

/** How long a driver takes to set up what it has opened, in ms. */
const setUp = { pause: 30, longest: 250 };

export class PtyPort implements Port {
  readonly spec: string;
  readonly #options: PtyPortOptions;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #loadLibrary: () => Promise<PtyLibrary>;
  readonly #queue = new OutputQueue();
  readonly #writers: BlockedWriters;
  #state: 'new' | 'open' | 'closed' = 'new';
  #events: PortEvents | undefined;
  #pair: PtyPair | undefined;
  #stream: ReadStream | undefined;
  #watch: DeviceWatch | undefined;
  #link: string | undefined;
  #presence: HostPresence | undefined;
  #speed: number | undefined;
  /** Bytes wait, and the last attempt to write them found no room at all. */
  #stalled = false;
  /** Runs while notices are off. */
  #restore: Timer | undefined;
  readonly #arrival: Arrival;
  #delivered = 0;
  #dropped = 0;

  constructor(options: PtyPortOptions) {
    this.spec = options.spec;
    this.#options = options;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#loadLibrary = options.loadLibrary ?? loadPtyLibrary;
    this.#writers = BlockedWriters.on(options.clock);
    const patience = { ...setUp, pause: options.setUpPause ?? setUp.pause };
    this.#arrival = new Arrival(options.clock, patience, () => this.#announce());
  }

  get path(): string {
    return this.#link ?? this.#pair?.device ?? '';
  }

  get isAttached(): boolean {
    return this.#presence?.state === 'present' || this.#presence?.state === 'leaving';
  }

  get queued(): number {
    return this.#queue.size;
  }

  get delivered(): number {
    return this.#delivered;
  }

  get dropped(): number {
    return this.#dropped;
  }

  async open(events: PortEvents): Promise<void> {
    if (this.#state !== 'new') throw new Error(`${this.spec} was opened before`);
    this.#events = events;
    this.#state = 'open';
    try {
      this.#start(await this.#loadLibrary());
    } catch (error) {
      await this.close();
      throw error instanceof OperatorError ? error : ptyFailure(error as NodeJS.ErrnoException);
    }
  }

  write(bytes: Buffer): void {
    if (bytes.length === 0) return;
    // Without EXTPROC a tty that echoes would send our own bytes back.
    if (this.#restore) this.#restoreNotices();
    if (this.#presence?.state !== 'present') this.#dropped += bytes.length;
    else if (this.#queue.size > 0) this.#enqueue(bytes);
    else this.#writeNow(bytes);
  }

  discard(): void {
    this.#queue.clear();
    this.#stalled = false;
    this.#writers.delete(this.#flush);
  }

  /** The kernel holds what it has room for; then the host's write waits. */
  hold(isHeld: boolean): void {
    if (isHeld) this.#stream?.pause();
    else this.#stream?.resume();
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.discard();
    this.#presence?.end();
    this.#restore?.cancel();
    this.#arrival.cancel();
    this.#unpublish();
    this.#watch?.close();
    this.#pair?.release();
    await closed(this.#stream);
  }

  /** The link comes last: a host that finds it finds a modem that listens. */
  #start(library: PtyLibrary): void {
    if (this.#state === 'closed') return;
    const pair = PtyPair.create(library, this.#options.mode ?? 0o600);
    this.#pair = pair;
    this.#stream = this.#startReading(pair.master);
    const watch = watchDevice(library, pair.device, this.#clock, () => this.#presence?.settle());
    this.#watch = watch;
    const source = { take: () => watch.take(), look: (reopening: () => void) => pair.look(reopening) };
    this.#presence = new HostPresence(source, this.#clock, {
      arrived: () => this.#attached(),
      unread: packets => packets.forEach(packet => void this.#received(packet)),
      left: () => this.#detached(),
    });
    this.#publish(pair.device);
  }

  #publish(device: string): void {
    if (this.#options.link === undefined) return;
    const path = linkPath(this.#options.link);
    makeLink(path, device);
    this.#link = path;
  }

  #unpublish(): void {
    if (this.#link && this.#pair) removeLink(this.#link, this.#pair.device);
  }

  // Reading.

  #startReading(master: number): ReadStream {
    const stream = new ReadStream(master);
    stream.on('data', (packet: Buffer) => this.#presence?.settle(() => this.#received(packet)));
    stream.on('error', error => this.#ended(stream, error));
    stream.on('close', () => this.#ended(stream, new Error(`${this.path} was closed by the system`)));
    return stream;
  }

  #ended(stream: ReadStream, reason: Error): void {
    if (this.#state === 'closed' || this.#stream !== stream) return;
    if (this.#pair?.isHeld === false) this.#replace().catch((error: Error) => this.#lost(error));
    else this.#lost(reason);
  }

  /**
   * The host that locked us out is gone, its lock is not: nobody could ever open this device again. A new one takes its
   * place, under the same link or, as the kernel gives the lowest number that is free, most likely the same name.
   */
  async #replace(): Promise<void> {
    const path = this.path;
    const stream = this.#stream;
    this.#stream = undefined;
    if (this.isAttached) this.#detached();
    this.#presence?.end();
    this.#watch?.close();
    // A host that tries the old link again and again must not find the new device before it is held.
    this.#unpublish();
    await closed(stream);
    this.#start(await this.#loadLibrary());
    if (this.#state !== 'open') return;
    this.#log.warn({ port: path }, 'a host left with the device locked (TIOCEXCL): replaced it');
    if (this.path !== path) throw new Error(`${path} was left locked by a host and is ${this.path} now`);
  }

  #lost(reason: Error): void {
    if (this.#state === 'closed') return;
    const events = this.#events;
    void this.close();
    events?.lost(reason);
  }

  #received(packet: Buffer): void {
    const [flags = 0] = packet;
    if (flags !== notice.data) {
      this.#noticed(flags);
      return;
    }
    if (this.#state === 'closed') return;
    this.#presence?.prove();
    this.#arrival.settle();
    if (this.#restore) {
      this.#restoreNotices();
      this.#reportSpeed();
    }
    this.#events?.bytes(packet.subarray(1));
  }

  #noticed(flags: number): void {
    if (this.#state === 'closed') return;
    if (flags & notice.flushedInput) this.#forgetUnread();
    if (flags & notice.termios) this.#termiosChanged();
    this.#arrival.stir();
    // Hosts lock when they open and set up, so this is when to look for it.
    this.#pair?.liftExclusive();
  }

  /**
   * The host threw away what it had not read. What has waited for it is older still, but only if it did wait: bytes that
   * were written just now may have been meant to come after.
   */
  #forgetUnread(): void {
    if (!this.#stalled) return;
    this.discard();
    this.#pair?.flushUnread();
    this.#events?.drained();
  }

  #termiosChanged(): void {
    this.#reportSpeed();
    if (this.#state === 'closed' || this.#pair?.hasNotices()) return;
    this.#restore ??= this.#clock.after(restoreAfter, () => this.#restoreNotices());
  }

  /** Causes a notice, which tells of all that changed unnoticed. */
  #restoreNotices(): void {
    this.#restore?.cancel();
    this.#restore = undefined;
    this.#pair?.restoreNotices();
  }

  #reportSpeed(): void {
    const speed = this.#pair?.lineSpeed();
    if (!speed || speed === this.#speed) return;
    this.#speed = speed;
    this.#events?.lineSpeed?.(speed);
  }

  // Presence.

  #attached(): void {
    this.#pair?.liftExclusive();
    this.#arrival.begin();
  }

  #announce(): void {
    this.#log.debug({ port: this.path }, 'DTE attached');
    this.#events?.attached();
  }

  #detached(): void {
    if (this.#arrival.cancel()) {
      // It came and went without a word: nobody was told of it, so nobody is told that it left.
      this.discard();
      this.#pair?.flushUnread();
      return;
    }
    this.#dropped += this.#queue.size;
    this.discard();
    const flags = this.#pair?.flushUnread() ?? 0;
    this.#log.debug({ port: this.path }, 'DTE detached');
    this.#events?.detached();
    this.#noticed(flags);
  }

  // Writing.

  #writeNow(bytes: Buffer): void {
    const count = this.#pair?.write(bytes) ?? 'hung-up';
    if (count === bytes.length) this.#delivered += count;
    else if (count === 'hung-up') this.#dropped += bytes.length;
    else if (count === 'would-block') this.#enqueue(bytes);
    else {
      this.#delivered += count;
      this.#enqueue(bytes.subarray(count));
    }
  }

  #enqueue(bytes: Buffer): void {
    const wasEmpty = this.#queue.size === 0;
    switch (this.#queue.push(bytes)) {
      case 'taken':
        if (wasEmpty) this.#writers.add(this.#flush);
        return;
      case 'overflow':
        this.#log.warn({ port: this.path, queued: this.queued }, 'the DTE does not read: dropping output');
        break;
      case 'still-overflowing':
    }
    this.#dropped += bytes.length;
  }

  readonly #flush = (): Attempt => {
    this.#stalled = true;
    while (this.#queue.size > 0) {
      const count = this.#pair?.write(this.#queue.peek()) ?? 'hung-up';
      if (count === 'would-block') return this.#stalled ? 'blocked' : 'progress';
      this.#stalled = false;
      if (count === 'hung-up') this.#dropped += this.#queue.clear();
      else this.#took(count);
    }
    this.#events?.drained();
    return this.#queue.size === 0 ? 'done' : 'progress';
  };

  #took(count: number): void {
    this.#queue.take(count);
    this.#delivered += count;
  }
}

async function closed(stream: ReadStream | undefined): Promise<void> {
  if (!stream || stream.closed) return;
  const gone = new Promise<void>(resolve => stream.once('close', () => resolve()));
  stream.destroy();
  await gone;
}

/** What the operator can do about the system's error; in every case a TCP port needs none of this. */
export function ptyFailure(cause: NodeJS.ErrnoException): OperatorError {
  const wayOut = 'or use a TCP port: `--port tcp:2323`';
  return new OperatorError('port', 'cannot get a pty', {
    found: cause.message,
    hint: `${whatToDo(cause.code)}, ${wayOut}`,
    cause,
  });
}

function whatToDo(code: string | undefined): string {
  switch (code) {
    case 'ENOSPC':
      return 'no pty is left: raise the limit (sysctl kernel.pty.max)';
    case 'ENOENT':
    case 'ENODEV':
    case 'EACCES':
    case 'EPERM':
      return 'mount devpts with a /dev/ptmx that this user may open';
    case 'EMFILE':
    case 'ENFILE':
      return 'raise the limit of open files (ulimit -n) or of inotify instances (sysctl fs.inotify.max_user_instances)';
    default:
      return 'look at what the system said above';
  }
}
