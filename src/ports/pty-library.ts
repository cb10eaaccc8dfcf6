/**
 * The C library's calls that Node has no name for, and nothing more: ioctl, poll, inotify, and a read and a write that
 * give EAGAIN as a value. It owns the numbers of Linux (asm-generic); it knows no pty and keeps no state.
 */
import { constants, openSync } from 'node:fs';
import { getSystemErrorName } from 'node:util';
import { OperatorError } from '../base/errors.js';

/** Bytes moved, or why none were: the other side is full or silent, or nobody holds it open. */
export type Moved = number | 'would-block' | 'hung-up';

/** ioctl requests: asm-generic/ioctls.h. */
export const requests = {
  TIOCSPTLCK: 0x40045431,
  TIOCGPTN: 0x80045430,
  TIOCPKT: 0x5420,
  TIOCEXCL: 0x540c,
  TIOCNXCL: 0x540d,
  TIOCGEXCL: 0x80045440,
  TCGETS2: 0x802c542a,
  TCSETS2: 0x402c542b,
} as const;

export interface PtyLibrary {
  /** A terminal device, non-blocking, and never as the controlling terminal of this process. */
  open(path: string): number;
  /** The kernel reads and writes `argument`; without one it gets 0. */
  ioctl(fd: number, request: number, argument?: Buffer): void;
  /** tcflush(3): what came in and was not read. */
  flushInput(fd: number): void;
  read(fd: number, into: Buffer): Moved;
  write(fd: number, bytes: Buffer): Moved;
  /** Whether poll(2) reports POLLHUP: on a pty master, that nobody has the slave open. */
  isHungUp(fd: number): boolean;
  /** A non-blocking inotify descriptor. */
  inotify(): number;
  /** The watch descriptor. */
  watch(inotify: number, path: string, mask: number): number;
  unwatch(inotify: number, watch: number): void;
  /** Calls back on each turn of the event loop in which `fd` is readable, outside of any promise or tick queue. */
  whenReadable(fd: number, ready: () => void): { close(): void };
}

const TCIFLUSH = 0;
const POLLHUP = 0x10;
const O_CLOEXEC = 0o2000000;

let loaded: Promise<PtyLibrary> | undefined;

/** Once a process. Rejects with an OperatorError where there is no such library. */
export function loadPtyLibrary(platform: NodeJS.Platform = process.platform): Promise<PtyLibrary> {
  if (platform !== 'linux') return Promise.reject(notHere(platform));
  loaded ??= bind();
  return loaded;
}

function notHere(platform: NodeJS.Platform): OperatorError {
  return new OperatorError('port', `ptys are not supported on ${platform}`, {
    expected: 'Linux (macOS has ptys, but not what says when a host opens one; it was never tried)',
    hint: 'use a TCP port: `--port tcp:2323`',
  });
}

async function bind(): Promise<PtyLibrary> {
  try {
    const { default: koffi } = await import('koffi');
    return bindTo(koffi);
  } catch (cause) {
    throw new OperatorError('port', 'no pty: koffi, which calls the C library, does not load here', {
      found: cause instanceof Error ? cause.message : String(cause),
      hint: 'use a TCP port: `--port tcp:2323`',
      cause,
    });
  }
}

function bindTo(koffi: typeof import('koffi').default): PtyLibrary {
  // No file name: the library that this process already has, be it glibc or musl.
  const c = koffi.load(null);
  // ioctl is variadic in C; on these platforms a pointer is passed the same way in both.
  const ioctl = c.func('int ioctl(int fd, unsigned long request, _Inout_ void *argument)');
  const tcflush = c.func('int tcflush(int fd, int queue)');
  const read = c.func('intptr_t read(int fd, _Out_ void *into, size_t length)');
  const write = c.func('intptr_t write(int fd, void *bytes, size_t length)');
  const poll = c.func('int poll(_Inout_ void *fds, unsigned long count, int timeout)');
  const inotifyInit = c.func('int inotify_init1(int flags)');
  const inotifyAdd = c.func('int inotify_add_watch(int fd, const char *path, uint32_t mask)');
  const inotifyRemove = c.func('int inotify_rm_watch(int fd, int watch)');
  const errno = koffi.os.errno;

  function checked(result: number, call: string): number {
    if (result >= 0) return result;
    const code = getSystemErrorName(-koffi.errno());
    throw Object.assign(new Error(`${call}: ${code}`), { code, syscall: call });
  }

  function moved(result: number | bigint, call: string): Moved {
    if (result >= 0) return Number(result);
    const code = koffi.errno();
    if (code === errno.EAGAIN || code === errno.EINTR) return 'would-block';
    if (code === errno.EIO) return 'hung-up';
    return checked(-1, call);
  }

  return {
    open: path => openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK),
    ioctl: (fd, request, argument) => void checked(ioctl(fd, request, argument ?? null), 'ioctl'),
    flushInput: fd => void checked(tcflush(fd, TCIFLUSH), 'tcflush'),
    read: (fd, into) => moved(read(fd, into, into.length), 'read'),
    write: (fd, bytes) => moved(write(fd, bytes, bytes.length), 'write'),
    isHungUp(fd) {
      const request = Buffer.alloc(8);
      request.writeInt32LE(fd, 0);
      checked(poll(request, 1, 0), 'poll');
      return (request.readInt16LE(6) & POLLHUP) !== 0;
    },
    inotify: () => checked(inotifyInit(constants.O_NONBLOCK | O_CLOEXEC), 'inotify_init1'),
    watch: (inotify, path, mask) => checked(inotifyAdd(inotify, path, mask), 'inotify_add_watch'),
    unwatch: (inotify, watch) => void inotifyRemove(inotify, watch),
    whenReadable: (fd, ready) => koffi.node.poll(fd, { readable: true }, ready),
  };
}
