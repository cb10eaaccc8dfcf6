/** The port that faults are played on: what it counts, bounds and forgets. What faults look like is in the other files. */
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { MemoryPort } from '../../../src/ports/memory.js';
import { maximumQueued } from '../../../src/ports/port.js';
import { FaultyPort, type Passage } from '../../../src/scenarios/faulty-port.js';

/** Whole, and after so many ms. */
const late =
  (ms: number): Passage =>
  (_, bytes) => [{ bytes, after: ms }];

async function made(passage: Passage = () => undefined) {
  const clock = new ManualClock();
  const inner = new MemoryPort();
  const events: string[] = [];
  let lost = 0;
  const port = new FaultyPort(inner, {
    clock,
    passage,
    lost: bytes => {
      lost += bytes;
    },
  });
  await port.open({
    attached: () => void events.push('attached'),
    detached: () => void events.push('detached'),
    bytes: chunk => void events.push(String(chunk)),
    drained: () => void events.push('drained'),
    lineSpeed: baud => void events.push(`${baud} baud`),
    lost: () => {},
  });
  inner.attach();
  events.length = 0;
  return { clock, inner, port, events, lost: () => lost };
}

const write = (port: FaultyPort, text: string) => port.write(Buffer.from(text));

describe('without faults', () => {
  it('is the port within', async () => {
    const { inner, port, events, clock } = await made();
    write(port, 'one');
    write(port, 'two');
    expect(inner.writes).toEqual(['one', 'two']);
    inner.hostWrite('host');
    inner.hostSpeed(9600);
    inner.stall();
    write(port, 'three');
    expect(port).toMatchObject({
      spec: 'memory',
      path: 'memory',
      isAttached: true,
      queued: 5,
      delivered: 6,
      dropped: 0,
    });
    inner.resume();
    inner.detach();
    write(port, 'nobody');
    expect(port.dropped).toBe(6);
    expect(events).toEqual(['host', '9600 baud', 'drained', 'detached']);
    expect(clock.waiting).toBe(0);
  });
});

describe('what is held up', () => {
  it('counts as queued, and is drained when the last of it has gone', async () => {
    const { inner, port, events, clock } = await made(late(10));
    write(port, 'one');
    write(port, 'two');
    expect([port.queued, port.delivered]).toEqual([6, 0]);
    clock.advance(10);
    expect([port.queued, events]).toEqual([3, []]);
    clock.advance(10);
    expect([port.queued, events, inner.writes]).toEqual([0, ['drained'], ['one', 'two']]);
  });

  it('is bounded like any port', async () => {
    const { port, clock } = await made(late(10));
    const megabyte = Buffer.alloc(1024 * 1024);
    for (let i = 0; i < 6; i++) port.write(megabyte);
    expect([port.queued, port.dropped]).toEqual([maximumQueued, 2 * megabyte.length]);
    clock.advance(60);
    expect([port.queued, port.delivered]).toEqual([0, maximumQueued]);
  });

  it('is forgotten with `discard`, and when the host leaves', async () => {
    const { inner, port, clock } = await made(late(10));
    write(port, 'one');
    port.discard();
    expect(port.queued).toBe(0);
    write(port, 'two');
    inner.hostWrite('typed');
    inner.detach();
    inner.attach();
    clock.advance(100);
    expect([inner.output, port.queued, clock.waiting]).toEqual(['', 0, 0]);
  });

  it('from the host waits as long as the modem holds the port', async () => {
    const { inner, port, events, clock } = await made(late(10));
    inner.hostWrite('typed');
    port.hold(true);
    clock.advance(20);
    expect(events).toEqual([]);
    port.hold(false);
    expect(events).toEqual(['typed']);
  });
});

describe('frozen', () => {
  it('nothing passes either way, and all when it moves again', async () => {
    const { inner, port, events } = await made();
    port.freeze('frozen');
    write(port, 'out');
    inner.hostWrite('in');
    expect([inner.output, events]).toEqual(['', []]);
    port.freeze('moves');
    expect([inner.output, events]).toEqual(['out', ['drained', 'in']]);
    write(port, '!');
    expect(inner.writes).toEqual(['out', '!']);
  });

  it('keeps 64 KiB of the host, and says what it lost', async () => {
    const { inner, port, events, lost } = await made();
    port.freeze('frozen');
    inner.hostWrite('x'.repeat(70_000));
    port.freeze('moves');
    expect([events[0]!.length, lost()]).toEqual([65_536, 70_000 - 65_536]);
  });

  it('deaf: what the host types is lost', async () => {
    const { inner, port, events, lost } = await made();
    port.freeze('deaf');
    inner.hostWrite('typed');
    port.freeze('moves');
    expect([events, lost()]).toEqual([[], 5]);
  });
});

describe('when the supply fails', () => {
  it('one write breaks off, and nothing follows until the power was off', async () => {
    const { inner, port } = await made();
    let breaks = 0;
    port.breakNextWrite(2, Buffer.from([0]), () => {
      breaks += 1;
    });
    write(port, 'hello');
    write(port, 'gone');
    expect([inner.output, breaks, port.dropped]).toEqual(['he\0', 1, 4]);
    port.powerOff();
    write(port, '!');
    expect(inner.output).toBe('he\0!');
  });
});
