/** The small parts of the page: its store, its patience with a daemon that is away, its times. */
import { describe, expect, it } from 'vitest';
import { Backoff } from '../../../src/web/backoff.js';
import { Store } from '../../../src/web/store.js';
import { betweenText, clockText } from '../../../src/web/time-text.js';

describe('a store', () => {
  it('tells who listens, of what changed alone', () => {
    const store = new Store(1);
    const heard: number[] = [];
    const stop = store.on(() => heard.push(store.state));
    store.update(state => state + 1);
    store.update(state => state);
    stop();
    store.update(() => 9);
    expect(heard).toEqual([2]);
  });

  it('lets a listener leave while it is told', () => {
    const store = new Store(1);
    const heard: string[] = [];
    const leave = store.on(() => {
      heard.push('first');
      leave();
    });
    store.on(() => heard.push('second'));
    store.update(() => 2);
    expect(heard).toEqual(['first', 'second']);
  });
});

describe('a backoff', () => {
  it('waits longer each time, up to 8 s, and short again when it went well', () => {
    const backoff = new Backoff(() => 1);
    expect([1, 2, 3, 4, 5, 6, 7].map(() => backoff.next())).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000]);
    backoff.reset();
    expect(backoff.next()).toBe(250);
  });

  it('is spread, so that not all pages come at once', () => {
    expect(new Backoff(() => 0).next()).toBe(125);
  });
});

describe('times', () => {
  it('of day have milliseconds', () => {
    expect(clockText(new Date(2026, 0, 2, 3, 4, 5, 6).getTime())).toBe('03:04:05.006');
  });

  it.each([
    [0, '+0.000 s'],
    [12, '+0.012 s'],
    [59_999, '+59.999 s'],
    [247_000, '+4 min 07 s'],
    [3_720_000, '+1 h 02 min'],
    [-5, '-0.005 s'],
  ])('between, %i ms: %s', (ms, text) => {
    expect(betweenText(ms)).toBe(text);
  });
});
