import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { OperatorError } from '../../../src/base/errors.js';
import { type AccessPointSpec, AccessPoints } from '../../../src/network/access-points.js';
import { Pace } from '../../../src/network/pace.js';
import { Wifi } from '../../../src/network/wifi.js';
import { heard, instant, pass, turns } from './world.js';

const home: AccessPointSpec = { ssid: 'home', password: 'secret12', bssid: '0a:00:00:00:00:01', rssi: -60 };
const list: AccessPointSpec[] = [
  home,
  { ...home, bssid: '0A:00:00:00:00:02', rssi: -40 },
  { ssid: '温度' },
  { ssid: 'mute', manner: 'silent' },
  { ssid: 'closed', manner: 'refusing' },
];

function station(accessPoints?: AccessPointSpec[], pace = instant()): Wifi {
  const wifi = new Wifi(pace, 'rig', { accessPoints });
  wifi.powerOn();
  return wifi;
}

const outcome = async (joining: ReturnType<Wifi['join']>) => (await joining).outcome;

describe('joining', () => {
  it('without a list meets any SSID and any password', async () => {
    const wifi = station();
    expect(wifi.state).toBe('idle');
    expect(await outcome(wifi.join({ ssid: '家', password: 'whatever' }))).toBe('joined');
    expect(wifi.accessPoint).toMatchObject({ ssid: '家', encryption: 'wpa2' });
    expect(await outcome(wifi.join({ ssid: 'guest', password: '' }))).toBe('joined');
    expect(wifi.accessPoint).toMatchObject({ ssid: 'guest', encryption: 'open' });
  });

  it('resolves before the address comes', async () => {
    const wifi = station();
    const steps: string[] = [];
    wifi.joined.on(({ ssid }) => steps.push(`joined ${ssid}`));
    wifi.addressed.on(({ ip }) => steps.push(`addressed ${ip}`));
    await wifi.join({ ssid: 'home' });
    steps.push('resolved');
    expect([wifi.state, wifi.address.ip, wifi.isOnline]).toEqual(['joined', '0.0.0.0', false]);
    await turns();
    expect(steps).toEqual(['joined home', 'resolved', `addressed ${wifi.address.ip}`]);
    expect(wifi.address).toMatchObject({ ip: expect.stringMatching(/^192\.168\./), netmask: '255.255.255.0' });
    expect(wifi.reach).toEqual({ state: 'online', address: wifi.address.ip });
  });

  it.each([
    [{ ssid: 'home', password: 'secret12' }, 'joined'],
    [{ ssid: 'home', password: 'secret12', bssid: '0A:00:00:00:00:01' }, 'joined'],
    [{ ssid: 'home', password: 'secret12', bssid: '0a:00:00:00:00:03' }, 'not-found'],
    [{ ssid: 'home', password: 'wrong' }, 'wrong-password'],
    [{ ssid: 'home' }, 'wrong-password'],
    [{ ssid: 'HOME', password: 'secret12' }, 'not-found'],
    [{ ssid: '温度' }, 'joined'],
    [{ ssid: '温度', password: 'needless' }, 'joined'],
    [{ ssid: 'mute' }, 'timeout'],
    [{ ssid: 'closed' }, 'failed'],
  ])('with a list, %j is %s', async (request, expected) => {
    const wifi = station(list);
    expect(await outcome(wifi.join(request))).toBe(expected);
    expect(wifi.state).toBe(expected === 'joined' ? 'joined' : 'left');
  });

  it('takes the strongest of one name, or the one named', async () => {
    const wifi = station(list);
    await wifi.join({ ssid: 'home', password: 'secret12' });
    expect(wifi.accessPoint?.bssid).toBe('0a:00:00:00:00:02');
    await wifi.join({ ssid: 'home', password: 'secret12', bssid: home.bssid });
    expect(wifi.accessPoint?.bssid).toBe('0a:00:00:00:00:01');
  });

  it('leaves the former access point first', async () => {
    const wifi = station();
    await wifi.join({ ssid: 'one' });
    const losses = heard(wifi.lost);
    await wifi.join({ ssid: 'two' });
    expect(losses).toEqual([{ by: 'host' }]);
  });

  it('is off without station mode', async () => {
    const wifi = station();
    for (const mode of [0, 2] as const) {
      wifi.setMode(mode);
      expect(await outcome(wifi.join({ ssid: 'home' }))).toBe('off');
      expect(await wifi.scan()).toBe('off');
    }
    wifi.setMode(3);
    expect(await outcome(wifi.join({ ssid: 'home' }))).toBe('joined');
  });

  it.each([
    ['by another join', (wifi: Wifi) => void wifi.join({ ssid: 'two' })],
    ['by leaving', (wifi: Wifi) => void wifi.leave()],
    ['by a mode without station', (wifi: Wifi) => void wifi.setMode(2)],
    ['by a power-off', (wifi: Wifi) => wifi.powerOff()],
  ])('is cancelled %s', async (_, interrupt) => {
    const wifi = station();
    const joined = heard(wifi.joined);
    const joining = outcome(wifi.join({ ssid: 'one' }));
    interrupt(wifi);
    expect(await joining).toBe('cancelled');
    await turns();
    expect(joined.map(({ ssid }) => ssid)).not.toContain('one');
  });
});

describe('with real timing', () => {
  it.each([
    ['home', 'secret12', undefined, 1500, 'joined'],
    ['home', 'wrong', undefined, 3500, 'wrong-password'],
    ['none', '', undefined, 2500, 'not-found'],
    ['mute', '', undefined, 15_000, 'timeout'],
    ['mute', '', 3000, 3000, 'timeout'],
    ['home', 'wrong', 3000, 3000, 'timeout'],
  ])('%s %s takes its time', async (ssid, password, timeout, ms, expected) => {
    const clock = new ManualClock();
    const wifi = station(list, new Pace(clock, 'real'));
    let ended: string | undefined;
    void outcome(wifi.join({ ssid, password, timeout })).then(value => {
      ended = value;
    });
    await pass(clock, ms - 1);
    expect(ended).toBeUndefined();
    await pass(clock, 1);
    expect(ended).toBe(expected);
  });
});

describe('leaving', () => {
  it('is told once', async () => {
    const wifi = station();
    await wifi.join({ ssid: 'home' });
    await turns();
    const losses = heard(wifi.lost);
    expect([wifi.leave(), wifi.leave()]).toEqual(['left', 'not-joined']);
    expect(losses).toEqual([{ by: 'host' }]);
    expect([wifi.state, wifi.address.ip, wifi.accessPoint]).toEqual(['left', '0.0.0.0', undefined]);
  });

  it('before the address came leaves none behind', async () => {
    const wifi = station();
    await wifi.join({ ssid: 'home' });
    const addressed = heard(wifi.addressed);
    wifi.leave();
    await turns();
    expect(addressed).toEqual([]);
  });
});

describe('an access point that goes away', () => {
  let wifi: Wifi;

  beforeEach(async () => {
    wifi = station(list);
    await wifi.join({ ssid: 'home', password: 'secret12', bssid: home.bssid });
    await turns();
  });

  it('is lost, and joined again when it is back, with the same address', async () => {
    const { ip } = wifi.address;
    const steps: string[] = [];
    wifi.lost.on(({ by }) => steps.push(`lost by ${by}`));
    wifi.joined.on(() => steps.push('joined'));
    wifi.addressed.on(address => steps.push(address.ip));
    wifi.lose();
    wifi.lose();
    await turns();
    expect([wifi.state, wifi.isOnline]).toEqual(['joining', false]);
    wifi.return();
    await turns();
    expect(steps).toEqual(['lost by network', 'joined', ip]);
  });

  it('is not joined again where the station does not come back', async () => {
    wifi.rejoinAfter = 'never';
    wifi.lose();
    wifi.return();
    await turns();
    expect(wifi.state).toBe('left');
  });

  it('is not joined again when the host left meanwhile', async () => {
    wifi.lose();
    wifi.leave();
    wifi.return();
    await turns();
    expect(wifi.state).toBe('left');
  });

  it('is not joined again with a password that is no longer right', async () => {
    wifi.lose();
    wifi.accessPoints.set([{ ...home, password: 'changed12' }]);
    wifi.return();
    await turns();
    expect(wifi.state).toBe('left');
  });

  it('may go alone', async () => {
    wifi.accessPoints.set(list.slice(1));
    wifi.lookAround();
    expect(wifi.state).toBe('joining');
  });

  it('cannot be joined by the host', async () => {
    wifi.lose();
    expect(await outcome(wifi.join({ ssid: 'home', password: 'secret12' }))).toBe('not-found');
    expect(await wifi.scan()).toEqual([]);
  });

  it('while another join of the host is under way disturbs nothing', async () => {
    const joining = outcome(wifi.join({ ssid: '温度' }));
    wifi.return();
    expect(await joining).toBe('joined');
  });

  it('in the middle of a join is not found', async () => {
    const joining = outcome(wifi.join({ ssid: '温度' }));
    wifi.lose();
    expect(await joining).toBe('not-found');
  });
});

describe('a scan', () => {
  it('lists the strongest first, all or those of one name', async () => {
    const wifi = station(list);
    const found = await wifi.scan();
    expect(found === 'off' ? [] : found.map(({ rssi }) => rssi)).toEqual([-40, -50, -50, -50, -60]);
    expect(await wifi.scan('home')).toHaveLength(2);
  });

  it('without a list finds something', async () => {
    expect(await station().scan()).toHaveLength(1);
  });
});

describe('addresses', () => {
  it('may be set by hand', async () => {
    const wifi = station();
    wifi.addressing = { ip: '10.0.0.9', gateway: '10.0.0.1', netmask: '255.0.0.0' };
    await wifi.join({ ssid: 'home' });
    await turns();
    expect(wifi.address.ip).toBe('10.0.0.9');
  });
});

describe('a list of access points', () => {
  it.each([{ ssid: '' }, { ssid: '温'.repeat(11) }, { ssid: 'x', encryption: 'wpa2' as const }])(
    'does not take %j',
    spec => {
      expect(() => new AccessPoints([spec])).toThrow(OperatorError);
    },
  );
});
