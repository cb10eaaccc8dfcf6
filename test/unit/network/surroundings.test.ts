import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { Surroundings, type SurroundingsOptions } from '../../../src/network/surroundings.js';
import { heard, turns } from './world.js';

const surroundings = (options: Partial<SurroundingsOptions> = {}) =>
  new Surroundings({ name: 'rig', clock: new ManualClock(), bearers: ['cellular'], ...options });

describe('a cellular module', () => {
  it('is online some turns after power-on, and tells it once', async () => {
    const world = surroundings();
    const online = heard(world.online);
    expect(world.reach).toEqual({ state: 'offline', why: 'powered-off' });
    world.powerOn();
    expect(world.isOnline).toBe(false);
    await turns();
    expect(online).toEqual([{ address: world.cellular.packetData.address }]);
    expect(world.wifi.mode).toBe(0);
  });

  it('tells once why it is offline', async () => {
    const world = surroundings();
    world.powerOn();
    await turns();
    const offline = heard(world.offline);
    await world.cellular.setFunctionality(0);
    expect(offline).toEqual([{ why: 'radio-off' }]);
    expect(world.reach).toEqual({ state: 'offline', why: 'radio-off' });
  });

  it('stays online while one context is left', async () => {
    const world = surroundings();
    world.powerOn();
    await turns();
    world.cellular.packetData.define(5, { type: 'IP', apn: '' });
    await world.cellular.packetData.activate(5);
    const offline = heard(world.offline);
    world.cellular.packetData.deactivateByNetwork(1);
    expect(offline).toEqual([]);
    world.cellular.packetData.deactivateByNetwork(5);
    expect(offline).toEqual([{ why: 'context-lost' }]);
  });

  it('hears the time from its network, unless its clock is never right by itself', async () => {
    for (const [policy, expected] of [
      ['host', 1],
      ['never', 0],
    ] as const) {
      const world = surroundings({ time: { policy } });
      const updates = heard(world.time.updated);
      world.powerOn();
      await turns();
      expect(updates).toHaveLength(expected);
    }
  });
});

describe('a Wi-Fi module', () => {
  it('is online with an address, offline when it is gone', async () => {
    const world = surroundings({ bearers: ['wifi'] });
    const told: unknown[] = [];
    world.online.on(event => told.push(event));
    world.offline.on(event => told.push(event));
    world.powerOn();
    await world.wifi.join({ ssid: 'home' });
    expect(world.reach).toEqual({ state: 'offline', why: 'no-address' });
    await turns();
    const { ip } = world.wifi.address;
    world.wifi.lose();
    world.wifi.return();
    await turns();
    expect(told).toEqual([{ address: ip }, { why: 'not-joined' }, { address: ip }]);
    expect(world.cellular.sim.state).toBe('failed');
  });
});

describe('a module with both', () => {
  it('is online by either', async () => {
    const world = surroundings({ bearers: ['wifi', 'cellular'], cellular: { sim: 'none' } });
    world.powerOn();
    await turns();
    expect(world.reach).toEqual({ state: 'offline', why: 'not-joined' });
    await world.wifi.join({ ssid: 'home' });
    await turns();
    expect(world.isOnline).toBe(true);
    world.cellular.sim.insert();
    await turns();
    world.wifi.lose();
    expect(world.reach).toEqual({ state: 'online', address: world.cellular.packetData.address });
  });
});

describe('power', () => {
  it('off says nothing, and on begins again', async () => {
    const world = surroundings({ bearers: ['cellular', 'wifi'], time: { policy: 'never' } });
    world.powerOn();
    world.time.sync();
    await turns();
    const said = [heard(world.offline), heard(world.cellular.packetData.lost), heard(world.wifi.lost)];
    world.powerOff();
    await turns();
    expect(said).toEqual([[], [], []]);
    expect([world.power, world.isOnline]).toEqual(['off', false]);
    const online = heard(world.online);
    world.powerOn();
    world.powerOn();
    expect(world.time.fields().yyyy).toBe('1970');
    await turns();
    expect(online).toHaveLength(1);
  });

  it('differs in nothing but the names between two modems', async () => {
    const [one, two] = [surroundings({ name: 'one' }), surroundings({ name: 'two' })];
    for (const world of [one, two]) world.powerOn();
    await turns();
    expect(one.identity.imei).not.toBe(two.identity.imei);
    expect(one.reach).not.toEqual(two.reach);
  });
});
