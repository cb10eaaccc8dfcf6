import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { Pace } from '../../../src/network/pace.js';
import { Sim } from '../../../src/network/sim.js';
import { heard, instant, turns } from './world.js';

describe('a card without a PIN', () => {
  it('is busy, then ready', async () => {
    const sim = new Sim(instant());
    const states = heard(sim.changed);
    expect(sim.state).toBe('failed');
    sim.powerOn();
    sim.powerOn();
    expect(sim.state).toBe('busy');
    await turns();
    expect(states).toEqual(['busy', 'ready']);
    expect(sim.enterPin('1234')).toBe('not-needed');
  });

  it('takes its time with real timing, and none is left behind by a power-off', () => {
    const clock = new ManualClock();
    const sim = new Sim(new Pace(clock, 'real'));
    sim.powerOn();
    clock.advance(499);
    expect(sim.state).toBe('busy');
    clock.advance(1);
    expect(sim.state).toBe('ready');
    sim.powerOff();
    sim.powerOn();
    sim.powerOff();
    expect(clock.waiting).toBe(0);
    expect(sim.state).toBe('failed');
  });

  it('tells nothing when the whole module loses power', async () => {
    const sim = new Sim(instant());
    sim.powerOn();
    await turns();
    const states = heard(sim.changed);
    sim.reset();
    expect(states).toEqual([]);
    expect(sim.state).toBe('failed');
  });
});

describe('a locked card', () => {
  let sim: Sim;

  beforeEach(async () => {
    sim = new Sim(instant(), { pin: '1234', puk: '87654321' });
    sim.powerOn();
    await turns();
  });

  it('opens with the PIN, until the next power-on', async () => {
    expect(sim.state).toBe('pin');
    expect(sim.enterPin('1234')).toBe('done');
    expect(sim.state).toBe('ready');
    sim.powerOff();
    sim.powerOn();
    await turns();
    expect(sim.state).toBe('pin');
  });

  it('counts wrong PINs over power-offs; the right one gives the tries back', async () => {
    expect(sim.enterPin('0000')).toBe('wrong');
    sim.powerOff();
    sim.powerOn();
    await turns();
    expect(sim.enterPin('0000')).toBe('wrong');
    expect(sim.pinTries).toBe(1);
    sim.enterPin('1234');
    expect(sim.pinTries).toBe(3);
  });

  it('takes no try for what is no PIN', () => {
    for (const text of ['', '123', '123456789', '12a4', '１２３４']) expect(sim.enterPin(text)).toBe('malformed');
    expect(sim.pinTries).toBe(3);
  });

  it('asks for the PUK after three, which sets a new PIN', async () => {
    const states = heard(sim.changed);
    for (let i = 0; i < 3; i++) expect(sim.enterPin('0000')).toBe('wrong');
    expect(states).toEqual(['puk']);
    expect(sim.enterPin('1234')).toBe('blocked');
    expect(sim.enterPuk('11111111', '4321')).toBe('wrong');
    expect(sim.enterPuk('87654321', '43')).toBe('malformed');
    expect(sim.enterPuk('87654321', '4321')).toBe('done');
    expect([sim.state, sim.pinTries, sim.pukTries]).toEqual(['ready', 3, 10]);
    sim.powerOff();
    sim.powerOn();
    await turns();
    expect(sim.enterPin('4321')).toBe('done');
  });

  it('is gone for good after ten wrong PUKs', async () => {
    for (let i = 0; i < 3; i++) sim.enterPin('0000');
    for (let i = 0; i < 10; i++) expect(sim.enterPuk('11111111', '4321')).toBe('wrong');
    expect(sim.state).toBe('failed');
    expect(sim.enterPuk('87654321', '4321')).toBe('blocked');
    sim.powerOff();
    sim.powerOn();
    await turns();
    expect(sim.state).toBe('failed');
  });
});

describe('the slot', () => {
  it('may be empty, and filled', async () => {
    const sim = new Sim(instant(), 'none');
    const states = heard(sim.changed);
    sim.powerOn();
    await turns();
    expect(sim.enterPin('1234')).toBe('absent');
    sim.insert({ pin: '1234' });
    await turns();
    sim.remove();
    sim.fail();
    expect(states).toEqual(['busy', 'absent', 'busy', 'pin', 'absent', 'failed']);
  });
});
