import { describe, expect, it } from 'vitest';
import { fromBuffer, toBuffer } from '../../../src/base/bytes.js';
import { MemoryPort } from '../../../src/ports/memory.js';
import { usualSpeed } from '../../../src/ports/port.js';
import { StrictBaudPort } from '../../../src/ports/strict-baud-port.js';
import { garble } from '../../../src/ports/wrong-baud.js';
import { Recorder } from './recorder.js';

async function opened(dteSpeed: number | 'unknown' = usualSpeed) {
  const inner = new MemoryPort();
  const port = new StrictBaudPort(inner, { dteSpeed: dteSpeed === 'unknown' ? undefined : dteSpeed });
  const modem = new Recorder();
  await port.open(modem);
  inner.attach();
  return { inner, port, modem, write: (text: string) => port.write(toBuffer(text)) };
}

const garbled = (text: string, from: number, to: number): string => fromBuffer(garble(toBuffer(text), from, to));

describe('at one speed', () => {
  it('both sides hear what was said', async () => {
    const { inner, port, modem, write } = await opened();
    port.setSpeed(usualSpeed);
    inner.hostWrite('AT\r');
    write('OK\r\n');
    expect(modem.received).toBe('AT\r');
    expect(inner.take()).toBe('OK\r\n');
  });

  it('so they do where nobody says how fast the module is, or hosts cannot say how fast they are', async () => {
    const silent = await opened();
    silent.inner.hostSpeed(9600);
    silent.inner.hostWrite('AT\r');
    expect(silent.modem.received).toBe('AT\r');
    const speechless = await opened('unknown');
    speechless.port.setSpeed(9600);
    speechless.inner.hostWrite('AT\r');
    expect(speechless.modem.received).toBe('AT\r');
  });
});

describe('at two speeds', () => {
  it('both sides hear garbage, until they agree', async () => {
    const { inner, port, modem, write } = await opened();
    port.setSpeed(usualSpeed);
    inner.hostSpeed(57_600);
    inner.hostWrite('ATI\r');
    write('OK\r\n');
    expect(modem.received).toBe(garbled('ATI\r', 57_600, usualSpeed));
    expect(inner.take()).toBe(garbled('OK\r\n', usualSpeed, 57_600));
    expect(modem.received).not.toContain('AT');
    port.setSpeed(57_600);
    modem.received = '';
    inner.hostWrite('ATI\r');
    write('OK\r\n');
    expect(modem.received).toBe('ATI\r');
    expect(inner.take()).toBe('OK\r\n');
  });

  it('tells the modem of no bytes where none were understood', async () => {
    const { inner, port, modem } = await opened();
    port.setSpeed(usualSpeed);
    inner.hostSpeed(300);
    inner.hostWrite('\0');
    expect(modem.log).toEqual(['attached', 'speed 300']);
  });
});

describe('a module that listens for its speed', () => {
  it('answers nothing, and says what it has to say once an `AT` came', async () => {
    const { inner, port, modem, write } = await opened();
    port.setSpeed(0);
    inner.hostSpeed(9600);
    write('RDY\r\n');
    inner.hostWrite('junk\r');
    expect(modem.received).toBe('');
    expect(inner.take()).toBe('');
    expect(port.queued).toBe(5);
    inner.hostWrite('xAT\r');
    expect(modem.received).toBe('AT\r');
    expect(inner.take()).toBe('RDY\r\n');
    expect(port.queued).toBe(0);
    write('OK\r\n');
    expect(inner.take()).toBe('OK\r\n');
  });

  it('keeps the speed that it took', async () => {
    const { inner, port, modem } = await opened();
    port.setSpeed(0);
    inner.hostSpeed(9600);
    inner.hostWrite('AT\r');
    inner.hostSpeed(57_600);
    modem.received = '';
    inner.hostWrite('AT\r');
    expect(modem.received).toBe(garbled('AT\r', 57_600, 9600));
  });

  it.each([
    [['A', 'T', '\r'], 'AT\r'],
    [['a', 't\r'], 'at\r'],
    [['AAT\r'], 'AT\r'],
    [['A', 'x', 'T\r'], ''],
    [['aT\r'], ''],
    [['At\r'], ''],
  ])('hears %j as %j', async (chunks, expected) => {
    const { inner, port, modem } = await opened();
    port.setSpeed(0);
    for (const chunk of chunks) inner.hostWrite(chunk);
    expect(modem.received).toBe(expected);
  });

  it('keeps nothing for a host that has left, and only so much for one that is there', async () => {
    const { inner, port, write } = await opened();
    port.setSpeed(0);
    write('RDY\r\n');
    inner.detach();
    expect(port.queued).toBe(0);
    write('RDY\r\n');
    expect(port.dropped).toBe(5);
    inner.attach();
    for (let i = 0; i < 100; i++) write('x'.repeat(1024));
    expect(port.queued).toBe(64 * 1024);
  });

  it('says it too when it is given a speed', async () => {
    const { inner, port, write } = await opened();
    port.setSpeed(0);
    write('RDY\r\n');
    port.setSpeed(usualSpeed);
    expect(inner.take()).toBe('RDY\r\n');
  });
});
