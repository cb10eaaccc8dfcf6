import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { OperatorError } from '../../../src/base/errors.js';
import { Cellular, type CellularOptions } from '../../../src/network/cellular.js';
import { Operators } from '../../../src/network/operators.js';
import { Pace } from '../../../src/network/pace.js';
import { SignalQuality } from '../../../src/network/signal-quality.js';
import { heard, instant, pass, turns } from './world.js';

async function powered(options: CellularOptions = {}): Promise<Cellular> {
  const cellular = new Cellular(instant(), 'rig', options);
  cellular.powerOn();
  await turns();
  return cellular;
}

const why = ({ reach }: Cellular) => (reach.state === 'online' ? 'online' : reach.why);

describe('from power-on to online', () => {
  it('goes through SIM, registration, attachment and context', async () => {
    const cellular = new Cellular(instant(), 'rig');
    const steps: string[] = [];
    cellular.sim.changed.on(state => steps.push(`sim ${state}`));
    cellular.registration.changed.on(
      ({ domain }) => domain === 'eps' && steps.push(`eps ${cellular.registration.of('eps').stat}`),
    );
    cellular.packetData.attachment.on(state => steps.push(state));
    cellular.packetData.activated.on(({ cid }) => steps.push(`context ${cid}`));
    expect(why(cellular)).toBe('powered-off');
    cellular.powerOn();
    await turns();
    expect(steps).toEqual(['sim busy', 'sim ready', 'eps 2', 'eps 1', 'attached', 'context 1']);
    expect(cellular.reach).toEqual({ state: 'online', address: cellular.packetData.address });
    expect(cellular.operator?.numeric).toBe('46001');
  });

  it('takes 2.8 s with real timing', async () => {
    const clock = new ManualClock();
    const cellular = new Cellular(new Pace(clock, 'real'), 'rig');
    cellular.powerOn();
    clock.advance(2799);
    expect(cellular.isOnline).toBe(false);
    clock.advance(1);
    expect(cellular.isOnline).toBe(true);
    expect(clock.waiting).toBe(0);
  });

  it('waits for the PIN', async () => {
    const cellular = await powered({ sim: { pin: '1234' } });
    expect(why(cellular)).toBe('sim-locked');
    cellular.sim.enterPin('1234');
    await turns();
    expect(cellular.isOnline).toBe(true);
  });

  it('does not get far without a SIM', async () => {
    const cellular = await powered({ sim: 'none' });
    expect(why(cellular)).toBe('no-sim');
    expect(cellular.registration.of('eps').stat).toBe(0);
    cellular.sim.insert();
    await turns();
    expect(cellular.isOnline).toBe(true);
    cellular.sim.remove();
    expect(why(cellular)).toBe('no-sim');
    expect(cellular.packetData.attached).toBe(false);
  });
});

describe('why a link cannot be dialled', () => {
  let cellular: Cellular;

  beforeEach(async () => {
    cellular = await powered();
  });

  it.each([
    ['not-registered', () => cellular.registration.set(2)],
    ['not-registered', () => cellular.registration.set(3)],
    ['not-attached', () => void cellular.packetData.detach()],
    ['no-context', () => void cellular.packetData.deactivate(1)],
    ['context-lost', () => cellular.packetData.deactivateByNetwork(1)],
    ['powered-off', () => cellular.powerOff()],
  ])('%s', (reason, happens) => {
    happens();
    expect(why(cellular)).toBe(reason);
    expect(cellular.isOnline).toBe(false);
  });

  it('roaming is as good as home', () => {
    cellular.registration.set(5);
    expect(cellular.isOnline).toBe(true);
  });

  it('a gap in coverage ends by itself, a refusal does not', async () => {
    cellular.registration.set(4);
    cellular.registration.set(1);
    expect(cellular.isOnline).toBe(true);
    cellular.registration.set(3);
    cellular.registration.set(1);
    await turns();
    expect(why(cellular)).toBe('context-lost');
  });
});

describe('functionality', () => {
  it('4 leaves the network and keeps the SIM', async () => {
    const cellular = await powered();
    const steps: string[] = [];
    cellular.packetData.lost.on(({ by }) => steps.push(`lost by ${by}`));
    cellular.packetData.attachment.on(state => steps.push(state));
    cellular.registration.changed.on(({ domain }) => steps.push(domain));
    cellular.radio.changed.on(({ from, to }) => steps.push(`${from} to ${to}`));
    await cellular.setFunctionality(4);
    expect(steps).toEqual(['1 to 4', 'lost by host', 'detached', 'cs', 'ps', 'eps']);
    expect(cellular.sim.state).toBe('ready');
    expect(cellular.signal.rssi).toBe(99);
    expect(why(cellular)).toBe('radio-off');
  });

  it('0 takes the SIM too, and 1 brings everything back', async () => {
    const cellular = await powered();
    const states = heard(cellular.sim.changed);
    await cellular.setFunctionality(0);
    expect(cellular.sim.state).toBe('failed');
    await cellular.setFunctionality(1);
    await turns();
    expect(states).toEqual(['failed', 'busy', 'ready']);
    expect(cellular.isOnline).toBe(true);
    expect(cellular.signal.rssi).toBe(28);
  });

  it('4 after 0 wakes the SIM alone', async () => {
    const cellular = await powered();
    await cellular.setFunctionality(0);
    await cellular.setFunctionality(4);
    await turns();
    expect([cellular.sim.state, cellular.registration.of('cs').stat]).toEqual(['ready', 0]);
  });

  it('1 after 0 is one of the ways back from a lost context', async () => {
    const cellular = await powered();
    cellular.packetData.deactivateByNetwork();
    await cellular.setFunctionality(0);
    await cellular.setFunctionality(1);
    await turns();
    expect(cellular.isOnline).toBe(true);
  });

  it('comes to nothing when the power goes before it takes effect', async () => {
    const clock = new ManualClock();
    const cellular = new Cellular(new Pace(clock, 'real'), 'rig');
    cellular.powerOn();
    const change = cellular.setFunctionality(4);
    clock.advance(100);
    cellular.powerOff();
    cellular.powerOn();
    await pass(clock, 3000);
    await change;
    expect(cellular.radio.functionality).toBe(1);
    expect(cellular.isOnline).toBe(true);
  });
});

describe('choosing an operator', () => {
  it('by any of its names registers', async () => {
    const cellular = await powered();
    for (const operator of ['CHN-UNICOM', 'UNICOM', '46001'])
      expect(await cellular.register({ mode: 'manual', operator })).toBe('done');
    expect(cellular.operators.mode).toBe(1);
  });

  it('that is unknown or forbidden changes nothing', async () => {
    const cellular = await powered();
    expect(await cellular.register({ mode: 'manual', operator: '99999' })).toBe('not-found');
    expect(await cellular.register({ mode: 'manual', operator: '46000' })).toBe('denied');
    expect([cellular.operators.mode, cellular.isOnline]).toEqual([0, true]);
  });

  it('that is another one leaves the first', async () => {
    const open = { act: 7, access: 'open' } as const;
    const operators = [
      { long: 'One', short: '1', numeric: '00101', ...open },
      { long: 'Two', short: '2', numeric: '00102', ...open },
    ];
    const cellular = await powered({ operators });
    const losses = heard(cellular.packetData.lost);
    expect(await cellular.register({ mode: 'manual', operator: 'Two' })).toBe('done');
    expect(losses).toEqual([{ cid: 1, by: 'host' }]);
    expect(cellular.operator?.short).toBe('2');
    expect(await cellular.register({ mode: 'automatic' })).toBe('done');
    expect(cellular.operator?.short).toBe('1');
  });

  it('none deregisters, over a restart of the radio, until automatic again or power-on', async () => {
    const cellular = await powered();
    expect(await cellular.register({ mode: 'deregister' })).toBe('done');
    expect(cellular.operator).toBeUndefined();
    await cellular.setFunctionality(0);
    await cellular.setFunctionality(1);
    await turns();
    expect(why(cellular)).toBe('not-registered');
    expect(await cellular.register({ mode: 'automatic' })).toBe('done');
    await turns();
    expect(cellular.isOnline).toBe(true);
    await cellular.register({ mode: 'deregister' });
    cellular.powerOff();
    cellular.powerOn();
    await turns();
    expect(cellular.isOnline).toBe(true);
  });

  it.each([
    [3, 'denied'],
    [2, 'no-network'],
  ] as const)('with verdict %i is %s', async (stat, outcome) => {
    const cellular = await powered();
    cellular.registration.set(stat);
    expect(await cellular.register({ mode: 'automatic' })).toBe(outcome);
  });

  it('needs a SIM', async () => {
    const cellular = await powered({ sim: 'none' });
    expect(await cellular.register({ mode: 'automatic' })).toBe('no-sim');
  });

  it('needs a list that is right', () => {
    expect(() => new Operators([])).toThrow(OperatorError);
    expect(() => new Operators([{ long: 'X', short: 'X', numeric: '1', act: 7, access: 'open' }])).toThrow(
      /5 or 6 digits/,
    );
  });
});

describe('no effect is told before its cause', () => {
  it('when the network refuses', async () => {
    const cellular = await powered();
    const told: string[] = [];
    cellular.packetData.lost.on(({ cid }) => told.push(`lost ${cid}`));
    cellular.registration.changed.on(({ domain }) => told.push(domain));
    cellular.registration.set(3);
    expect(told).toEqual(['cs', 'ps', 'eps', 'lost 1']);
  });

  it('when the SIM goes', async () => {
    const cellular = await powered();
    const told: string[] = [];
    cellular.registration.changed.on(({ domain }) => told.push(domain));
    cellular.sim.changed.on(state => told.push(state));
    cellular.sim.remove();
    expect(told).toEqual(['absent', 'cs', 'ps', 'eps']);
  });
});

describe('a power-off', () => {
  it('says nothing and leaves nothing behind', () => {
    const clock = new ManualClock();
    const cellular = new Cellular(new Pace(clock, 'real'), 'rig');
    cellular.powerOn();
    clock.advance(5000);
    const { packetData, registration, sim } = cellular;
    const heardAnything = [
      heard(packetData.lost),
      heard(packetData.attachment),
      heard(registration.changed),
      heard(sim.changed),
    ];
    cellular.powerOff();
    clock.advance(60_000);
    expect(heardAnything).toEqual([[], [], [], []]);
    expect(clock.waiting).toBe(0);
  });
});

describe('signal quality', () => {
  it.each([
    [0, -113, 1],
    [28, -57, 57],
    [31, -51, 63],
  ])('rssi %i is %i dBm', (rssi, dbm, rsrp) => {
    const signal = new SignalQuality({ rssi });
    signal.hear('network');
    expect([signal.dbm, signal.rsrp]).toEqual([dbm, rsrp]);
  });

  it('is unknown while nothing is heard', () => {
    const signal = new SignalQuality({ rssi: 20, ber: 0 });
    expect([signal.rssi, signal.ber, signal.dbm, signal.rsrp, signal.rsrq]).toEqual([99, 99, undefined, 255, 255]);
  });

  it('can be set within its ranges', () => {
    const signal = new SignalQuality();
    signal.hear('network');
    const changes = heard(signal.changed);
    signal.set({ rssi: 99, ber: 7 });
    expect(changes).toEqual([{ rssi: 99, ber: 7 }]);
    for (const wrong of [{ rssi: 32 }, { rssi: -1 }, { ber: 8 }, { rssi: 1.5 }])
      expect(() => signal.set(wrong)).toThrow(OperatorError);
  });
});
