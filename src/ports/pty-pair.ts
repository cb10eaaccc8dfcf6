/**
 * One pty: the master that the modem speaks through and the slave that it holds, so that the master survives its hosts.
 * It owns both descriptors' settings and the exact answer to "does a host have it open?"; it queues nothing, keeps no
 * timer and knows no Port. See pty(7), ioctl_tty(2), TIOCPKT in ioctl_tty(2).
 */
import { chmodSync, closeSync } from 'node:fs';
import { type Moved, type PtyLibrary, requests } from './pty-library.js';
import { hasExtproc, lineSpeed, rawTermios, termiosSize, withExtproc } from './termios.js';

/** The first byte of each read in packet mode: 0 before data, else what changed. */
export const notice = { data: 0, flushedInput: 1, termios: 64 } as const;

/** Packets left by a host that is gone; the kernel keeps 20 KB, a packet holds 4. */
const maximumUnread = 64;

/** One packet: the most that the line discipline hands over at once, and its notice. */
const packetSize = 4096 + 1;

/** `replaced`: one left, and while we looked another came; `unread` may be of both. */
export type Look = { host: 'present' } | { host: 'gone' | 'replaced'; unread: Buffer[] };

export class PtyPair {
  /** Undefined for as long as the slave could not be opened again after a look. */
  #held: number | undefined;

  private constructor(
    readonly library: PtyLibrary,
    readonly master: number,
    /** `/dev/pts/N` */
    readonly device: string,
  ) {}

  /** Throws the system's error; nothing stays open then. */
  static create(library: PtyLibrary, mode: number): PtyPair {
    const master = library.open('/dev/ptmx');
    let pair: PtyPair | undefined;
    try {
      library.ioctl(master, requests.TIOCSPTLCK, integer(0));
      const number = integer();
      library.ioctl(master, requests.TIOCGPTN, number);
      pair = new PtyPair(library, master, `/dev/pts/${number.readInt32LE()}`);
      pair.#prepare(mode);
      return pair;
    } catch (error) {
      pair?.release();
      closeSync(master);
      throw error;
    }
  }

  /** Raw before a host can see it, and packet mode last: our own settings are no news. */
  #prepare(mode: number): void {
    this.#held = this.library.open(this.device);
    chmodSync(this.device, mode);
    this.library.ioctl(this.#held, requests.TCSETS2, rawTermios());
    this.library.ioctl(this.master, requests.TIOCPKT, integer(1));
  }

  write(bytes: Buffer): Moved {
    return this.library.write(this.master, bytes);
  }

  /**
   * The only exact way to know whether a host is there: let go of the own slave and see whether the master hangs up. What
   * is read before that end is of hosts that left, for certain. Where a host has just set TIOCEXCL, one that waits for it to
   * be lifted would come in at once, so the answer is put off.
   * @param reopening called when the answer is known and the slave not yet ours again
   */
  look(reopening: () => void = () => {}): Look {
    if (this.liftExclusive()) return { host: 'present' };
    this.release();
    const look: Look = this.library.isHungUp(this.master) ? this.#readToTheEnd() : { host: 'present' };
    reopening();
    this.#hold();
    return look;
  }

  /**
   * A host's TIOCEXCL outlives it on a pty: unlike on a UART, the next host would be refused, and so would we. Says whether
   * there was one.
   */
  liftExclusive(): boolean {
    if (this.#held === undefined) return false;
    const exclusive = integer();
    this.#ioctlOnSlave(requests.TIOCGEXCL, exclusive);
    if (exclusive.readInt32LE() === 0) return false;
    this.#ioctlOnSlave(requests.TIOCNXCL);
    return true;
  }

  /** False after a host locked us out during a look: it is served, but nobody can open the device behind it. */
  get isHeld(): boolean {
    return this.#held !== undefined;
  }

  #readToTheEnd(): Look {
    const unread: Buffer[] = [];
    while (unread.length < maximumUnread) {
      const packet = this.#readPacket();
      if (packet === 'hung-up') return { host: 'gone', unread };
      if (packet === 'would-block') break;
      unread.push(packet);
    }
    return { host: 'replaced', unread };
  }

  /**
   * Forgets what the host left unread. The notice that this causes is taken at once, for it would seem to come from the
   * next host; what else there was to tell is the result.
   */
  flushUnread(): number {
    if (this.#held === undefined) return 0;
    this.library.flushInput(this.#held);
    const packet = this.#readPacket();
    return typeof packet === 'string' ? 0 : packet[0]! & ~notice.flushedInput;
  }

  /** False once a host wrote a whole termios of its own: EXTPROC is gone, and with it every later notice. */
  hasNotices(): boolean {
    return hasExtproc(this.#termios());
  }

  /** Only when they are off: setting EXTPROC is itself a change, and would be noticed for ever. */
  restoreNotices(): void {
    this.library.ioctl(this.master, requests.TCSETS2, withExtproc(this.#termios()));
  }

  lineSpeed(): number {
    return lineSpeed(this.#termios());
  }

  /** Lets go of the slave. The master belongs to the stream that reads it. */
  release(): void {
    if (this.#held === undefined) return;
    closeSync(this.#held);
    this.#held = undefined;
  }

  /** A notice, or data after its zero: what has changed is always told first. */
  #readPacket(): Buffer | 'would-block' | 'hung-up' {
    const packet = Buffer.allocUnsafe(packetSize);
    const count = this.library.read(this.master, packet);
    if (typeof count === 'string') return count;
    return count === 0 ? 'hung-up' : packet.subarray(0, count);
  }

  /** On the master, termios calls act on the slave: they work even while it is not held. */
  #termios(): Buffer {
    const termios = Buffer.alloc(termiosSize);
    this.library.ioctl(this.master, requests.TCGETS2, termios);
    return termios;
  }

  #ioctlOnSlave(request: number, argument?: Buffer): void {
    if (this.#held !== undefined) this.library.ioctl(this.#held, request, argument);
  }

  /**
   * Fails when a host took the slave for itself within the few microseconds of a look (EBUSY), or descriptors ran out. The
   * next look tries again; until then that host's leaving ends the master.
   */
  #hold(): void {
    try {
      this.#held ??= this.library.open(this.device);
    } catch {
      this.#held = undefined;
    }
  }
}

function integer(value = 0): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}
