import { describe, expect, it } from 'vitest';
import { byteTime, LinePace } from '../../../src/ports/line-pace.js';

describe('a byte on the line', () => {
  it.each([
    [300, 33.333],
    [9600, 1.042],
    [115_200, 0.087],
    [921_600, 0.011],
  ])('takes, at %d baud, %d ms', (speed, milliseconds) => {
    expect(byteTime(speed)).toBeCloseTo(milliseconds, 3);
  });
});

describe('the pace of a line', () => {
  it('lets a byte pass when its ten bits have', () => {
    const pace = new LinePace(1000);
    pace.begin(5);
    expect(pace.next).toBe(15);
    expect(pace.take(14.99, 3)).toBe(0);
    expect(pace.take(15, 3)).toBe(1);
    expect(pace.take(34.99, 2)).toBe(1);
    expect(pace.take(35, 1)).toBe(1);
  });

  it('lets no more pass than there are', () => {
    const pace = new LinePace(1000);
    pace.begin(0);
    expect(pace.take(1000, 2)).toBe(2);
  });

  it('begins at once on a line that is idle, and behind the last byte on one that is not', () => {
    const pace = new LinePace(1000);
    pace.begin(0);
    pace.take(10, 1);
    pace.begin(10);
    expect(pace.next).toBe(20);
    pace.take(20, 1);
    pace.begin(23);
    expect(pace.next).toBe(33);
  });

  it('changes its speed for the bytes that follow', () => {
    const pace = new LinePace(1000);
    pace.begin(0);
    pace.take(10, 1);
    pace.setSpeed(10_000);
    expect(pace.next).toBe(11);
  });

  it('adds nothing up over a million bytes', () => {
    const pace = new LinePace(115_200);
    pace.begin(0);
    for (let byte = 1; byte <= 1_000_000; byte++) {
      const { next } = pace;
      if (pace.take(next - 1e-4, 1) !== 0 || pace.take(next, 1) !== 1) expect.unreachable(`byte ${byte}`);
    }
    expect(pace.next).toBeCloseTo((1_000_001 * 10_000) / 115_200, 6);
  });
});
