/** A shaped link against a real socket: what its owner and its peer see, with time by hand. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { type Fate, ShapedLink } from '../../../src/net/shaped-link.js';
import { listenTcp } from '../../support/listeners.js';
import { turns } from '../../support/patience.js';

const KiB = 1024;

async function shaped(fate: Fate = () => 0) {
  const accepted: Socket[] = [];
  const port = await listenTcp(socket => void accepted.push(socket));
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  await until(() => accepted.length > 0);
  const clock = new ManualClock();
  const link = new ShapedLink(socket, fate, clock);
  link.on('error', () => {});
  onTestFinished(() => void link.destroy());
  return { link, clock, peer: accepted[0]!, socket };
}

/** All that comes, as it comes. */
function reading(stream: NodeJS.ReadableStream): { text: string } {
  const read = { text: '' };
  stream.on('data', chunk => {
    read.text += String(chunk);
  });
  return read;
}

/** Real sockets take turns of the event loop. */
async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000 && !holds(); turn++) await turns(1);
}

const pattern = (length: number): Buffer => Buffer.alloc(length, 'abcdefghijklmnop');

describe('with nothing in its way', () => {
  test('bytes and ends pass both ways', async () => {
    const { link, peer } = await shaped();
    const [here, there] = [reading(link), reading(peer)];
    link.write('ping');
    peer.end('pong');
    await once(link, 'close');
    await until(() => there.text !== '');
    expect([here.text, there.text]).toEqual(['pong', 'ping']);
  });

  test('a reset of the peer is one here', async () => {
    const { link, peer } = await shaped();
    link.resume();
    const failed = once(link, 'error');
    peer.resetAndDestroy();
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' });
  });

  test('an owner that does not read holds the peer up; nothing is lost, though the peer is gone by then', async () => {
    const { link, peer } = await shaped();
    link.pause();
    const all = pattern(4_000_000);
    peer.end(all);
    await turns(60);
    expect(link.readableLength).toBeLessThan(256 * KiB);
    const read = reading(link);
    link.resume();
    await once(link, 'end');
    expect(read.text.length).toBe(all.length);
  });

  test('destroySoon: what was written still leaves, and the peer gets a FIN', async () => {
    const { link, peer } = await shaped();
    const there = reading(peer);
    const ended = once(peer, 'end');
    link.write(pattern(300_000));
    link.destroySoon();
    await ended;
    expect(there.text.length).toBe(300_000);
    if (!link.closed) await once(link, 'close');
  });

  test('it has the port of the socket within', async () => {
    const { link, socket } = await shaped();
    expect(link.localPort).toBe(socket.localPort);
    expect(link.setKeepAlive(true, 1000)).toBe(link);
  });
});

describe('with bytes held up', () => {
  test('each way by its time, in order, and the end behind them', async () => {
    const { link, peer, clock } = await shaped(direction => (direction === 'in' ? 100 : 40));
    const [here, there] = [reading(link), reading(peer)];
    link.write('ping');
    peer.end('pong');
    await turns(10);
    clock.advance(39);
    await turns(4);
    expect([here.text, there.text]).toEqual(['', '']);
    clock.advance(1);
    await until(() => there.text !== '');
    expect(there.text).toBe('ping');
    expect(link.readableEnded).toBe(false);
    clock.advance(60);
    if (!link.closed) await once(link, 'close');
    expect(here.text).toBe('pong');
  });

  test('several are under way at once', async () => {
    const { link, peer, clock } = await shaped(direction => (direction === 'out' ? 1000 : 0));
    const there = reading(peer);
    for (const each of ['a', 'b', 'c']) {
      link.write(each);
      clock.advance(100);
      await turns(2);
    }
    clock.advance(700);
    await until(() => there.text !== '');
    expect(there.text).toBe('a');
    clock.advance(200);
    await until(() => there.text.length === 3);
    expect(there.text).toBe('abc');
  });

  test('no more than 256 KiB and a write are under way, either way', async () => {
    const { link, peer, clock } = await shaped(() => 1000);
    const [here, there] = [reading(link), reading(peer)];
    const all = pattern(8_000_000);
    link.write(all);
    peer.write(all);
    await turns(60);
    expect(peer.writableLength).toBeGreaterThan(0);
    while (here.text.length < all.length || there.text.length < all.length) {
      clock.advance(1000);
      await turns(10);
    }
    expect([here.text.length, there.text.length]).toEqual([all.length, all.length]);
  }, 20_000);

  test('a link that is destroyed keeps no timer', async () => {
    const { link, peer, clock } = await shaped(() => 1000);
    link.write('x');
    peer.write('y');
    await until(() => clock.waiting === 2);
    expect(clock.waiting).toBe(2);
    link.destroy();
    expect(clock.waiting).toBe(0);
  });
});

describe('ended as by its peer', () => {
  test('FIN: the owner reads to the end and closes; of the real peer nothing comes any more', async () => {
    const { link, peer } = await shaped();
    const here = reading(link);
    const gone = once(peer.resume(), 'close');
    peer.write('before');
    await until(() => here.text !== '');
    link.endByPeer();
    peer.write('behind');
    await once(link, 'close');
    await gone;
    expect(here.text).toBe('before');
    expect(link.errored).toBeNull();
  });

  test('RST: an error as a socket has it', async () => {
    const { link, peer } = await shaped();
    const gone = once(peer.resume(), 'close');
    const failed = once(link, 'error');
    link.resetByPeer();
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' });
    await gone;
  });
});
