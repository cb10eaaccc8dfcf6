import { describe, expect, test } from 'vitest';
import { Cellular } from '../../../src/network/cellular.js';
import { applyConditions, type NetworkConditions, usualConditions } from '../../../src/network/conditions.js';
import { instant, turns } from './world.js';

async function poweredUnder(conditions: NetworkConditions): Promise<Cellular> {
  const cellular = new Cellular(instant(), 'dev-1');
  applyConditions(cellular, conditions);
  cellular.powerOn();
  await turns();
  return cellular;
}

describe('conditions before power-on', () => {
  test('the usual ones are what a module meets that was told nothing', async () => {
    const [told, untold] = [await poweredUnder(usualConditions), await poweredUnder({})];
    expect(told.registration.of('eps')).toEqual(untold.registration.of('eps'));
    expect(told.signal.rssi).toBe(untold.signal.rssi);
    expect(told.operator).toEqual(untold.operator);
    expect(told.operators.audible).toEqual(untold.operators.audible);
    expect(told.isOnline && untold.isOnline).toBe(true);
  });

  test('roaming, with a weak signal, at another operator', async () => {
    const operator = { long: 'Example Mobile', numeric: '26299' };
    const cellular = await poweredUnder({ registration: 'roaming', signal: 5, operator });
    expect(cellular.registration.of('cs').stat).toBe(5);
    expect(cellular.signal.rssi).toBe(5);
    expect(cellular.operator).toEqual({ ...operator, short: 'Example Mobile', act: 7, access: 'open' });
    expect(cellular.isOnline).toBe(true);
  });

  test('denied: registration 3, and nothing to dial through', async () => {
    const cellular = await poweredUnder({ registration: 'denied' });
    expect(cellular.registration.of('eps').stat).toBe(3);
    expect(cellular.reach).toEqual({ state: 'offline', why: 'not-registered' });
  });

  test('without packet data it registers, and cannot attach', async () => {
    const cellular = await poweredUnder({ packetData: false });
    expect(cellular.registration.of('eps').stat).toBe(1);
    expect(cellular.reach).toEqual({ state: 'offline', why: 'not-attached' });
    expect(await cellular.packetData.attach()).toBe('denied');
  });

  test('a figure that is none is told', () => {
    const cellular = new Cellular(instant(), 'dev-1');
    expect(() => applyConditions(cellular, { registration: 'roming' as never })).toThrow(/did you mean `roaming`/);
    expect(() => applyConditions(cellular, { signal: 40 })).toThrow(/0 to 31/);
    expect(() => applyConditions(cellular, { operator: { long: 'x', numeric: '1' } })).toThrow(/5 or 6 digits/);
  });
});

describe('conditions of a modem that runs', () => {
  test('packet data goes, its context with it; it comes back, and waits for the host to bring the context up', async () => {
    const cellular = await poweredUnder({});
    applyConditions(cellular, { packetData: false });
    expect(cellular.reach).toEqual({ state: 'offline', why: 'context-lost' });
    applyConditions(cellular, { packetData: true });
    await turns();
    expect(cellular.packetData.attached).toBe(true);
    expect(await cellular.packetData.activate()).toBe('done');
    expect(cellular.isOnline).toBe(true);
  });

  test('what is left out stays as it is', async () => {
    const cellular = await poweredUnder({ registration: 'roaming', signal: 5 });
    applyConditions(cellular, { signal: 20 });
    expect(cellular.registration.of('eps').stat).toBe(5);
    expect(cellular.signal.rssi).toBe(20);
  });

  test('a host that chose an operator by hand keeps it', async () => {
    const cellular = await poweredUnder({});
    await cellular.register({ mode: 'manual', operator: 'CHN-UNICOM' });
    applyConditions(cellular, { operator: { long: 'Example Mobile', numeric: '26299' } });
    expect(cellular.operator?.long).toBe('CHN-UNICOM');
  });
});
