/**
 * Who opens and closes which device, told by the kernel: one inotify descriptor for all ports of the process. It owns
 * that descriptor and the order of activities a device; it never decides what they mean. inotify(7): equal neighbours
 * are merged into one, so counts are hints and the probe (pty-pair.ts) is the truth.
 */
import { closeSync } from 'node:fs';
import type { Clock } from '../base/clock.js';
import type { PtyLibrary } from './pty-library.js';

/** `unknown`: the kernel lost some; look for yourself. */
export type Activity = 'opened' | 'closed' | 'unknown';

export interface DeviceWatch {
  /** All that happened up to this call, oldest first, also what the event loop has not seen yet. */
  take(): Activity[];
  close(): void;
}

const IN_CLOSE = 0x08 | 0x10;
const IN_OPEN = 0x20;
const IN_Q_OVERFLOW = 0x4000;

const eventHeader = 16;
/** A port's activities kept at most; past them it is told to look. */
const maximumPending = 1024;

interface Watched {
  clock: Clock;
  changed: () => void;
  pending: Activity[];
  announced: boolean;
}

let shared: Inotify | undefined;

/** `changed` is called in a later turn whenever `take()` has something new. Throws the system's error. */
export function watchDevice(library: PtyLibrary, path: string, clock: Clock, changed: () => void): DeviceWatch {
  shared ??= new Inotify(library);
  try {
    return shared.watch(path, { clock, changed, pending: [], announced: false });
  } finally {
    closeIfIdle();
  }
}

function closeIfIdle(): void {
  if (!shared?.isIdle) return;
  shared.close();
  shared = undefined;
}

class Inotify {
  readonly #library: PtyLibrary;
  readonly #fd: number;
  readonly #readiness: { close(): void };
  readonly #watched = new Map<number, Watched>();
  readonly #buffer = Buffer.alloc(16 * 1024);

  constructor(library: PtyLibrary) {
    this.#library = library;
    this.#fd = library.inotify();
    this.#readiness = library.whenReadable(this.#fd, () => this.#collect());
  }

  get isIdle(): boolean {
    return this.#watched.size === 0;
  }

  watch(path: string, entry: Watched): DeviceWatch {
    const id = this.#library.watch(this.#fd, path, IN_OPEN | IN_CLOSE);
    this.#watched.set(id, entry);
    return {
      take: () => {
        this.#collect();
        return entry.pending.splice(0);
      },
      close: () => {
        if (this.#watched.get(id) !== entry) return;
        this.#watched.delete(id);
        this.#library.unwatch(this.#fd, id);
        closeIfIdle();
      },
    };
  }

  close(): void {
    this.#readiness.close();
    closeSync(this.#fd);
  }

  #collect(): void {
    if (this.isIdle) return;
    for (;;) {
      const count = this.#library.read(this.#fd, this.#buffer);
      if (typeof count !== 'number' || count === 0) return;
      this.#sort(this.#buffer.subarray(0, count));
    }
  }

  #sort(events: Buffer): void {
    for (let at = 0; at + eventHeader <= events.length; at += eventHeader + events.readUInt32LE(at + 12)) {
      const mask = events.readUInt32LE(at + 4);
      if (mask & IN_Q_OVERFLOW) this.#lostSome();
      const entry = this.#watched.get(events.readInt32LE(at));
      if (entry && mask & (IN_OPEN | IN_CLOSE)) add(entry, mask & IN_OPEN ? 'opened' : 'closed');
    }
  }

  #lostSome(): void {
    for (const entry of this.#watched.values()) add(entry, 'unknown');
  }
}

/** The callback of readiness runs outside of the tick and promise queues, so owners are called in a turn of their own. */
function add(entry: Watched, activity: Activity): void {
  if (entry.pending.length >= maximumPending) entry.pending = ['unknown'];
  entry.pending.push(activity);
  if (entry.announced) return;
  entry.announced = true;
  entry.clock.soon(() => {
    entry.announced = false;
    if (entry.pending.length > 0) entry.changed();
  });
}
