/** The list of modems, from the batches that a daemon sends. */
import { describe, expect, it } from 'vitest';
import { type Fleet, noFleet, quietened, withBatch } from '../../../src/web/fleet.js';
import { summary } from './summaries.js';

const two = withBatch(noFleet, [{ event: 'modems', modems: [summary('a'), summary('b')] }], 1000);
const names = ({ modems }: Fleet) => [...(modems?.keys() ?? [])];

describe('who is there', () => {
  it('is nobody that is known before the daemon told', () => {
    expect(noFleet.modems).toBeUndefined();
  });

  it('keeps the order of the configuration, whoever changes', () => {
    const next = withBatch(two, [{ event: 'modem', modem: summary('a', { power: 'off' }) }], 1001);
    expect(names(next)).toEqual(['a', 'b']);
    expect(next.modems?.get('a')?.power).toBe('off');
    expect(two.modems?.get('a')?.power).toBe('on');
  });

  it('takes what is new, and lets go of what is gone', () => {
    const next = withBatch(
      two,
      [
        { event: 'modem', modem: summary('c') },
        { event: 'removed', modem: 'a' },
      ],
      1001,
    );
    expect(names(next)).toEqual(['b', 'c']);
  });

  it('begins anew with a daemon that tells all', () => {
    expect(names(withBatch(two, [{ event: 'modems', modems: [summary('z')] }], 2000))).toEqual(['z']);
  });
});

describe('how much they speak', () => {
  const speaks = (fleet: Fleet, lines: number, now: number) =>
    withBatch(fleet, [{ event: 'activity', lines: { a: lines } }], now);

  it('is lines a second, over the time between two counts', () => {
    const next = speaks(speaks(two, 100, 2000), 350, 2500);
    expect(next.rates.get('a')).toBe(500);
    expect(next.modems?.get('a')?.lines).toBe(350);
  });

  it('leaves out who said nothing', () => {
    const next = withBatch(speaks(two, 100, 2000), [{ event: 'activity', lines: { b: 5 } }], 2500);
    expect([...next.rates.keys()]).toEqual(['b']);
  });

  it('passes over a modem that it does not know', () => {
    expect(withBatch(two, [{ event: 'activity', lines: { ghost: 5 } }], 2000).rates.size).toBe(0);
  });

  it('never goes below nothing, though a restarted daemon counts anew', () => {
    expect(speaks(speaks(two, 100, 2000), 3, 2500).rates.get('a')).toBe(0);
  });

  it('is nothing once nobody is heard for a while', () => {
    const speaking = speaks(two, 100, 2000);
    expect(quietened(speaking, 3000)).toBe(speaking);
    expect(quietened(speaking, 3600).rates.size).toBe(0);
  });
});
