import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { type Gate, UrcQueue, urcLimit } from '../../../src/modem/urc-queue.js';
import { turns } from '../../support/patience.js';

let clock: ManualClock;
let gate: ReturnType<Gate>;
let written: string[];

beforeEach(() => {
  clock = new ManualClock();
  gate = 'open';
  written = [];
});

const queueWith = (gap = 0) => new UrcQueue(clock, () => gate, gap);
const push = (queue: UrcQueue, text: string) => queue.push(text.length, () => written.push(text));

describe('a URC', () => {
  it('is written at once where it may stand', () => {
    push(queueWith(), 'a');
    expect(written).toEqual(['a']);
  });

  it('waits behind a closed gate, and keeps its place', () => {
    const queue = queueWith();
    gate = 'closed';
    push(queue, 'a');
    push(queue, 'b');
    expect([queue.length, queue.bytes]).toEqual([2, 2]);
    gate = 'open';
    queue.pump();
    expect(written).toEqual(['a', 'b']);
    expect([queue.length, queue.bytes]).toEqual([0, 0]);
  });

  it('waits out a half-typed line, but not longer than two seconds', () => {
    const queue = queueWith();
    gate = 'typing';
    push(queue, 'a');
    clock.advance(1999);
    expect(written).toEqual([]);
    clock.advance(1);
    expect(written).toEqual(['a']);
  });

  it('does not break into a response when that patience ends', () => {
    const queue = queueWith();
    gate = 'typing';
    push(queue, 'a');
    gate = 'closed';
    clock.advance(10_000);
    expect(written).toEqual([]);
    gate = 'open';
    queue.pump();
    expect(written).toEqual(['a']);
  });

  it('closes the gate behind itself when writing it does', () => {
    const queue = queueWith();
    gate = 'closed';
    queue.push(1, () => {
      written.push('a');
      gate = 'closed';
    });
    push(queue, 'b');
    gate = 'open';
    queue.pump();
    expect(written).toEqual(['a']);
  });
});

describe('after a final result', () => {
  it('a URC comes in a later turn of the event loop', async () => {
    const queue = queueWith();
    queue.settle();
    push(queue, 'a');
    expect(written).toEqual([]);
    await turns(1);
    expect(written).toEqual(['a']);
  });

  it('keeps the gap of a module', () => {
    const queue = queueWith(200);
    queue.settle();
    push(queue, 'a');
    clock.advance(199);
    expect(written).toEqual([]);
    clock.advance(1);
    expect(written).toEqual(['a']);
  });

  it('counts the gap from the last of several', () => {
    const queue = queueWith(200);
    queue.settle();
    push(queue, 'a');
    clock.advance(150);
    queue.settle();
    clock.advance(150);
    expect(written).toEqual([]);
    clock.advance(50);
    expect(written).toEqual(['a']);
  });

  it('is not kept back for ever by a host that polls', () => {
    const queue = queueWith(200);
    push(queue, 'before');
    for (let ms = 0; ms < 3000; ms += 100) {
      queue.settle();
      if (ms === 0) push(queue, 'a');
      clock.advance(100);
    }
    expect(written).toEqual(['before', 'a']);
  });
});

describe('bounds', () => {
  it('keeps the oldest, drops and counts the rest', () => {
    const queue = queueWith();
    gate = 'closed';
    for (let i = 0; i < urcLimit + 3; i++) push(queue, String(i));
    expect(queue.length).toBe(urcLimit);
    expect(queue.dropped).toBe(3);
    expect(queue.push(1, () => {})).toBe(false);
    gate = 'open';
    queue.pump();
    expect(written.at(-1)).toBe(String(urcLimit - 1));
  });

  it('forgets everything that waits, and its timers', () => {
    const queue = queueWith();
    gate = 'typing';
    push(queue, 'a');
    queue.clear();
    expect(clock.waiting).toBe(0);
    gate = 'open';
    queue.pump();
    clock.advance(5000);
    expect(written).toEqual([]);
    expect(queue.bytes).toBe(0);
  });
});

it('loses none, doubles none, and keeps their order, whatever the gate does', () => {
  const event = fc.oneof(
    fc.constantFrom<ReturnType<Gate>>('open', 'closed', 'typing').map(to => ({ gate: to })),
    fc.constant({ push: true as const }),
    fc.constant({ settle: true as const }),
    fc.constant({ pump: true as const }),
    fc.nat(3000).map(ms => ({ pass: ms })),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), events => {
      clock = new ManualClock();
      gate = 'open';
      written = [];
      const queue = queueWith(200);
      let pushed = 0;
      for (const each of events) {
        const before = written.length;
        if ('gate' in each) gate = each.gate;
        else if ('push' in each) push(queue, String(pushed++));
        else if ('settle' in each) queue.settle();
        else if ('pump' in each) queue.pump();
        else clock.advance(each.pass);
        if (gate === 'closed') expect(written.length).toBe(before);
      }
      gate = 'open';
      queue.pump();
      clock.advance(5000);
      expect(written).toEqual(Array.from({ length: pushed }, (_, i) => String(i)));
      expect([queue.length, queue.bytes, clock.waiting]).toEqual([0, 0, 0]);
    }),
    { numRuns: 300 },
  );
});
