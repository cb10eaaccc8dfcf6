/**
 * One pty: the master that the modem speaks through and the slave that it holds, so that the master survives its hosts.
 * It owns both descriptors' settings and the exact answer to "does a host have it open?"; it queues nothing, keeps no
 * timer and knows no Port. See pty(7), ioctl_tty(2), TIOCPKT in ioctl_tty(2).
 */
import { chmodSync, closeSync, constants, openSync } from 'node:fs';
import { type Moved, type PtyLibrary, requests } from './pty-library.js';
import { hasExtproc, lineSpeed, rawTermios, termiosSize, withExtproc } from './termios.js';

/** The first byte of each read in packet mode: 0 before data, else what changed. */
export const notice = { data: 0, flushedInput: 1, termios: 64 } as const;

// Non-blocking: one host that never reads must not stop the event loop. Never the controlling terminal of this process.
const openFlags = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK;

/** One packet: the most that the line discipline hands over at once, and its notice. */
const packetSize = 4096 + 1;

export class PtyPair {
  /** Undefined for as long as the slave could not be opened again after a probe. */
  #held: number | undefined;

  private constructor(
    readonly library: PtyLibrary,
    readonly master: number,
    /** `/dev/pts/N` */
    readonly device: string,
  ) {}

  /** Throws the system's error; nothing stays open then. */
  static create(library: PtyLibrary, mode: number): PtyPair {
    const master = openSync('/dev/ptmx', openFlags);
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
    this.#held = openSync(this.device, openFlags);
    chmodSync(this.device, mode);
    this.library.ioctl(this.#held, requests.TCSETS2, rawTermios());
    this.library.ioctl(this.master, requests.TIOCPKT, integer(1));
  }

  /** One packet, notice first. */
  readPacket(): Buffer | undefined {
    const packet = Buffer.allocUnsafe(packetSize);
    const count = this.library.read(this.master, packet);
    return typeof count === 'number' && count > 0 ? packet.subarray(0, count) : undefined;
  }

  write(bytes: Buffer): Moved {
    return this.library.write(this.master, bytes);
  }

  /**
   * The only exact way to know: let go of the own slave and see whether the master hangs up. A host's TIOCEXCL would keep
   * us from opening it again, and outlives the host: lifted before, and set again for a host that is still there.
   */
  hasHost(): boolean {
    const exclusive = this.#isExclusive();
    if (exclusive) this.#ioctlOnSlave(requests.TIOCNXCL);
    this.release();
    const hasHost = !this.library.isHungUp(this.master);
    const reopened = this.#hold();
    if (exclusive && hasHost && reopened) this.#ioctlOnSlave(requests.TIOCEXCL);
    return hasHost;
  }

  /**
   * Forgets what the last host left unread. The notice that this causes is read at once, for it would seem to come from the
   * next host; what else it had to tell is the result.
   */
  flushUnread(): number {
    if (this.#held === undefined) return 0;
    this.#ioctlOnSlave(requests.TCFLSH);
    const [flags = 0] = this.readPacket() ?? [];
    return flags & ~notice.flushedInput;
  }

  /**
   * Clients that write a whole termios clear EXTPROC and with it every later notice. Set again only if missing: setting it
   * is itself a change, and would be noticed for ever.
   */
  keepNotices(): void {
    const termios = this.#termios();
    if (!hasExtproc(termios)) this.library.ioctl(this.master, requests.TCSETS2, withExtproc(termios));
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

  /** On the master, termios calls act on the slave: they work even while it is not held. */
  #termios(): Buffer {
    const termios = Buffer.alloc(termiosSize);
    this.library.ioctl(this.master, requests.TCGETS2, termios);
    return termios;
  }

  #isExclusive(): boolean {
    if (!this.#hold()) return false;
    const exclusive = integer();
    this.#ioctlOnSlave(requests.TIOCGEXCL, exclusive);
    return exclusive.readInt32LE() !== 0;
  }

  #ioctlOnSlave(request: number, argument?: Buffer): void {
    if (this.#held !== undefined) this.library.ioctl(this.#held, request, argument);
  }

  /**
   * Fails when a host took the slave for itself within the few microseconds of a probe (EBUSY), or descriptors ran out.
   * The next probe tries again; until then that host's leaving ends the master.
   */
  #hold(): boolean {
    try {
      this.#held ??= openSync(this.device, openFlags);
      return true;
    } catch {
      return false;
    }
  }
}

function integer(value = 0): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}
