import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { ModuleClock } from '../../../src/network/module-clock.js';
import { heard } from './world.js';

const at = (text: string) => new ManualClock(Date.parse(text));
const seconds = (clock: ModuleClock) => clock.fields().epoch;

describe('the fields', () => {
  it('are what grammars print', () => {
    const clock = new ModuleClock(at('2021-10-19T17:47:56Z'));
    expect(clock.fields()).toEqual({
      yyyy: '2021',
      yy: '21',
      MM: '10',
      dd: '19',
      d: '19',
      hh: '17',
      mm: '47',
      ss: '56',
      weekday: 'Tue',
      month: 'Oct',
      zone: '+00',
      epoch: 1634665676,
    });
  });

  it('pad the day of asctime with a space', () => {
    const { weekday, month, d, dd } = new ModuleClock(at('2021-09-02T00:00:00Z')).fields();
    expect(`${weekday} ${month} ${d}|${dd}`).toBe('Thu Sep  2|02');
  });

  it.each([
    [32, '2024-10-12 07:59:59 +32'],
    [-14, '2024-10-11 20:29:59 -14'],
    [0, '2024-10-11 23:59:59 +00'],
    [23, '2024-10-12 05:44:59 +23'],
  ])('in zone %i', (zone, expected) => {
    const { yyyy, MM, dd, hh, mm, ss, zone: text } = new ModuleClock(at('2024-10-11T23:59:59Z')).fields(zone);
    expect(`${yyyy}-${MM}-${dd} ${hh}:${mm}:${ss} ${text}`).toBe(expected);
  });
});

describe('the clock', () => {
  it('is right from power-on with policy host, and goes on', () => {
    const manual = at('2026-01-01T00:00:00Z');
    const clock = new ModuleClock(manual);
    manual.advance(61_000);
    expect([clock.synchronised, clock.fields().mm, clock.fields().ss]).toEqual([true, '01', '01']);
  });

  it('starts in 1970 with policy never, again after each reset, until it is synchronised', () => {
    const manual = at('2026-01-01T00:00:00Z');
    const clock = new ModuleClock(manual, { policy: 'never' });
    const updates = heard(clock.updated);
    manual.advance(5000);
    expect([clock.synchronised, seconds(clock), clock.fields().yyyy]).toEqual([false, 5, '1970']);
    clock.sync();
    expect([clock.synchronised, clock.fields().yyyy, updates.length]).toEqual([true, '2026', 1]);
    clock.powerOn();
    expect([clock.synchronised, seconds(clock)]).toEqual([false, 0]);
  });

  it('takes the time of a server', () => {
    const clock = new ModuleClock(at('2026-01-01T00:00:00Z'));
    clock.sync(Date.UTC(2030, 5, 1), 32);
    expect([clock.fields(0).yyyy, clock.zone]).toEqual(['2030', 32]);
  });

  it('is set in local time, with or without a zone', () => {
    const clock = new ModuleClock(at('2026-01-01T00:00:00Z'), { zone: 4 });
    expect(clock.set({ year: 14, month: 1, day: 1, hour: 2, minute: 14, second: 36, zone: 8 })).toBe('done');
    const { yy, MM, dd, hh, mm, ss, zone, epoch } = clock.fields();
    expect(`${yy}/${MM}/${dd},${hh}:${mm}:${ss}${zone}`).toBe('14/01/01,02:14:36+08');
    expect(epoch).toBe(Date.UTC(2014, 0, 1, 0, 14, 36) / 1000);
    clock.set({ year: 2024, month: 2, day: 29, hour: 0, minute: 0, second: 0 });
    expect([clock.zone, clock.fields().dd]).toEqual([8, '29']);
    clock.powerOn();
    expect(clock.zone).toBe(4);
  });

  it.each([
    [70, '1970'],
    [99, '1999'],
    [0, '2000'],
    [69, '2069'],
  ])('year %i is %s', (year, expected) => {
    const clock = new ModuleClock(at('2026-01-01T00:00:00Z'));
    clock.set({ year, month: 6, day: 1, hour: 0, minute: 0, second: 0, zone: 0 });
    expect(clock.fields().yyyy).toBe(expected);
  });

  it.each([
    { month: 13 },
    { month: 0 },
    { day: 0 },
    { month: 2, day: 30 },
    { year: 2023, month: 2, day: 29 },
    { hour: 24 },
    { minute: 60 },
    { second: 60 },
    { zone: 97 },
    { zone: -97 },
  ])('is not set to %j', wrong => {
    const clock = new ModuleClock(at('2026-01-01T00:00:00Z'));
    expect(clock.set({ year: 2024, month: 1, day: 1, hour: 0, minute: 0, second: 0, ...wrong })).toBe('bad-range');
    expect(clock.fields().yyyy).toBe('2026');
  });

  it('changes its zone within what zones there are', () => {
    const clock = new ModuleClock(at('2026-01-01T00:00:00Z'));
    expect([clock.setZone(32), clock.setZone(97), clock.zone]).toEqual(['done', 'bad-range', 32]);
  });
});
