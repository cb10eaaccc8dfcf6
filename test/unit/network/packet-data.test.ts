import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { Pace } from '../../../src/network/pace.js';
import { type ContextLoss, PacketData } from '../../../src/network/packet-data.js';
import { heard, instant, pass, turns } from './world.js';

const ip = { type: 'IP', apn: 'cmnet' } as const;

let data: PacketData;
let losses: ContextLoss[];
const active = () =>
  data
    .contexts()
    .filter(context => context.active)
    .map(({ cid }) => cid);

beforeEach(async () => {
  data = new PacketData({ pace: instant(), seed: 'rig' });
  data.follow('available');
  await turns();
  losses = heard(data.lost);
});

describe('with a network', () => {
  it('attaches by itself and has context 1', () => {
    expect(data.attached).toBe(true);
    expect(active()).toEqual([1]);
    expect(data.context(1)).toEqual({ cid: 1, type: 'IP', apn: 'internet', active: true, address: data.address });
    expect(data.address).toMatch(/^10\./);
  });

  it('takes its time with real timing', async () => {
    const clock = new ManualClock();
    const slow = new PacketData({ pace: new Pace(clock, 'real'), seed: 'rig' });
    slow.follow('available');
    clock.advance(299);
    expect(slow.attached).toBe(false);
    clock.advance(1);
    expect(slow.attached).toBe(true);
    slow.define(2, ip);
    const activation = slow.activate(2);
    await pass(clock, 300);
    expect(await activation).toBe('done');
  });
});

describe('contexts', () => {
  it('are defined, activated, each with its own address, and deactivated', async () => {
    expect(data.define(5, { type: 'IPV4V6', apn: 'iot', user: 'u', password: 'p' })).toBe('done');
    expect(data.context(5)).toEqual({ cid: 5, type: 'IPV4V6', apn: 'iot', user: 'u', password: 'p', active: false });
    const up = heard(data.activated);
    expect(await data.activate(5)).toBe('done');
    expect(await data.activate(5)).toBe('done');
    expect(up).toEqual([{ cid: 5 }]);
    expect(data.context(5)?.address).not.toBe(data.context(1)?.address);
    expect(data.context(5)?.address6).toMatch(/^fd00:/);
    expect(data.deactivate(5)).toBe('done');
    expect(losses).toEqual([{ cid: 5, by: 'host' }]);
    expect(data.awaitsReactivation).toBe(false);
  });

  it('with IPv6 alone have no IPv4 address', async () => {
    data.define(2, { type: 'IPV6', apn: '' });
    await data.activate(2);
    expect(data.context(2)).not.toHaveProperty('address');
  });

  it('cannot be changed while active, nor used undefined', async () => {
    expect(data.define(1, ip)).toBe('active');
    expect(data.undefine(1)).toBe('active');
    expect(await data.activate(9)).toBe('not-defined');
    expect(data.deactivate(9)).toBe('not-defined');
    data.deactivate(1);
    expect(data.undefine(1)).toBe('done');
    expect(data.contexts()).toEqual([]);
    expect(() => data.define(16, ip)).toThrow(RangeError);
  });

  it('go up and down all together, by cid', async () => {
    data.define(7, ip);
    data.define(3, ip);
    await data.activate();
    expect(active()).toEqual([1, 3, 7]);
    data.deactivate();
    expect(active()).toEqual([]);
    expect(losses.map(({ cid }) => cid).sort()).toEqual([1, 3, 7]);
  });
});

describe('after the network took the context', () => {
  beforeEach(() => data.deactivateByNetwork(1));

  it('says so once', () => {
    data.deactivateByNetwork(1);
    expect(losses).toEqual([{ cid: 1, by: 'network' }]);
    expect(data.awaitsReactivation).toBe(true);
  });

  it('nothing comes up by itself, not even with a new attachment', async () => {
    data.follow('out-of-coverage');
    data.follow('available');
    data.detach();
    expect(await data.attach()).toBe('done');
    expect(active()).toEqual([]);
  });

  it('an activation of any context ends that', async () => {
    data.define(5, ip);
    expect(await data.activate(5)).toBe('done');
    expect(data.awaitsReactivation).toBe(false);
    expect(active()).toEqual([5]);
  });

  it('a radio that starts anew ends that, and brings context 1', async () => {
    data.release();
    data.startAnew();
    data.follow('available');
    await turns();
    expect(active()).toEqual([1]);
  });

  it('a context that was not active was not taken', async () => {
    await data.activate(1);
    data.deactivateByNetwork(8);
    expect(data.awaitsReactivation).toBe(false);
  });
});

describe('attachment', () => {
  it('ends with every context, and stays ended when the host wanted that', async () => {
    const states = heard(data.attachment);
    data.detach();
    expect(losses).toEqual([{ cid: 1, by: 'host' }]);
    data.follow('available');
    await turns();
    expect(data.attached).toBe(false);
    expect(await data.attach()).toBe('done');
    expect(states).toEqual(['detached', 'attached']);
    expect(active()).toEqual([1]);
  });

  it('is made by an activation where there is none', async () => {
    data.detach();
    expect(await data.activate(1)).toBe('done');
    expect(data.attached).toBe(true);
  });

  it('outlives a gap in coverage', () => {
    data.follow('out-of-coverage');
    expect([data.attached, active(), losses]).toEqual([true, [1], []]);
  });

  it('ends when the network refuses', () => {
    data.follow('denied');
    expect(losses).toEqual([{ cid: 1, by: 'network' }]);
    expect(data.attached).toBe(false);
  });

  it.each([
    ['none', 'no-network'],
    ['out-of-coverage', 'no-network'],
    ['denied', 'denied'],
    ['no-sim', 'no-sim'],
  ] as const)('with %s is refused as %s', async (service, outcome) => {
    const fresh = new PacketData({ pace: instant(), seed: 'rig' });
    fresh.follow(service);
    expect(await fresh.attach()).toBe(outcome);
    expect(await fresh.activate(1)).toBe(outcome);
  });

  it('is refused when the network goes while it waits', async () => {
    data.detach();
    const attaching = data.attach();
    data.follow('denied');
    expect(await attaching).toBe('denied');
  });
});

describe('a power-off', () => {
  it('keeps definitions and nothing else, and tells nothing', () => {
    data.define(5, ip);
    data.deactivateByNetwork();
    losses.length = 0;
    data.reset();
    expect(data.contexts().map(({ cid }) => cid)).toEqual([1, 5]);
    expect([data.attached, active(), data.awaitsReactivation, losses]).toEqual([false, [], false, []]);
  });
});
