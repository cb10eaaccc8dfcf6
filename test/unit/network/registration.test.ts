import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { OperatorError } from '../../../src/base/errors.js';
import { Pace } from '../../../src/network/pace.js';
import { domains, Registration } from '../../../src/network/registration.js';
import { heard, instant, turns } from './world.js';

const stats = (registration: Registration) => domains.map(domain => registration.of(domain).stat);

describe('registration', () => {
  it('searches, then is home in every domain, and knows its cell only then', async () => {
    const registration = new Registration(instant());
    expect(stats(registration)).toEqual([0, 0, 0]);
    registration.start();
    expect(stats(registration)).toEqual([2, 2, 2]);
    expect(registration.of('eps')).toEqual({ stat: 2 });
    await registration.whenSettled();
    expect(stats(registration)).toEqual([1, 1, 1]);
    expect(registration.of('eps')).toEqual({ stat: 1, area: 'DE10', cell: '5A29C0B', act: 7 });
  });

  it('tells each change once, when all domains have moved', async () => {
    const registration = new Registration(instant());
    const seen: unknown[] = [];
    registration.changed.on(({ domain, kind }) => seen.push([domain, kind, ...stats(registration)]));
    registration.start();
    registration.start();
    await turns();
    expect(seen).toEqual([
      ['cs', 'stat', 2, 2, 2],
      ['ps', 'stat', 2, 2, 2],
      ['eps', 'stat', 2, 2, 2],
      ['cs', 'stat', 1, 1, 1],
      ['ps', 'stat', 1, 1, 1],
      ['eps', 'stat', 1, 1, 1],
    ]);
  });

  it('takes two seconds with real timing; leaving ends the search', async () => {
    const clock = new ManualClock();
    const registration = new Registration(new Pace(clock, 'real'));
    registration.start();
    const settled = registration.whenSettled();
    clock.advance(1999);
    expect(stats(registration)).toEqual([2, 2, 2]);
    registration.stop();
    await settled;
    clock.advance(10_000);
    expect(stats(registration)).toEqual([0, 0, 0]);
    expect(clock.waiting).toBe(0);
  });

  it('obeys the verdict of the network at once, in the domains named, and over a restart', async () => {
    const registration = new Registration(instant());
    registration.start();
    await turns();
    const changes = heard(registration.changed);
    registration.set(5, 'ps', 'eps');
    expect(stats(registration)).toEqual([1, 5, 5]);
    expect(changes).toEqual([
      { domain: 'ps', kind: 'stat' },
      { domain: 'eps', kind: 'stat' },
    ]);
    registration.set(3);
    registration.reset();
    expect(changes).toHaveLength(5);
    registration.start();
    await turns();
    expect(stats(registration)).toEqual([3, 3, 3]);
  });

  it('keeps a verdict that comes during the search for its end, and one that comes before for later', async () => {
    const registration = new Registration(instant());
    registration.set(5);
    expect(stats(registration)).toEqual([0, 0, 0]);
    registration.start();
    registration.set(3, 'cs');
    expect(stats(registration)).toEqual([2, 2, 2]);
    await turns();
    expect(stats(registration)).toEqual([3, 5, 5]);
  });

  it('tells a new cell where it is registered', async () => {
    const registration = new Registration(instant(), { area: 'd509', cell: '80d413d' });
    const changes = heard(registration.changed);
    registration.moveTo({ cell: '1' });
    expect(changes).toEqual([]);
    registration.set(2, 'cs');
    registration.start();
    await turns();
    changes.length = 0;
    registration.moveTo({ cell: 'abc', act: 9 });
    expect(changes).toEqual([
      { domain: 'ps', kind: 'cell' },
      { domain: 'eps', kind: 'cell' },
    ]);
    expect(registration.of('ps')).toEqual({ stat: 1, area: 'D509', cell: 'ABC', act: 9 });
  });

  it.each([-1, 6, 1.5, Number.NaN])('has no state %d', stat => {
    expect(() => new Registration(instant()).set(stat)).toThrow(OperatorError);
  });

  it.each([{ area: 'DE1' }, { cell: '123456789' }, { cell: 'xyz' }, { act: 10 }])('has no cell %j', cell => {
    expect(() => new Registration(instant(), cell)).toThrow(OperatorError);
  });
});
