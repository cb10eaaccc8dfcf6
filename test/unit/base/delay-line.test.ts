import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { DelayLine } from '../../../src/base/delay-line.js';

function made() {
  const clock = new ManualClock();
  const line = new DelayLine(clock);
  const ran: string[] = [];
  const note = (what: string) => () => void ran.push(`${clock.now()} ${what}`);
  return { clock, line, ran, note };
}

describe('a delay line', () => {
  it('runs what is due at once, in the same turn, and sets no timer', () => {
    const { clock, line, ran, note } = made();
    line.put(0, note('a'));
    line.put(0, note('b'));
    expect(ran).toEqual(['0 a', '0 b']);
    expect([clock.waiting, line.isEmpty]).toEqual([0, true]);
  });

  it('lets nothing overtake what waits', () => {
    const { clock, line, ran, note } = made();
    line.put(100, note('late'));
    line.put(0, note('early'));
    line.put(50, note('between'));
    expect(clock.waiting).toBe(1);
    clock.advance(99);
    expect(ran).toEqual([]);
    clock.advance(1);
    expect(ran).toEqual(['100 late', '100 early', '100 between']);
  });

  it('counts a gap from the end of what waits, else from now', () => {
    const { clock, line, ran, note } = made();
    for (const what of ['a', 'b', 'c']) line.putAt(line.end + 10, note(what));
    clock.advance(30);
    clock.advance(70);
    line.putAt(line.end + 10, note('d'));
    clock.advance(10);
    expect(ran).toEqual(['10 a', '20 b', '30 c', '110 d']);
  });

  it('keeps all while it is held', () => {
    const { clock, line, ran, note } = made();
    line.hold(true);
    line.put(0, note('a'));
    line.put(20, note('b'));
    clock.advance(10);
    line.hold(false);
    expect(ran).toEqual(['10 a']);
    clock.advance(10);
    expect(ran).toEqual(['10 a', '20 b']);
  });

  it('obeys what happens inside: more comes, it is held, it is cleared', () => {
    const { line, ran, note } = made();
    line.put(0, () => {
      line.put(0, note('inner'));
      note('outer')();
      line.hold(true);
      line.hold(false);
      line.hold(true);
    });
    expect(ran).toEqual(['0 outer']);
    line.put(0, note('behind'));
    line.hold(false);
    expect(ran).toEqual(['0 outer', '0 inner', '0 behind']);
    line.put(0, () => line.clear());
    expect(line.isEmpty).toBe(true);
  });

  it('goes on after what throws', () => {
    const { line, ran, note } = made();
    expect(() =>
      line.put(0, () => {
        throw new Error('a bug');
      }),
    ).toThrow('a bug');
    line.put(0, note('next'));
    expect(ran).toEqual(['0 next']);
  });

  it('forgets what is cleared, and sets no timer for it', () => {
    const { clock, line, ran, note } = made();
    line.put(10, note('a'));
    line.clear();
    expect(clock.waiting).toBe(0);
    line.put(0, note('b'));
    clock.advance(20);
    expect(ran).toEqual(['0 b']);
  });
});
