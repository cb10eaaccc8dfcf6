/** Datagrams that may be late or lost: a link that only remembers, with time by hand. */
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import type { Fate } from '../../../src/net/shaped-link.js';
import type { Link, LinkEvents } from '../../../src/sockets/link.js';
import { ShapedDatagrams } from '../../../src/sockets/shaped-datagrams.js';

async function made(fate: Fate) {
  const clock = new ManualClock();
  const sent: string[] = [];
  const came: string[] = [];
  const heard: LinkEvents[] = [];
  const within: Link = {
    kind: 'udp',
    address: '192.0.2.1',
    port: 5000,
    local: 6000,
    queued: 0,
    send: async bytes => {
      sent.push(String(bytes));
      return 'sent';
    },
    pause: () => {},
    resume: () => {},
    close: async () => {},
    reset: () => {},
  };
  const events: LinkEvents = {
    arrived: ({ bytes }) => void came.push(String(bytes)),
    drained: () => {},
    lost: () => {},
  };
  const link = await ShapedDatagrams.around(
    async given => {
      heard.push(given);
      return within;
    },
    { fate, clock, events },
  );
  const arrives = (text: string) => heard[0]!.arrived({ bytes: Buffer.from(text), address: '192.0.2.1', port: 5000 });
  return { link, clock, sent, came, arrives };
}

describe('datagrams', () => {
  it('pass at once where nothing is in their way', async () => {
    const { link, sent, came, arrives } = await made(() => 0);
    expect(await link.send(Buffer.from('a'))).toBe('sent');
    arrives('b');
    expect([sent, came]).toEqual([['a'], ['b']]);
    expect(link).toMatchObject({ kind: 'udp', address: '192.0.2.1', port: 5000, local: 6000, queued: 0 });
  });

  it('are late in order, each way', async () => {
    const { link, clock, sent, came, arrives } = await made((_, bytes) => 100 * bytes);
    for (const text of ['xxx', 'y']) {
      await link.send(Buffer.from(text));
      arrives(text);
    }
    clock.advance(299);
    expect([sent, came]).toEqual([[], []]);
    clock.advance(1);
    expect([sent, came]).toEqual([
      ['xxx', 'y'],
      ['xxx', 'y'],
    ]);
  });

  it('that are lost count as sent', async () => {
    const { link, sent, came, arrives } = await made(() => 'lost');
    expect(await link.send(Buffer.from('a'))).toBe('sent');
    arrives('b');
    expect([sent, came]).toEqual([[], []]);
  });

  it('past 256 KiB under way are lost', async () => {
    const { link, clock, sent, came, arrives } = await made(() => 1000);
    const large = 'x'.repeat(60_000);
    for (let i = 0; i < 6; i++) {
      await link.send(Buffer.from(large));
      arrives(large);
    }
    clock.advance(1000);
    expect([sent.length, came.length]).toEqual([4, 4]);
  });

  it.each(['close', 'reset'] as const)('after %s nothing comes or goes, and no timer is left', async how => {
    const { link, clock, sent, came, arrives } = await made(() => 1000);
    await link.send(Buffer.from('a'));
    arrives('b');
    void link[how]();
    expect(clock.waiting).toBe(0);
    clock.advance(1000);
    expect([sent, came]).toEqual([[], []]);
  });
});
