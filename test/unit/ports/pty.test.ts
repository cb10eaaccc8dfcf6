import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { ManualClock, systemClock } from '../../../src/base/clock.js';
import { OperatorError } from '../../../src/base/errors.js';
import { type Log, silentLog } from '../../../src/base/log.js';
import { maximumQueued } from '../../../src/ports/port.js';
import { PtyPort, type PtyPortOptions, ptyFailure } from '../../../src/ports/pty.js';
import { loadPtyLibrary, requests } from '../../../src/ports/pty-library.js';
import { hasExtproc, rawTermios, termiosSize } from '../../../src/ports/termios.js';
import { PtyHost, ptyLibraryIfAny } from './pty-host.js';
import { Recorder } from './recorder.js';

const library = await ptyLibraryIfAny();

/** Set by a host that writes a whole termios of its own; offsets as in termios.ts. */
function termiosOfHost(speedFlag: number): Buffer {
  const termios = rawTermios();
  termios.writeUInt32LE(speedFlag | 0x30 | 0x80, 8);
  termios.writeUInt32LE(0, 12);
  return termios;
}

const B9600 = 0o15;
const B115200 = 0o10002;

/** For what the kernel tells in the next turns. */
async function turns(count: number): Promise<void> {
  for (let at = 0; at < count; at++) await turn();
}

describe.runIf(library)('the pty port', () => {
  const ports: PtyPort[] = [];
  const hosts: PtyHost[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'atmodem-pty-'));

  afterEach(async () => {
    for (const host of hosts.splice(0)) host.close();
    await Promise.all(ports.splice(0).map(port => port.close()));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function opened(options: Partial<PtyPortOptions> = {}) {
    const port = new PtyPort({ spec: 'pty', clock: systemClock, log: silentLog, setUpPause: 0, ...options });
    const modem = new Recorder();
    ports.push(port);
    await port.open(modem);
    return { port, modem };
  }

  function connect(port: PtyPort): PtyHost {
    const host = new PtyHost(port.path);
    hosts.push(host);
    return host;
  }

  function leave(host: PtyHost): void {
    hosts.splice(hosts.indexOf(host), 1);
    host.close();
  }

  /** A modem that answers OK to each line, inside of the event. */
  function answering(port: PtyPort, modem: Recorder): void {
    modem.onBytes = chunk => {
      for (const byte of chunk) if (byte === 0x0d) port.write(Buffer.from('\r\nOK\r\n'));
    };
  }

  it('is a device of this user alone, unless told otherwise', async () => {
    const { port } = await opened();
    expect(port.path).toMatch(/^\/dev\/pts\/\d+$/);
    expect(statSync(port.path).mode & 0o777).toBe(0o600);
    const { port: shared } = await opened({ mode: 0o660 });
    expect(statSync(shared.path).mode & 0o777).toBe(0o660);
  });

  it('sees the host before its bytes and carries every byte value, both ways', async () => {
    const { port, modem } = await opened();
    const host = connect(port);
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('latin1');
    host.write(all);
    await modem.until(() => modem.received.length === 256);
    expect(modem.received).toBe(all);
    expect(modem.log[0]).toBe('attached');
    port.write(Buffer.from(all, 'latin1'));
    expect(await host.readUntil(text => text.length === 256)).toBe(all);
    expect([port.delivered, port.queued, port.dropped]).toEqual([256, 0, 0]);
  });

  it('sees a host that only listens, and writes nothing to nobody', async () => {
    const { port, modem } = await opened();
    port.write(Buffer.from('stale'));
    const host = new PtyHost(port.path, constants.O_RDONLY);
    hosts.push(host);
    await modem.untilLogged('attached');
    port.write(Buffer.from('ready'));
    expect(await host.readUntil(text => text.length >= 5)).toBe('ready');
    expect(port.dropped).toBe(5);
  });

  it('tells of a host when it has set the device up: what it flushes then is nothing of the modem', async () => {
    const clock = new ManualClock();
    const { port, modem } = await opened({ clock, setUpPause: 30 });
    const host = connect(port);
    await turns(50);
    clock.advance(29);
    library!.flushInput(host.fd);
    await turns(50);
    clock.advance(29);
    expect(modem.log).toEqual([]);
    clock.advance(1);
    expect(modem.log).toEqual(['attached']);
    port.write(Buffer.from('ready'));
    expect(await host.readUntil(text => text.length >= 5)).toBe('ready');
  });

  it('tells of a host at once that sends something, and never of one that came and went in silence', async () => {
    const clock = new ManualClock();
    const { port, modem } = await opened({ clock, setUpPause: 30 });
    const silent = connect(port);
    await turns(50);
    leave(silent);
    for (let look = 0; look < 5; look++) {
      await turns(10);
      clock.advance(5);
    }
    expect(port.isAttached).toBe(false);
    connect(port).write('AT\r');
    await modem.until(() => modem.received.length === 3);
    expect(modem.log).toEqual(['attached', 'bytes AT\r']);
  });

  it('processes what a host wrote before it left at once', async () => {
    const { port, modem } = await opened();
    answering(port, modem);
    for (let visit = 1; visit <= 20; visit++) {
      const host = connect(port);
      host.write(`AT+VISIT=${visit}\r`);
      leave(host);
      await modem.untilLogged('detached', visit);
    }
    const visits = modem.log.filter(entry => entry.startsWith('bytes'));
    expect(visits).toEqual(Array.from({ length: 20 }, (_, at) => `bytes AT+VISIT=${at + 1}\r`));
    expect(modem.log.slice(0, 3)).toEqual(['attached', 'bytes AT+VISIT=1\r', 'detached']);
    expect(modem.log.at(-1)).toBe('detached');
  });

  it('gives all of a long last word to the modem, and its answers to nobody', async () => {
    const { port, modem } = await opened();
    answering(port, modem);
    const host = connect(port);
    host.write('AT\r'.repeat(3000));
    leave(host);
    await modem.untilLogged('detached');
    expect(modem.received).toBe('AT\r'.repeat(3000));
    expect([modem.count('attached'), modem.count('detached')]).toEqual([1, 1]);
    expect(port.dropped).toBeGreaterThan(0);
    expect(port.queued).toBe(0);
  });

  it('gives the next host nothing that the last one left unread', async () => {
    const { port, modem } = await opened();
    answering(port, modem);
    const first = connect(port);
    first.write('AT\r'.repeat(100));
    await modem.until(() => modem.received.length === 300);
    port.write(Buffer.alloc(100_000, 'o'));
    expect(port.queued).toBeGreaterThan(0);
    leave(first);
    await modem.untilLogged('detached');
    port.write(Buffer.from('+URC\r\n'));
    const second = connect(port);
    second.write('AT\r');
    expect(await second.readUntil(text => text.includes('OK'))).toBe('\r\nOK\r\n');
    expect(second.read()).toBe('');
  });

  it('tells visits apart when the next host opens before the modem looked', async () => {
    const { port, modem } = await opened();
    const first = connect(port);
    await modem.untilLogged('attached');
    port.write(Buffer.from('unread'));
    leave(first);
    const second = connect(port);
    await modem.untilLogged('attached', 2);
    expect(modem.log).toEqual(['attached', 'detached', 'attached']);
    port.write(Buffer.from('fresh'));
    expect(await second.readUntil(text => text.length >= 5)).toBe('fresh');
  });

  it('stays attached until the last of several descriptors is closed', async () => {
    const { port, modem } = await opened();
    const hosts = [connect(port), connect(port), connect(port)];
    await modem.untilLogged('attached');
    for (const host of hosts.slice(1)) leave(host);
    hosts[0]!.write('AT\r');
    await modem.until(() => modem.received === 'AT\r');
    expect(modem.log).toEqual(['attached', 'bytes AT\r']);
    leave(hosts[0]!);
    await modem.untilLogged('detached');
  });

  it('never blocks on a host that does not read: it queues up to the bound, then drops with one warning', async () => {
    const warnings: string[] = [];
    const log: Log = { ...silentLog, warn: (_, text = '') => warnings.push(text) };
    const { port, modem } = await opened({ log });
    const host = connect(port);
    await modem.untilLogged('attached');
    const block = Buffer.alloc(64 * 1024, 'x');
    for (let i = 0; i < 100; i++) port.write(block);
    expect(port.queued).toBeGreaterThan(maximumQueued - block.length);
    expect(port.queued).toBeLessThanOrEqual(maximumQueued);
    expect(port.delivered + port.queued + port.dropped).toBe(100 * block.length);
    expect(warnings).toEqual(['the DTE does not read: dropping output']);
    const expected = port.delivered + port.queued;
    expect(await host.readUntil(text => text.length >= expected)).toHaveLength(expected);
    expect(modem.log.at(-1)).toBe('drained');
    expect([port.queued, port.delivered]).toEqual([0, expected]);
  });

  it('keeps the order of bytes when a slow host makes it queue', async () => {
    const { port, modem } = await opened();
    const host = connect(port);
    await modem.untilLogged('attached');
    let written = '';
    for (let line = 0; line < 5000; line++) {
      written += `+URC: ${line}\r\n`;
      port.write(Buffer.from(`+URC: ${line}\r\n`));
    }
    expect(port.queued).toBeGreaterThan(0);
    expect(await host.readUntil(text => text.length >= written.length)).toBe(written);
  });

  it('leaves no timer behind: neither of a queue nor of a departure', async () => {
    const clock = new ManualClock();
    const { port, modem } = await opened({ clock });
    const host = connect(port);
    await modem.untilLogged('attached');
    port.write(Buffer.alloc(100_000));
    expect(clock.waiting).toBe(1);
    leave(host);
    await modem.untilLogged('detached').then(() => clock.advance(1_000));
    expect(clock.waiting).toBe(0);
    expect(port.queued).toBe(0);
    const again = connect(port);
    await modem.untilLogged('attached', 2);
    port.write(Buffer.alloc(100_000));
    leave(again);
    await port.close();
    expect(clock.waiting).toBe(0);
  });

  it('forgets on discard what the kernel has not got', async () => {
    const { port, modem } = await opened();
    const host = connect(port);
    await modem.untilLogged('attached');
    port.write(Buffer.alloc(100_000, 'o'));
    const taken = port.delivered;
    port.discard();
    port.write(Buffer.from('fresh'));
    expect(await host.readUntil(text => text.endsWith('fresh'))).toBe(`${'o'.repeat(taken)}fresh`);
  });

  it('forgets what has waited when the host throws away its input', async () => {
    const clock = new ManualClock();
    const { port, modem } = await opened({ clock });
    const host = connect(port);
    await modem.untilLogged('attached');
    port.write(Buffer.alloc(100_000, 'o'));
    // The kernel moves bytes on by itself at first: until nothing moves, the host is not stalled but slow.
    for (let queued = 0; queued !== port.queued; await turn()) {
      queued = port.queued;
      clock.advance(200);
    }
    library!.flushInput(host.fd);
    await modem.untilLogged('drained');
    expect(port.queued).toBe(0);
    port.write(Buffer.from('fresh'));
    expect(await host.readUntil(text => text.includes('fresh'))).toBe('fresh');
  });

  it('keeps what it wrote just now when the notice of a flush comes late', async () => {
    const { port, modem } = await opened({ clock: new ManualClock() });
    const host = connect(port);
    await modem.untilLogged('attached');
    library!.flushInput(host.fd);
    port.write(Buffer.alloc(100_000, 'n'));
    const queued = port.queued;
    for (let i = 0; i < 10; i++) await turn();
    expect(queued).toBeGreaterThan(0);
    expect(port.queued).toBe(queued);
    expect(modem.count('drained')).toBe(0);
  });

  it('reports the line speed, before the bytes that come at it, and keeps doing so', async () => {
    const { port, modem } = await opened();
    const host = connect(port);
    for (const [flag, speed] of [
      [B9600, 9600],
      [B115200, 115200],
      [B9600, 9600],
    ] as const) {
      library!.ioctl(host.fd, requests.TCSETS2, termiosOfHost(flag));
      host.write(`AT+IPR=${speed}\r`);
      await modem.until(() => modem.log.at(-1) === `bytes AT+IPR=${speed}\r`);
      expect(modem.log.at(-2)).toBe(`speed ${speed}`);
    }
    expect(modem.log.filter(entry => entry.startsWith('speed'))).toHaveLength(3);
  });

  it('sets EXTPROC again after a host cleared it, once, and not under the eyes of stty', async () => {
    const clock = new ManualClock();
    const { port, modem } = await opened({ clock });
    const host = connect(port);
    const extproc = () => {
      const termios = Buffer.alloc(termiosSize);
      library!.ioctl(host.fd, requests.TCGETS2, termios);
      return hasExtproc(termios);
    };
    library!.ioctl(host.fd, requests.TCSETS2, termiosOfHost(B9600));
    await modem.untilLogged('speed 9600');
    expect(extproc()).toBe(false);
    expect(clock.waiting).toBe(1);
    clock.advance(50);
    expect(extproc()).toBe(true);
    for (let i = 0; i < 10; i++) await turn();
    expect(modem.log).toEqual(['attached', 'speed 9600']);
    expect(clock.waiting).toBe(0);
  });

  it('leaves no timer behind when it closes while notices are off', async () => {
    const clock = new ManualClock();
    const { port, modem } = await opened({ clock });
    const host = connect(port);
    library!.ioctl(host.fd, requests.TCSETS2, termiosOfHost(B9600));
    await modem.untilLogged('speed 9600');
    await port.close();
    expect(clock.waiting).toBe(0);
  });

  it('learns the speed that was set while notices were off, before the bytes that come at it', async () => {
    const { port, modem } = await opened({ clock: new ManualClock() });
    const host = connect(port);
    library!.ioctl(host.fd, requests.TCSETS2, termiosOfHost(B9600));
    await modem.untilLogged('speed 9600');
    library!.ioctl(host.fd, requests.TCSETS2, termiosOfHost(B115200));
    host.write('AT\r');
    await modem.until(() => modem.received === 'AT\r');
    expect(modem.log).toEqual(['attached', 'speed 9600', 'speed 115200', 'bytes AT\r']);
  });

  it('sets EXTPROC before it writes, so that an echoing tty sends nothing back', async () => {
    const { port, modem } = await opened({ clock: new ManualClock() });
    const host = connect(port);
    const echoing = termiosOfHost(B9600);
    echoing.writeUInt32LE(0o10, 12);
    library!.ioctl(host.fd, requests.TCSETS2, echoing);
    await modem.untilLogged('speed 9600');
    port.write(Buffer.from('+URC\r\n'));
    expect(await host.readUntil(text => text.length >= 6)).toBe('+URC\r\n');
    host.write('AT\r');
    await modem.until(() => modem.received.includes('AT\r'));
    expect(modem.received).toBe('AT\r');
  });

  it('does not hear its own answers from a tty that echoes', async () => {
    const { port, modem } = await opened();
    answering(port, modem);
    const host = connect(port);
    const sane = termiosOfHost(B115200);
    const ICANON_ECHO = 0o12;
    sane.writeUInt32LE(ICANON_ECHO, 12);
    library!.ioctl(host.fd, requests.TCSETS2, sane);
    await modem.untilLogged('speed 115200');
    host.write('AT\r');
    await host.readUntil(text => text.includes('OK'));
    leave(host);
    await modem.untilLogged('detached');
    expect(modem.received).toBe('AT\r');
  });

  describe("a host's TIOCEXCL", () => {
    const exclusive = (host: PtyHost) => {
      const flag = Buffer.alloc(4);
      library!.ioctl(host.fd, requests.TIOCGEXCL, flag);
      return flag.readInt32LE() !== 0;
    };

    /**
     * The system as a user sees it who is not root, whom a locked slave refuses; root it never does. The lock is the device's:
     * it stays until another takes its place.
     */
    function lockable() {
      const system = { locked: false, noMore: false, devices: 0, refusals: 0 };
      const openMaster = (path: string) => {
        if (system.noMore) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
        system.locked = false;
        system.devices++;
        return library!.open(path);
      };
      const openSlave = (path: string) => {
        if (!system.locked) return library!.open(path);
        system.refusals++;
        throw Object.assign(new Error('EBUSY'), { code: 'EBUSY' });
      };
      const open = (path: string) => (path === '/dev/ptmx' ? openMaster(path) : openSlave(path));
      return { system, loadLibrary: async () => ({ ...library!, open }) };
    }

    async function lockedOut(link: string) {
      const { system, loadLibrary } = lockable();
      const { port, modem } = await opened({ link, loadLibrary });
      const host = connect(port);
      await modem.untilLogged('attached');
      const passing = connect(port);
      host.write('AT\r');
      await modem.until(() => modem.received === 'AT\r');
      system.locked = true;
      leave(passing);
      // The look that follows lets go of the slave and cannot open it again.
      while (system.refusals === 0) await turn();
      return { system, port, modem, host };
    }

    it('is lifted when it sets up, so that the next host may open at once', async () => {
      const { port, modem } = await opened();
      const host = connect(port);
      library!.ioctl(host.fd, requests.TIOCEXCL);
      library!.ioctl(host.fd, requests.TCSETS2, termiosOfHost(B9600));
      await modem.untilLogged('speed 9600');
      expect(exclusive(host)).toBe(false);
    });

    it('does not outlive it', async () => {
      const { port, modem } = await opened();
      const host = connect(port);
      await modem.untilLogged('attached');
      library!.ioctl(host.fd, requests.TIOCEXCL);
      leave(host);
      await modem.untilLogged('detached');
      const next = connect(port);
      expect(exclusive(next)).toBe(false);
      next.write('AT\r');
      await modem.until(() => modem.received === 'AT\r');
    });

    it('that locks us out costs the device, not the port: a new one takes its place', async () => {
      const link = join(folder, 'ttyLocked');
      const { system, port, modem, host } = await lockedOut(link);
      port.write(Buffer.from('still served'));
      expect(await host.readUntil(text => text.length >= 12)).toBe('still served');
      leave(host);
      await modem.untilLogged('detached');
      while (system.devices < 2 || !existsSync(link)) await turn();
      const next = connect(port);
      next.write('AT\r');
      await modem.until(() => modem.received === 'AT\rAT\r');
      expect(modem.log).toEqual(['attached', 'bytes AT\r', 'detached', 'attached', 'bytes AT\r']);
    });

    it('loses the port where no new device can be had', async () => {
      const { system, port, modem, host } = await lockedOut(join(folder, 'ttyLost'));
      system.noMore = true;
      leave(host);
      await modem.untilLogged('lost ENOSPC');
      expect(modem.log.at(-2)).toBe('detached');
      expect(port.isAttached).toBe(false);
    });

    it('aside, a system without ptys is an error that says what to do', async () => {
      const { system, loadLibrary } = lockable();
      system.noMore = true;
      await expect(opened({ loadLibrary })).rejects.toThrow('kernel.pty.max');
      await expect(opened({ loadLibrary })).rejects.toThrow('--port tcp:');
    });
  });

  it('may be closed inside of any event, with nothing after it', async () => {
    for (const at of ['attached', 'bytes', 'detached'] as const) {
      const { port, modem } = await opened();
      const original = modem[at].bind(modem) as (chunk: Buffer) => void;
      let closing: Promise<void> | undefined;
      modem[at] = (chunk?: Buffer) => {
        closing = port.close();
        original(chunk!);
      };
      const host = connect(port);
      host.write('AT\r');
      if (at === 'detached') {
        await modem.until(() => modem.received === 'AT\r');
        leave(host);
      }
      await modem.until(() => closing !== undefined);
      await closing;
      const length = modem.log.length;
      for (let i = 0; i < 10; i++) await turn();
      expect(modem.log).toHaveLength(length);
      expect(modem.log.at(-1)).toMatch(new RegExp(`^${at}`));
    }
  });

  it('closes twice, says nothing after, and hangs up on the host', async () => {
    const { port, modem } = await opened();
    const host = connect(port);
    await modem.untilLogged('attached');
    await Promise.all([port.close(), port.close()]);
    port.write(Buffer.from('late'));
    expect(modem.log).toEqual(['attached']);
    expect(port.dropped).toBe(4);
    expect(() => host.write('AT\r')).toThrow('EIO');
  });

  it('leaks no descriptor', async () => {
    const fd = () => {
      const probe = openSync('/dev/null', constants.O_RDONLY);
      closeSync(probe);
      return probe;
    };
    await (await opened()).port.close();
    const before = fd();
    for (let i = 0; i < 20; i++) {
      const { port, modem } = await opened();
      const host = connect(port);
      await modem.untilLogged('attached');
      leave(host);
      await modem.untilLogged('detached');
      await port.close();
    }
    expect(fd()).toBe(before);
  });

  it('makes its link last and removes it, unless it is no longer its own', async () => {
    const link = join(folder, 'ttyAT0');
    const { port, modem } = await opened({ link });
    expect(port.path).toBe(link);
    expect(readlinkSync(link)).toMatch(/^\/dev\/pts\/\d+$/);
    const host = connect(port);
    host.write('AT\r');
    await modem.until(() => modem.received === 'AT\r');
    await port.close();
    expect(existsSync(link)).toBe(false);
    const { port: second } = await opened({ link });
    rmSync(link);
    writeFileSync(link, 'of somebody else');
    await second.close();
    expect(existsSync(link)).toBe(true);
  });

  it('refuses a link that another port lives behind, and keeps nothing open', async () => {
    const link = join(folder, 'ttyAT1');
    const { port } = await opened({ link });
    const refused = opened({ link });
    await expect(refused).rejects.toBeInstanceOf(OperatorError);
    await expect(refused).rejects.toThrow('is in use');
    expect(readlinkSync(link)).toMatch(/^\/dev\/pts\//);
    await port.close();
    await opened({ link });
  });
});

describe('where no pty can be had', () => {
  it.each(['darwin', 'win32'] as const)('%s is told so', async platform => {
    const refusal = loadPtyLibrary(platform);
    await expect(refusal).rejects.toThrow(`not supported on ${platform}`);
    await expect(refusal).rejects.toThrow('--port tcp:');
  });

  it.each([
    ['ENOSPC', 'kernel.pty.max'],
    ['ENOENT', '/dev/ptmx'],
    ['EACCES', '/dev/ptmx'],
    ['EMFILE', 'ulimit -n'],
    ['EINVAL', 'what the system said'],
  ])('%s names what to do, and the way out', (code, said) => {
    const failure = ptyFailure(Object.assign(new Error(`${code}: open '/dev/ptmx'`), { code }));
    expect(failure).toMatchObject({ code: 'port', exitCode: 1 });
    expect(failure.message).toContain(said);
    expect(failure.message).toContain('--port tcp:');
    expect(failure.message).toContain(code);
  });
});
