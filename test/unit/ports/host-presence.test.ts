import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { HostPresence, type PresenceSource } from '../../../src/ports/host-presence.js';
import type { Activity } from '../../../src/ports/inotify.js';
import type { Look } from '../../../src/ports/pty-pair.js';

/** A device as the kernel shows it: equal neighbours are one, and a close is told before the tty is let go. */
class FakeDevice implements PresenceSource {
  #told: Activity[] = [];
  #hosts = 0;
  looks = 0;
  unread: Buffer[] = [];
  /** What happens in the instant of a look, when our own descriptor is closed. */
  duringLook: () => void = () => {};
  /** Whether the look sees that. */
  replacing = false;
  /** What happens while our own open is under way, and is merged with it. */
  whileReopening: () => void = () => {};

  open(): void {
    this.#hosts++;
    this.#tell('opened');
  }

  close(): void {
    this.startClosing();
    this.finishClosing();
  }

  startClosing(): void {
    this.#tell('closed');
  }

  finishClosing(): void {
    this.#hosts--;
  }

  take(): Activity[] {
    return this.#told.splice(0);
  }

  look(reopening: () => void): Look {
    this.looks++;
    this.#tell('closed');
    const wasThere = this.#hosts > 0;
    this.duringLook();
    reopening();
    this.whileReopening();
    this.#tell('opened');
    if (wasThere) return { host: 'present' };
    return { host: this.replacing ? 'replaced' : 'gone', unread: this.unread.splice(0) };
  }

  loseSome(): void {
    this.#told = ['unknown'];
  }

  #tell(activity: Activity): void {
    if (this.#told.at(-1) !== activity) this.#told.push(activity);
  }
}

function watched() {
  const device = new FakeDevice();
  const clock = new ManualClock();
  const log: string[] = [];
  const presence: HostPresence = new HostPresence(device, clock, {
    arrived: () => log.push('arrived'),
    unread: packets => {
      presence.prove();
      for (const packet of packets) log.push(`${presence.state} ${packet}`);
    },
    left: () => log.push('left'),
  });
  return { device, clock, log, presence };
}

describe('the presence of a host', () => {
  it('follows one host', () => {
    const { device, log, presence } = watched();
    device.open();
    presence.settle();
    expect(presence.state).toBe('present');
    device.close();
    presence.settle();
    expect(log).toEqual(['arrived', 'left']);
    expect(presence.state).toBe('absent');
  });

  it('asks nothing while nobody closes', () => {
    const { device, presence } = watched();
    device.open();
    presence.settle();
    presence.settle();
    expect(device.looks).toBe(0);
  });

  it('takes two descriptors of a host for one visit', () => {
    const { device, clock, log, presence } = watched();
    device.open();
    presence.settle();
    device.open();
    presence.settle();
    device.close();
    presence.settle();
    clock.advance(10_000);
    expect(log).toEqual(['arrived']);
    device.close();
    presence.settle();
    expect(log).toEqual(['arrived', 'left']);
  });

  it('sees a visit that was over before we looked', () => {
    const { device, log, presence } = watched();
    device.open();
    device.close();
    presence.settle(() => log.push('bytes'));
    expect(log).toEqual(['arrived', 'bytes', 'left']);
  });

  it('tells two visits apart when the second began before we looked', () => {
    const { device, log, presence } = watched();
    device.open();
    presence.settle();
    device.close();
    device.open();
    presence.settle(() => log.push('bytes'));
    expect(log).toEqual(['arrived', 'left', 'arrived', 'bytes']);
  });

  it('looks again when the tty was not let go yet', () => {
    const { device, clock, log, presence } = watched();
    device.open();
    presence.settle();
    device.startClosing();
    presence.settle();
    expect(log).toEqual(['arrived']);
    device.finishClosing();
    clock.advance(1);
    expect(log).toEqual(['arrived', 'left']);
  });

  it('gives out the last bytes of a host that left before it says so', () => {
    const { device, log, presence } = watched();
    device.open();
    presence.settle();
    device.unread = [Buffer.from('AT+CFUN=0')];
    device.close();
    presence.settle();
    expect(log).toEqual(['arrived', 'leaving AT+CFUN=0', 'left']);
  });

  it('finds a host that opened in the instant of a look', () => {
    const { device, log, presence } = watched();
    device.open();
    presence.settle();
    device.close();
    device.duringLook = () => {
      device.duringLook = () => {};
      device.open();
    };
    presence.settle();
    expect(log).toEqual(['arrived', 'left', 'arrived']);
  });

  it('finds a host whose open left no trace of its own, a little later', () => {
    const { device, clock, log, presence } = watched();
    device.open();
    presence.settle();
    device.close();
    device.whileReopening = () => {
      device.whileReopening = () => {};
      device.open();
    };
    presence.settle();
    expect(log).toEqual(['arrived', 'left']);
    clock.advance(25);
    expect(log).toEqual(['arrived', 'left', 'arrived']);
  });

  it('gives bytes that may be of two hosts to the one that is there', () => {
    const { device, clock, log, presence } = watched();
    device.open();
    presence.settle();
    device.close();
    device.unread = [Buffer.from('AT')];
    device.replacing = true;
    device.duringLook = () => {
      device.duringLook = () => {};
      device.open();
    };
    presence.settle();
    clock.advance(10_000);
    expect(log).toEqual(['arrived', 'left', 'arrived', 'present AT']);
  });

  it('makes a visit of bytes that a host left unnoticed', () => {
    const { device, log, presence } = watched();
    device.unread = [Buffer.from('AT')];
    device.loseSome();
    presence.settle();
    expect(log).toEqual(['arrived', 'present AT', 'left']);
  });

  it('looks again for a host that came and went within a look', () => {
    const { device, clock, log, presence } = watched();
    device.loseSome();
    device.duringLook = () => {
      device.duringLook = () => {};
      device.open();
      device.close();
    };
    presence.settle();
    clock.advance(1);
    expect(log).toEqual(['arrived', 'left']);
  });

  it('does not take a third host for the next one after two came as one', () => {
    const { device, clock, log, presence } = watched();
    device.open();
    device.open();
    presence.settle();
    device.close();
    presence.settle();
    clock.advance(1);
    device.open();
    presence.settle();
    expect(log).toEqual(['arrived']);
  });

  it('believes bytes', () => {
    const { log, presence } = watched();
    presence.prove();
    presence.prove();
    expect(log).toEqual(['arrived']);
  });

  it('says nothing after its end, whoever ends it', () => {
    const { device, clock, log, presence } = watched();
    device.open();
    presence.settle(() => presence.end());
    device.close();
    presence.settle();
    presence.prove();
    clock.advance(10_000);
    expect(log).toEqual(['arrived']);
    expect(clock.waiting).toBe(0);
  });

  it('alternates, and comes to the truth, whatever hosts do', () => {
    const acts = fc.constantFrom('open', 'close', 'settle', 'begin', 'finish', 'wait', 'lose', 'blink') as fc.Arbitrary<
      'open' | 'close' | 'settle' | 'begin' | 'finish' | 'wait' | 'lose' | 'blink'
    >;
    fc.assert(
      fc.property(fc.array(acts, { maxLength: 60 }), acts => {
        const { device, clock, log, presence } = watched();
        let open = 0;
        let closing = 0;
        for (const act of acts) {
          if (act === 'blink') {
            open++;
            device.whileReopening = () => {
              device.whileReopening = () => {};
              device.open();
            };
            device.loseSome();
            presence.settle();
          }
          if (act === 'open') device.open();
          else if (act === 'close' && open > 0) device.close();
          else if (act === 'begin' && open > 0) device.startClosing();
          else if (act === 'finish' && closing > 0) device.finishClosing();
          else if (act === 'settle') presence.settle();
          else if (act === 'wait') clock.advance(3);
          else if (act === 'lose') device.loseSome();
          if (act === 'open') open++;
          if ((act === 'close' || act === 'begin') && open > 0) {
            open--;
            if (act === 'begin') closing++;
          } else if (act === 'finish' && closing > 0) closing--;
        }
        for (; closing > 0; closing--) device.finishClosing();
        presence.settle();
        clock.advance(1_000);
        expect(log.every((entry, at) => entry === (at % 2 === 0 ? 'arrived' : 'left'))).toBe(true);
        expect(presence.state).toBe(open > 0 ? 'present' : 'absent');
        expect(clock.waiting).toBe(0);
      }),
      { numRuns: 2_000 },
    );
  });
});
