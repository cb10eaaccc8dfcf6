import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteString, fromBuffer } from '../../../src/base/bytes.js';
import { ManualClock } from '../../../src/base/clock.js';
import { silentLog } from '../../../src/base/log.js';
import { MemoryPort } from '../../../src/ports/memory.js';
import { PacedPort } from '../../../src/ports/paced-port.js';
import { maximumQueued } from '../../../src/ports/port.js';
import { Recorder } from './recorder.js';

/** Milliseconds of one byte, 8N1. */
const byteAt = (baud: number): number => 10_000 / baud;

async function opened({ attached = true } = {}) {
  const clock = new ManualClock();
  const inner = new MemoryPort();
  const port = new PacedPort(inner, { clock, log: silentLog });
  const modem = new Recorder();
  await port.open(modem);
  /** When each byte reached the host, and the modem. */
  const [atHost, atModem] = [[] as number[], [] as number[]];
  inner.onOutput.on(bytes => void atHost.push(...timesOf(bytes, clock)));
  modem.onBytes = chunk => void atModem.push(...timesOf(fromBuffer(chunk), clock));
  if (attached) inner.attach();
  const write = (text: ByteString) => port.write(Buffer.from(text, 'latin1'));
  return { clock, inner, port, modem, atHost, atModem, write };
}

const timesOf = (bytes: ByteString, clock: ManualClock): number[] => [...bytes].map(() => clock.now());

/** Each byte at its time, exactly but for the last bits of a number. */
function expectTimes(times: readonly number[], expected: readonly number[]): void {
  expect(times).toHaveLength(expected.length);
  for (const [i, time] of times.entries()) expect(time, `byte ${i}`).toBeCloseTo(expected[i]!, 6);
}

const inTurn = (count: number, baud: number, start = 0): number[] =>
  Array.from({ length: count }, (_, i) => start + (i + 1) * byteAt(baud));

describe('to the host', () => {
  it.each([300, 9600, 38_400, 115_200, 921_600])('each byte comes at its time, at %d baud', async baud => {
    const { clock, inner, atHost, write } = await opened();
    inner.hostSpeed(baud);
    write('\r\nOK\r\n');
    clock.advance(10 * byteAt(baud));
    expect(inner.take()).toBe('\r\nOK\r\n');
    expectTimes(atHost, inTurn(6, baud));
  });

  it('what is written later stands behind what is on its way', async () => {
    const { clock, inner, atHost, write } = await opened();
    write('abc');
    clock.advance(0.1);
    write('de');
    clock.advance(1);
    expect(inner.take()).toBe('abcde');
    expectTimes(atHost, inTurn(5, 115_200));
  });

  it('what is written to an idle line begins at once', async () => {
    const { clock, atHost, write } = await opened();
    write('a');
    clock.advance(100);
    write('b');
    clock.advance(1);
    expectTimes(atHost, [byteAt(115_200), 100 + byteAt(115_200)]);
  });

  it('a host that becomes slower is written to more slowly from the next byte on', async () => {
    const { clock, inner, atHost, write } = await opened();
    inner.hostSpeed(9600);
    write('ab');
    clock.advance(1.5 * byteAt(9600));
    inner.hostSpeed(300);
    clock.advance(2 * byteAt(300));
    expectTimes(atHost, [byteAt(9600), byteAt(9600) + byteAt(300)]);
  });

  it('10 KiB are there when the last bit has passed, and not before', async () => {
    const { clock, inner, atHost, write } = await opened();
    write('x'.repeat(10_240));
    clock.advance(10_240 * byteAt(115_200) - 0.01);
    expect(inner.take()).toHaveLength(10_239);
    clock.advance(0.02);
    expect(atHost.at(-1)).toBeCloseTo(888.888_889, 5);
  });
});

describe('from the host', () => {
  it.each([300, 9600, 115_200])('each byte comes at its time, at %d baud', async baud => {
    const { clock, inner, modem, atModem } = await opened();
    inner.hostSpeed(baud);
    inner.hostWrite('ATI\r');
    clock.advance(5 * byteAt(baud));
    expect(modem.received).toBe('ATI\r');
    expectTimes(atModem, inTurn(4, baud));
  });

  it('a change of speed counts for what the host sends after it', async () => {
    const { clock, inner, modem, atModem } = await opened();
    inner.hostSpeed(9600);
    inner.hostWrite('a');
    inner.hostSpeed(300);
    inner.hostWrite('b');
    clock.advance(1000);
    expectTimes(atModem, [byteAt(9600), byteAt(9600) + byteAt(300)]);
    expect(modem.log).toEqual(['attached', 'speed 9600', 'bytes a', 'speed 300', 'bytes b']);
  });

  it('a host that leaves has said what it said', async () => {
    const { clock, inner, modem } = await opened();
    inner.hostWrite('AT\r');
    inner.detach();
    expect(modem.log).toEqual(['attached']);
    clock.advance(1);
    expect(modem.log).toEqual(['attached', 'bytes A', 'bytes T', 'bytes \r', 'detached']);
  });

  it('the next host hears no answer to the one before', async () => {
    const { clock, inner, modem, write } = await opened();
    modem.onBytes = () => write('OK');
    inner.hostWrite('A');
    inner.detach();
    inner.attach();
    clock.advance(10);
    expect(inner.take()).toBe('');
    expect(modem.log).toEqual(['attached', 'bytes A', 'detached', 'attached']);
  });

  it('a visit without a byte, behind bytes that are on their way, leaves no trace', async () => {
    const { clock, inner, modem, port } = await opened();
    inner.hostWrite('A');
    inner.detach();
    for (let visit = 0; visit < 5000; visit++) {
      inner.attach();
      inner.detach();
    }
    clock.advance(1);
    expect(modem.log).toEqual(['attached', 'bytes A', 'detached']);
    inner.attach();
    expect(port.isAttached).toBe(true);
  });

  it('it waits while the modem holds it, and then for as long as the line takes', async () => {
    const { clock, inner, modem, port, atModem } = await opened();
    inner.hostWrite('ab');
    port.hold(true);
    clock.advance(50);
    expect(modem.received).toBe('');
    port.hold(false);
    clock.advance(1);
    expectTimes(atModem, inTurn(2, 115_200, 50));
  });

  it('a flood is not read faster than the line, nor held in memory', async () => {
    const { clock, inner, modem } = await opened();
    const holds: boolean[] = [];
    const hold = inner.hold.bind(inner);
    inner.hold = isHeld => {
      holds.push(isHeld);
      hold(isHeld);
    };
    const flood = 'x'.repeat(40_000);
    inner.hostWrite(flood);
    expect(holds).toEqual([]);
    inner.hostWrite(flood);
    expect(holds).toEqual([true]);
    inner.hostWrite(flood);
    clock.advance(60_000 * byteAt(115_200));
    expect(holds).toEqual([true, false, true]);
    clock.advance(60_001 * byteAt(115_200));
    expect(modem.received).toHaveLength(120_000);
  });
});

describe('what a port promises', () => {
  it('counts what is on its way, and tells when it is gone', async () => {
    const { clock, modem, port, write } = await opened();
    write('OK');
    expect(port.queued).toBe(2);
    expect(modem.count('drained')).toBe(0);
    clock.advance(1);
    expect(port.queued).toBe(0);
    expect(port.delivered).toBe(2);
    expect(modem.count('drained')).toBe(1);
  });

  it('is drained only once the inner port is', async () => {
    const { clock, inner, modem, port, write } = await opened();
    inner.stall();
    write('OK');
    clock.advance(1);
    expect(port.queued).toBe(2);
    expect(modem.count('drained')).toBe(0);
    inner.resume();
    expect(modem.count('drained')).toBe(1);
  });

  it('forgets what is on its way', async () => {
    const { clock, inner, port, write } = await opened();
    write('old');
    port.discard();
    write('new');
    clock.advance(1);
    expect(inner.take()).toBe('new');
  });

  it('drops what nobody is there to hear, and what a host that leaves had not heard', async () => {
    const { clock, inner, port, write } = await opened({ attached: false });
    write('boot');
    expect(port.dropped).toBe(4);
    inner.attach();
    write('OK');
    inner.detach();
    expect(port.dropped).toBe(6);
    clock.advance(10);
    expect(inner.take()).toBe('');
    expect(clock.waiting).toBe(0);
  });

  it('is bounded', async () => {
    const { port } = await opened();
    const block = Buffer.alloc(1024 * 1024);
    for (let i = 0; i < 6; i++) port.write(block);
    expect(port.queued).toBe(maximumQueued);
    expect(port.dropped).toBe(2 * block.length);
  });

  it('gives out the last bytes at once when it is closed, and leaves no timer', async () => {
    const { clock, inner, modem, port, write } = await opened();
    inner.hostWrite('AT\r');
    write('NO CARRIER');
    await port.close();
    expect(inner.take()).toBe('NO CARRIER');
    clock.advance(10);
    expect(modem.log).toEqual(['attached']);
    expect(clock.waiting).toBe(0);
  });
});

it('whatever is written when, every byte arrives, in order, and none before a line could have carried it', async () => {
  const step = fc.record({
    fromHost: fc.string({ maxLength: 20 }),
    fromModem: fc.string({ maxLength: 20 }),
    baud: fc.option(fc.constantFrom(300, 9600, 115_200), { nil: undefined }),
    passes: fc.double({ min: 0, max: 20, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async steps => {
      const { clock, inner, modem, atHost, atModem, write } = await opened();
      for (const { fromHost, fromModem, baud, passes } of steps) {
        if (baud !== undefined) inner.hostSpeed(baud);
        inner.hostWrite(Buffer.from(fromHost));
        write(fromBuffer(Buffer.from(fromModem)));
        clock.advance(passes);
      }
      clock.advance(1000 * byteAt(300));
      expect(modem.received).toBe(fromBuffer(Buffer.from(steps.map(({ fromHost }) => fromHost).join(''))));
      expect(inner.take()).toBe(fromBuffer(Buffer.from(steps.map(({ fromModem }) => fromModem).join(''))));
      for (const times of [atHost, atModem])
        for (const [i, time] of times.entries()) expect(time).toBeGreaterThan((i + 1) * byteAt(115_200) - 1e-5);
      expect(clock.waiting).toBe(0);
    }),
    { numRuns: 50 },
  );
});

describe('the speed of the module', () => {
  it('counts while nobody knows that of the host', async () => {
    const { clock, port, atHost, write } = await opened();
    port.setSpeed(9600);
    write('a');
    clock.advance(10);
    expectTimes(atHost, [byteAt(9600)]);
  });

  it('does not, once the host has said its own', async () => {
    const { clock, inner, port, atHost, write } = await opened();
    inner.hostSpeed(300);
    port.setSpeed(9600);
    write('a');
    clock.advance(100);
    expectTimes(atHost, [byteAt(300)]);
  });
});
