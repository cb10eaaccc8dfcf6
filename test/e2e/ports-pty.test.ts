/**
 * The pty against hosts that are not ours: node-serialport, a shell and stty, in processes of their own, many at once.
 * What must hold: every command answered, nothing stale, no byte lost, and no port slowed by another.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { SerialPort } from 'serialport';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.js';
import { silentLog } from '../../src/base/log.js';
import { PtyPort } from '../../src/ports/pty.js';
import { ptyLibraryIfAny } from '../unit/ports/pty-host.js';
import { Recorder } from '../unit/ports/recorder.js';

const library = await ptyLibraryIfAny();
const ports: PtyPort[] = [];

afterEach(async () => {
  await Promise.all(ports.splice(0).map(port => port.close()));
});

/** Without an event to wait for: a host that came and went in silence is told of to nobody. */
async function happens(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

/** A modem that repeats each line in its answer, so that a stale answer shows. */
async function answeringPort() {
  const port = new PtyPort({ spec: 'pty', clock: systemClock, log: silentLog });
  const modem = new Recorder();
  let line = '';
  modem.onBytes = chunk => {
    for (const char of chunk.toString('latin1')) {
      if (char !== '\r') line += char;
      else {
        port.write(Buffer.from(`\r\n${line}: OK\r\n`, 'latin1'));
        line = '';
      }
    }
  };
  await port.open(modem);
  ports.push(port);
  return { port, modem };
}

/** Without flock: a read of the last visit, still in a thread of its own, can hold the lock for a moment after close. */
async function openSerial(path: string, baudRate: number): Promise<SerialPort> {
  const serial = new SerialPort({ path, baudRate, autoOpen: false, lock: false });
  await new Promise<void>((resolve, reject) => serial.open(error => (error ? reject(error) : resolve())));
  return serial;
}

async function closeSerial(serial: SerialPort): Promise<void> {
  await new Promise<void>(resolve => serial.close(() => resolve()));
}

async function ask(serial: SerialPort, command: string): Promise<string> {
  const expected = `\r\n${command}: OK\r\n`.length;
  let answer = '';
  serial.write(`${command}\r`, 'latin1');
  while (answer.length < expected) {
    const [chunk] = (await once(serial, 'data')) as [Buffer];
    answer += chunk.toString('latin1');
  }
  return answer;
}

async function shell(script: string, ...parameters: string[]): Promise<void> {
  const child = spawn('sh', ['-c', script, 'sh', ...parameters], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = (await once(child, 'close')) as [number];
  expect(code, script).toBe(0);
}

describe.runIf(library)('a pty under storms', () => {
  it('answers node-serialport through reopens and changes of speed, with nothing stale', async () => {
    const speeds = [9600, 115200, 57600, 230400];
    const storm = async (_: unknown, number: number) => {
      const { port, modem } = await answeringPort();
      for (let visit = 0; visit < 25; visit++) {
        const speed = speeds[visit % speeds.length]!;
        const serial = await openSerial(port.path, speed);
        for (let command = 0; command < 8; command++) {
          const text = `AT+N=${number},${visit},${command}`;
          expect(await ask(serial, text)).toBe(`\r\n${text}: OK\r\n`);
        }
        // The answer to this one stays unread: the next visit must not see it.
        const unread = `AT+UNREAD=${visit}\r`;
        serial.write(unread);
        await modem.until(() => modem.received.endsWith(unread));
        await closeSerial(serial);
      }
      await happens(() => !port.isAttached);
      expect(modem.count('attached')).toBe(modem.count('detached'));
      expect(modem.log.filter(entry => entry.startsWith('speed'))).toHaveLength(25);
    };
    await Promise.all(Array.from({ length: 6 }, storm));
  });

  it('gets every byte of a shell that opens, writes and closes as fast as it can', async () => {
    const { port, modem } = await answeringPort();
    const count = 500;
    await shell(`i=0; while [ $i -lt ${count} ]; do printf 'AT+N=%s\\r' $i > "$1"; i=$((i+1)); done`, port.path);
    await happens(() => !port.isAttached);
    const expected = Array.from({ length: count }, (_, at) => `AT+N=${at}\r`).join('');
    expect(modem.received).toBe(expected);
    const visits = modem.log.filter(entry => entry === 'attached' || entry === 'detached');
    expect(visits.every((entry, at) => entry === (at % 2 === 0 ? 'attached' : 'detached'))).toBe(true);
    expect(visits.length % 2).toBe(0);
  });

  it('survives `stty sane` and what comes after it, without an echo of its answers', async () => {
    const { port, modem } = await answeringPort();
    await shell('stty -F "$1" 9600 sane && exec 3<>"$1" && printf "AT\\r" >&3 && head -c 10 <&3 >/dev/null', port.path);
    await happens(() => modem.received !== '' && !port.isAttached);
    expect(modem.received).toBe('AT\r');
    expect(modem.count('speed 9600')).toBe(1);
    const serial = await openSerial(port.path, 115200);
    expect(await ask(serial, 'ATI')).toBe('\r\nATI: OK\r\n');
    await closeSerial(serial);
  });

  it('keeps one port quick while others have hosts that never read', async () => {
    const stalled = await Promise.all(Array.from({ length: 20 }, answeringPort));
    const silent = await Promise.all(stalled.map(({ port }) => openSerial(port.path, 115200)));
    for (const serial of silent) serial.pause();
    await Promise.all(stalled.map(({ modem }) => modem.untilLogged('attached')));
    for (const { port } of stalled) port.write(Buffer.alloc(1024 * 1024));
    const { port } = await answeringPort();
    const serial = await openSerial(port.path, 115200);
    for (let i = 0; i < 1000; i++) expect(await ask(serial, `AT+N=${i}`)).toBe(`\r\nAT+N=${i}: OK\r\n`);
    for (const { port } of stalled) expect(port.queued).toBeGreaterThan(512 * 1024);
    await Promise.all([serial, ...silent].map(closeSerial));
    await Promise.all(stalled.map(({ modem }) => modem.untilLogged('detached')));
    expect(stalled.every(({ port }) => port.queued === 0)).toBe(true);
  });

  it('runs many ports over one inotify descriptor', async () => {
    const many = await Promise.all(Array.from({ length: 150 }, answeringPort));
    await shell(
      'for port do (exec 3<>"$port"; printf "AT\\r" >&3; head -c 10 <&3 >/dev/null) & done; wait',
      ...many.map(({ port }) => port.path),
    );
    for (const { port, modem } of many) {
      await happens(() => modem.received === 'AT\r' && !port.isAttached);
      expect(modem.log).toEqual(['attached', 'bytes AT\r', 'detached']);
    }
  });
});
