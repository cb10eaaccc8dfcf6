/** What happens, as those who listen get it: in batches, whole, and never at the cost of memory. */
import { describe, expect, test } from 'vitest';
import type { ManualClock } from '../../../src/base/clock.js';
import { Signal } from '../../../src/base/signal.js';
import { type EventSocket, EventStream, mostBuffered, streamPatience } from '../../../src/control/event-stream.js';
import { LiveFeed, sweep, tick } from '../../../src/control/live-feed.js';
import type { LiveEvent } from '../../../src/control/messages.js';
import { Monitor } from '../../../src/control/monitor.js';
import { recordingLog } from '../../support/log.js';
import { ModemUnderTest, type Plan } from '../modem/modem-under-test.js';
import { goOnline } from '../modem/online.js';
import { PretendedFaults, pretendedFaults } from './rig-under-test.js';

class Listener implements EventSocket {
  bufferedAmount = 0;
  isCut = false;
  isClosed = false;
  messages: LiveEvent[][] = [];

  send(text: string): void {
    this.messages.push(JSON.parse(text) as LiveEvent[]);
  }

  close(): void {
    this.isClosed = true;
  }

  terminate(): void {
    this.isCut = true;
  }

  /** What came since it was last asked. */
  take(): LiveEvent[] {
    return this.messages.splice(0).flat();
  }

  get lines(): string[] {
    return this.take().flatMap(event => (event.event === 'dialogue' ? event.lines.map(({ text }) => text) : []));
  }
}

async function feeding(dialect = 'luat', plan: Plan = {}) {
  const under = await ModemUnderTest.start(dialect, plan);
  const { modem, clock } = under;
  const faults = new PretendedFaults();
  const target = {
    modems: [modem],
    modemsChanged: new Signal<void>(),
    broker: undefined,
    faults: pretendedFaults(faults),
    clock,
    log: recordingLog(),
    version: '0',
  };
  const monitor = new Monitor(target);
  const feed = new LiveFeed(monitor, clock);
  let cuts = 0;
  const join = (name?: string, after?: number) => {
    const listener = new Listener();
    const stream = new EventStream(listener, clock, () => {
      cuts += 1;
    });
    const leave = feed.join(stream, name === undefined ? undefined : monitor.get(name), after);
    return { listener, leave };
  };
  return { under, modem, clock, target, monitor, feed, faults, join, cuts: () => cuts };
}

describe('who comes', () => {
  test('is told first what all modems are in', async () => {
    const { join } = await feeding();
    const { listener } = join();
    expect(listener.take()).toMatchObject([{ event: 'modems', modems: [{ name: 'modem', network: 'home' }] }]);
  });

  test('with the number of a line is told those after it, and how many are gone', async () => {
    const { under, join } = await feeding();
    for (const line of ['AT', 'AT+CSQ']) await under.host.asks(line);
    const { listener } = join('modem', 2);
    expect(listener.lines).toEqual(['AT+CSQ', '+CSQ: 28,99', 'OK']);
    expect(join('modem').listener.lines).toEqual([]);
  });

  test('hears of a line once, though it came just before', async () => {
    const { under, join, clock } = await feeding();
    const before = join('modem', 0).listener;
    await under.host.asks('AT');
    const after = join('modem', 0).listener;
    clock.advance(tick);
    expect(before.lines).toEqual(['AT', 'OK']);
    expect(after.lines).toEqual(['AT', 'OK']);
  });
});

describe('what happens', () => {
  test('comes in one message a tick', async () => {
    const { under, clock, join } = await feeding();
    const { listener } = join('modem');
    listener.take();
    for (const line of ['AT', 'AT+CSQ']) await under.host.asks(line);
    expect(listener.messages).toEqual([]);
    clock.advance(tick);
    expect(listener.messages).toHaveLength(1);
    expect(listener.lines).toEqual(['AT', 'OK', 'AT+CSQ', '+CSQ: 28,99', 'OK']);
    clock.advance(tick);
    expect(listener.take()).toEqual([]);
  });

  test('at one modem is its listener’s: lines go to nobody else', async () => {
    const { under, clock, join } = await feeding();
    const all = join().listener;
    all.take();
    await under.host.asks('AT');
    clock.advance(sweep);
    expect(all.take()).toEqual([{ event: 'activity', lines: { modem: 2 } }]);
  });

  test('power: the event, and what the modem is in then', async () => {
    const { modem, clock, join } = await feeding();
    const listeners = [join().listener, join('modem').listener];
    for (const listener of listeners) listener.take();
    modem.powerOff();
    clock.advance(tick);
    for (const listener of listeners) {
      expect(listener.take()).toMatchObject([
        { event: 'power', modem: 'modem', state: 'off', at: clock.wall() - tick },
        { event: 'modem', modem: { name: 'modem', power: 'off', online: false } },
      ]);
    }
  });

  test('a host comes and goes', async () => {
    const { under, clock, join } = await feeding();
    const { listener } = join();
    listener.take();
    under.host.detaches();
    under.host.attaches();
    clock.advance(tick);
    // What it is in is as it was: only the events tell.
    expect(listener.take()).toMatchObject([
      { event: 'detached', channel: 0 },
      { event: 'attached', channel: 0 },
    ]);
  });

  test('signal and registration', async () => {
    const { modem, clock, join } = await feeding();
    const { listener } = join();
    listener.take();
    modem.surroundings.cellular.signal.set({ rssi: 5 });
    modem.surroundings.cellular.registration.set(3);
    clock.advance(tick);
    expect(listener.take()).toMatchObject([{ event: 'modem', modem: { dbm: -103, network: 'denied', online: false } }]);
  });

  test('MQTT', async () => {
    const { under, clock, join } = await feeding('luat', { broker: 'embedded:0', routes: ['*=embedded'] });
    const { listener } = join();
    listener.take();
    await goOnline(under, 'luat');
    clock.advance(sweep);
    expect(listener.take()).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ event: 'mqtt', client: 0, state: 'up' }),
        { event: 'modem', modem: expect.objectContaining({ mqtt: 1 }) },
      ]),
    );
  });

  test('faults', async () => {
    const { faults, clock, join } = await feeding();
    const { listener } = join();
    listener.take();
    faults.inject({ fault: 'at.late' });
    clock.advance(tick);
    expect(listener.take()).toMatchObject([
      { event: 'fault', what: 'injected', id: 1, fault: 'at.late' },
      { event: 'modem', modem: { faults: 1 } },
    ]);
  });

  test('what no event tells is seen when all are looked at', async () => {
    const { modem, clock, join } = await feeding();
    const { listener } = join();
    listener.take();
    modem.surroundings.cellular.signal.hear('nothing');
    clock.advance(sweep);
    expect(listener.take()).toMatchObject([{ event: 'modem', modem: { dbm: null } }]);
  });

  test('a change that a newcomer sees first reaches those who were there', async () => {
    const { modem, clock, join } = await feeding();
    const { listener } = join();
    listener.take();
    modem.surroundings.cellular.signal.hear('nothing');
    join('modem');
    clock.advance(sweep);
    expect(listener.take()).toMatchObject([{ event: 'modem', modem: { dbm: null } }]);
  });
});

describe('modems that come and go with the configuration', () => {
  test('are told of', async () => {
    const { target, clock, join, monitor } = await feeding();
    const { listener } = join();
    const { listener: single } = join('modem');
    listener.take();
    single.take();
    const other = (await ModemUnderTest.start('w800', { name: 'other' })).modem;
    target.modems.push(other);
    target.modemsChanged.emit();
    clock.advance(tick);
    expect(listener.take()).toMatchObject([{ event: 'modem', modem: { name: 'other', dialect: 'w800' } }]);
    target.modems.shift();
    target.modemsChanged.emit();
    expect(single.take()).toEqual([{ event: 'removed', modem: 'modem' }]);
    expect([single.isClosed, listener.isClosed]).toEqual([true, false]);
    expect(listener.take()).toEqual([{ event: 'removed', modem: 'modem' }]);
    expect(monitor.all.map(({ name }) => name)).toEqual(['other']);
    expect(() => monitor.get('modem')).toThrow(/no such modem/);
  });
});

test('a modem that is started anew goes on with its dialogue', async () => {
  const { target, modem, join } = await feeding();
  modem.say({ channel: 0, from: 'host', text: 'before' });
  const { listener } = join('modem', 0);
  const again = (await ModemUnderTest.start('luat')).modem;
  target.modems.splice(0, 1, again);
  target.modemsChanged.emit();
  expect(listener.isClosed).toBe(true);
  again.say({ channel: 0, from: 'host', text: 'after' });
  expect(join('modem', 0).listener.lines).toEqual(['before', 'after']);
  expect(join('modem', 1).listener.lines).toEqual(['after']);
});

describe('while nobody listens', () => {
  test('no timer runs, and nothing is gathered', async () => {
    const { under, clock, join, monitor } = await feeding();
    const waiting = clock.waiting;
    const { leave } = join('modem');
    leave();
    clock.advance(sweep);
    await under.host.asks('AT');
    expect(clock.waiting).toBe(waiting);
    expect(monitor.get('modem').dialogue.last).toBe(2);
  });
});

describe('who does not read', () => {
  const say = (modem: ModemUnderTest['modem'], text: string) => modem.say({ channel: 0, from: 'host', text });

  test('is left out, and told how much it missed and what is now', async () => {
    const { modem, clock, join } = await feeding();
    const { listener } = join('modem');
    listener.take();
    listener.bufferedAmount = mostBuffered + 1;
    for (let i = 0; i < 3; i++) {
      say(modem, `lost ${i}`);
      clock.advance(tick);
    }
    expect(listener.take()).toEqual([]);
    listener.bufferedAmount = 0;
    say(modem, 'seen');
    clock.advance(tick);
    const [missed, now, dialogue] = listener.take();
    expect(missed).toEqual({ event: 'missed', count: 3 });
    expect(now).toMatchObject({ event: 'modems' });
    expect(dialogue).toMatchObject({ event: 'dialogue', lines: [{ n: 4, text: 'seen' }] });
  });

  test('for long is cut, once', async () => {
    const { modem, clock, join, cuts } = await feeding();
    const { listener } = join('modem');
    listener.bufferedAmount = mostBuffered + 1;
    for (let passed = 0; passed < streamPatience; passed += tick) {
      say(modem, 'x');
      clock.advance(tick);
    }
    expect(listener.isCut).toBe(false);
    for (let more = 0; more < 3; more++) {
      say(modem, 'x');
      clock.advance(tick);
    }
    expect(listener.isCut).toBe(true);
    expect(cuts()).toBe(1);
  });

  test('hinders nobody who does', async () => {
    const { modem, clock, join } = await feeding();
    const slow = join('modem').listener;
    const quick = join('modem').listener;
    slow.bufferedAmount = mostBuffered + 1;
    quick.take();
    say(modem, 'x');
    clock.advance(tick);
    expect(quick.lines).toEqual(['x']);
  });
});

test('a flood in one tick is bounded, and what is left out is counted', async () => {
  const { modem, clock, join } = await feeding();
  const { listener } = join('modem');
  listener.take();
  for (let i = 1; i <= 12_345; i++) modem.say({ channel: 0, from: 'host', text: `${i}` });
  clock.advance(tick);
  const events = listener.take();
  const lines = events.flatMap(event => (event.event === 'dialogue' ? event.lines : []));
  const missed = events.find(event => event.event === 'missed');
  expect(lines.length).toBeLessThanOrEqual(2000);
  expect(lines.at(-1)!.text).toBe('12345');
  expect(lines.length + (missed as { count: number }).count).toBe(12_345);
});

test('five thousand lines a second cost little', async () => {
  const { modem, join } = await feeding('luat');
  const clock = modem.clock as ManualClock;
  const { listener } = join('modem');
  let bytes = 0;
  listener.send = text => {
    bytes += text.length;
  };
  const started = process.cpuUsage();
  for (let second = 0; second < 2; second++) {
    for (let n = 0; n < 1000 / tick; n++) {
      for (let i = 0; i < (5000 * tick) / 1000; i++)
        modem.say({ channel: 0, from: 'modem', text: '+MSUB: "in",1 byte' });
      clock.advance(tick);
    }
  }
  const { user, system } = process.cpuUsage(started);
  expect(bytes).toBeGreaterThan(10_000 * 60);
  // Two seconds' worth, in a tenth of them even where two cores are shared by many.
  expect((user + system) / 1000).toBeLessThan(400);
});
