import { closeSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requests } from '../../../src/ports/pty-library.js';
import { type Look, PtyPair } from '../../../src/ports/pty-pair.js';
import { PtyHost, ptyLibraryIfAny } from './pty-host.js';

const library = await ptyLibraryIfAny();

describe.runIf(library)('a pty pair', () => {
  let pair: PtyPair;

  beforeEach(() => {
    pair = PtyPair.create(library!, 0o600);
  });

  afterEach(() => {
    pair.release();
    closeSync(pair.master);
  });

  const bytesOf = (look: Look) =>
    look.host === 'present' ? '' : Buffer.concat(look.unread.map(packet => packet.subarray(1))).toString();

  it('knows that nobody is there, and stays usable after it looked', () => {
    expect(pair.look()).toEqual({ host: 'gone', unread: [] });
    expect(pair.look()).toEqual({ host: 'gone', unread: [] });
    expect(pair.write(Buffer.from('OK'))).toBe(2);
  });

  it('knows a host by its being there, not by what it does', () => {
    const host = new PtyHost(pair.device);
    expect(pair.look()).toEqual({ host: 'present' });
    host.close();
    expect(pair.look().host).toBe('gone');
  });

  it('finds every byte that a host left', () => {
    const host = new PtyHost(pair.device);
    const words = 'AT+CFUN=0\r'.repeat(1000);
    host.write(words);
    host.close();
    expect(bytesOf(pair.look())).toBe(words);
    expect(pair.look()).toEqual({ host: 'gone', unread: [] });
  });

  it('leaves the bytes of a host that is there where they are', () => {
    const gone = new PtyHost(pair.device);
    gone.write('AT\r');
    gone.close();
    const host = new PtyHost(pair.device);
    expect(pair.look()).toEqual({ host: 'present' });
    host.close();
    expect(bytesOf(pair.look())).toBe('AT\r');
  });

  it('forgets what was unread, also far more than a line, and its own notice of that', () => {
    while (pair.write(Buffer.alloc(1000)) !== 'would-block');
    expect(pair.flushUnread()).toBe(0);
    const host = new PtyHost(pair.device);
    expect(host.read()).toBe('');
    host.close();
    expect(pair.look()).toEqual({ host: 'gone', unread: [] });
  });

  it('hands on what else there was to tell when it flushes', () => {
    const host = new PtyHost(pair.device);
    const termios = Buffer.alloc(44);
    library!.ioctl(host.fd, requests.TCGETS2, termios);
    library!.ioctl(host.fd, requests.TCSETS2, termios);
    expect(pair.flushUnread()).toBe(64);
    host.close();
  });

  describe('a TIOCEXCL', () => {
    const exclusive = (fd: number) => {
      const flag = Buffer.alloc(4);
      library!.ioctl(fd, requests.TIOCGEXCL, flag);
      return flag.readInt32LE() !== 0;
    };

    it('is lifted before a look lets go of the slave, which waits for the next look', () => {
      const host = new PtyHost(pair.device);
      library!.ioctl(host.fd, requests.TIOCEXCL);
      host.close();
      expect(pair.look()).toEqual({ host: 'present' });
      const next = new PtyHost(pair.device);
      expect(exclusive(next.fd)).toBe(false);
      next.close();
      expect(pair.look()).toEqual({ host: 'gone', unread: [] });
    });

    it('is lifted on demand', () => {
      const host = new PtyHost(pair.device);
      expect(pair.liftExclusive()).toBe(false);
      library!.ioctl(host.fd, requests.TIOCEXCL);
      expect(pair.liftExclusive()).toBe(true);
      expect(exclusive(host.fd)).toBe(false);
      host.close();
    });
  });
});
