import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { Arrival } from '../../../src/ports/arrival.js';

describe('a host that has come', () => {
  let clock: ManualClock;
  let told: number[];
  let arrival: Arrival;

  beforeEach(() => {
    clock = new ManualClock();
    told = [];
    arrival = new Arrival(clock, { pause: 30, longest: 100 }, () => told.push(clock.now()));
  });

  it('is told of once it has been quiet', () => {
    arrival.begin();
    clock.advance(29);
    expect(arrival.isPending).toBe(true);
    clock.advance(1);
    expect(told).toEqual([30]);
    expect(arrival.isPending).toBe(false);
  });

  it('has its pause anew whenever it sets something up, and not for ever', () => {
    arrival.begin();
    for (let i = 0; i < 10; i++) {
      clock.advance(20);
      arrival.stir();
    }
    expect(told).toEqual([100]);
  });

  it('is told of at once when it sends a byte, and then never again', () => {
    arrival.begin();
    clock.advance(5);
    arrival.settle();
    arrival.settle();
    clock.advance(1000);
    expect(told).toEqual([5]);
    expect(clock.waiting).toBe(0);
  });

  it('is told of to nobody when it has left by then', () => {
    arrival.begin();
    expect(arrival.cancel()).toBe(true);
    expect(arrival.cancel()).toBe(false);
    clock.advance(1000);
    expect(told).toEqual([]);
  });

  it('is told of at once where there is no pause', () => {
    new Arrival(clock, { pause: 0, longest: 100 }, () => told.push(clock.now())).begin();
    expect(told).toEqual([0]);
    expect(clock.waiting).toBe(0);
  });
});
