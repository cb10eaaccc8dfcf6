import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { Backlog } from '../../../src/modem/backlog.js';
import type { Channel } from '../../../src/modem/channel.js';
import { recordingLog } from '../../support/log.js';

const KiB = 1024;

let clock: ManualClock;
let port: { queued: number; delivered: number };
let urcs: { bytes: number; length: number };
let changes: string[];
let log: ReturnType<typeof recordingLog>;
let backlog: Backlog;

beforeEach(() => {
  clock = new ManualClock();
  port = { queued: 0, delivered: 0 };
  urcs = { bytes: 0, length: 0 };
  changes = [];
  log = recordingLog();
  const modem = { clock, backlogChanged: () => changes.push(backlog.state) };
  backlog = new Backlog({ port, urcs, modem, log } as unknown as Channel);
});

function queue(bytes: number): void {
  port.queued += bytes;
  backlog.grew();
}

function read(bytes: number): void {
  port.queued -= bytes;
  port.delivered += bytes;
}

describe('the marks', () => {
  it('up to 256 KiB nothing is held', () => {
    queue(256 * KiB);
    expect(backlog.state).toBe('normal');
    expect(clock.waiting).toBe(0);
  });

  it('past them the network waits, below 128 KiB it goes on', () => {
    queue(256 * KiB + 1);
    expect(changes).toEqual(['full']);
    read(128 * KiB);
    clock.advance(1000);
    expect(backlog.state).toBe('full');
    read(2);
    clock.advance(20);
    expect(changes).toEqual(['full', 'normal']);
    expect(clock.waiting).toBe(0);
  });

  it('what a prompt holds up counts like what the port holds', () => {
    urcs.bytes = 200 * KiB;
    queue(57 * KiB);
    expect(backlog.state).toBe('full');
    urcs.bytes = 0;
    clock.advance(20);
    expect(backlog.state).toBe('normal');
  });

  it('a port that is drained goes on at once', () => {
    queue(300 * KiB);
    read(300 * KiB);
    backlog.drained();
    expect(changes).toEqual(['full', 'normal']);
    expect(clock.waiting).toBe(0);
  });

  it('a host that goes takes its backlog along', () => {
    queue(300 * KiB);
    port.queued = 0;
    backlog.detached();
    expect(changes).toEqual(['full', 'normal']);
    expect(clock.waiting).toBe(0);
  });
});

describe('a host that reads nothing', () => {
  it('for 5 s, stalls', () => {
    queue(300 * KiB);
    clock.advance(4990);
    expect(backlog.state).toBe('full');
    clock.advance(20);
    expect(backlog.state).toBe('stalled');
  });

  it('but for a little now and then, does not', () => {
    queue(300 * KiB);
    for (let i = 0; i < 20; i++) {
      clock.advance(4000);
      read(1);
    }
    expect(backlog.state).toBe('full');
  });

  it('and begins again, is full, not stalled, and then well', () => {
    queue(300 * KiB);
    clock.advance(6000);
    read(1);
    clock.advance(20);
    expect(backlog.state).toBe('full');
    read(290 * KiB);
    clock.advance(20);
    expect(backlog.state).toBe('normal');
    expect(changes).toEqual(['full', 'normal']);
  });

  it('costs one line of the log, and one more for each thousand', () => {
    for (let i = 0; i < 2500; i++) backlog.drop();
    expect(backlog.dropped).toBe(2500);
    expect(log.said.map(({ fields }) => fields)).toEqual([{ dropped: 1 }, { dropped: 1000 }, { dropped: 2000 }]);
  });
});
