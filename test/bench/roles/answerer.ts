/**
 * The floor: the smallest Node program that answers AT on a pty. No modes, no limits, no thought for who is attached;
 * it shares no code with the daemon.
 */
import { once } from 'node:events';
import { constants, openSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { ReadStream } from 'node:tty';
import koffi from 'koffi';
import type { Address } from '../../support/sockets.js';
import { serve } from '../remote.js';

const api = {
  /** Opens so many ptys. @returns the paths for hosts */
  open: (count: number): string[] => Array.from({ length: count }, answerOnPty),
  /** Joins a pty and a TCP link. @returns the path for the host */
  relay: async ({ host, port }: Address): Promise<string> => {
    const { master, path } = openPty();
    const link = connect({ host, port, noDelay: true });
    await once(link, 'connect');
    const stream = new ReadStream(master);
    // Writing blocks while the host does not read: a floor may do that.
    link.pipe(stream).pipe(link);
    return path;
  },
};

export type AnswererApi = typeof api;

const answer = Buffer.from('\r\nOK\r\n');
const carriageReturn = 13;

function answerOnPty(): string {
  const { master, path } = openPty();
  new ReadStream(master).on('data', (chunk: Buffer) => {
    for (const byte of chunk) if (byte === carriageReturn) writeSync(master, answer);
  });
  return path;
}

function openPty(): { master: number; path: string } {
  const flags = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK;
  const master = c.openpt(flags);
  if (master < 0 || c.grantpt(master) !== 0 || c.unlockpt(master) !== 0) throw new Error('no pty can be had');
  const path = c.ptsname(master);
  // Held open: without any slave the master reads EIO.
  const slave = openSync(path, flags);
  const termios = Buffer.alloc(256);
  c.tcgetattr(slave, termios);
  c.cfmakeraw(termios);
  c.tcsetattr(slave, 0, termios);
  return { master, path };
}

const library = koffi.load(null);
const c = {
  openpt: library.func('int posix_openpt(int flags)'),
  grantpt: library.func('int grantpt(int fd)'),
  unlockpt: library.func('int unlockpt(int fd)'),
  ptsname: library.func('const char *ptsname(int fd)'),
  tcgetattr: library.func('int tcgetattr(int fd, _Out_ void *termios)'),
  cfmakeraw: library.func('void cfmakeraw(_Inout_ void *termios)'),
  tcsetattr: library.func('int tcsetattr(int fd, int when, void *termios)'),
};

serve(api);
