import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { type Attempt, BlockedWriters } from '../../../src/ports/blocked-writers.js';

function scripted(attempts: Attempt[], clock: ManualClock) {
  const at: number[] = [];
  const attempt = (): Attempt => {
    at.push(clock.now());
    return attempts.shift() ?? 'blocked';
  };
  return { at, attempt };
}

describe('blocked writers', () => {
  it('are one for all ports of a clock', () => {
    const clock = new ManualClock();
    expect(BlockedWriters.on(clock)).toBe(BlockedWriters.on(clock));
    expect(BlockedWriters.on(new ManualClock())).not.toBe(BlockedWriters.on(clock));
  });

  it('try a DTE that reads slowly every millisecond, and stop when all is written', () => {
    const clock = new ManualClock();
    const { at, attempt } = scripted(['progress', 'progress', 'done'], clock);
    BlockedWriters.on(clock).add(attempt);
    clock.advance(100);
    expect(at).toEqual([1, 2, 3]);
    expect(clock.waiting).toBe(0);
  });

  it('try a silent DTE ever less often, down to once in 128 ms', () => {
    const clock = new ManualClock();
    const { at, attempt } = scripted([], clock);
    BlockedWriters.on(clock).add(attempt);
    clock.advance(600);
    expect(at).toEqual([1, 3, 7, 15, 31, 63, 127, 255, 383, 511]);
  });

  it('try every millisecond again after progress', () => {
    const clock = new ManualClock();
    const { at, attempt } = scripted(['blocked', 'blocked', 'progress', 'progress', 'done'], clock);
    BlockedWriters.on(clock).add(attempt);
    clock.advance(100);
    expect(at).toEqual([1, 3, 7, 8, 9]);
  });

  it('share one timer, and leave none behind', () => {
    const clock = new ManualClock();
    const writers = BlockedWriters.on(clock);
    const attempts = Array.from({ length: 50 }, () => scripted([], clock).attempt);
    for (const attempt of attempts) writers.add(attempt);
    clock.advance(37);
    expect(clock.waiting).toBe(1);
    for (const attempt of attempts) writers.delete(attempt);
    expect(clock.waiting).toBe(0);
  });

  it('go on with the others when one throws, and skip one that was closed meanwhile', () => {
    const clock = new ManualClock();
    const writers = BlockedWriters.on(clock);
    const closed = scripted([], clock);
    const other = scripted(['done'], clock);
    const failing = () => {
      writers.delete(failing);
      writers.delete(closed.attempt);
      throw new Error('a bug above');
    };
    for (const attempt of [failing, closed.attempt, other.attempt]) writers.add(attempt);
    expect(() => clock.advance(2)).toThrow('a bug above');
    clock.advance(2);
    expect(closed.at).toEqual([]);
    expect(other.at).toHaveLength(1);
  });
});
