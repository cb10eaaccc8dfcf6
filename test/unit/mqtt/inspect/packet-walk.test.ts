/** Packet borders through any cuts, at a bounded cost. */
import { expect, test } from 'vitest';
import { PacketWalk } from '../../../../src/mqtt/inspect/packet-walk.js';

const megabyte = Buffer.alloc(1_000_000, 'x');

test('of a long packet its beginning is kept, and its bytes are counted', () => {
  const walk = new PacketWalk('client');
  expect(walk.read(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f, 0x00, 0x01]), 0)).toBe(7);
  for (let i = 0; i < 268; i++) expect(walk.read(megabyte, 0)).toBe(1_000_000);
  expect([walk.state, walk.missing]).toEqual(['in-body', 435_453]);
  expect(walk.read(megabyte, 0)).toBe(435_453);
  const { head, size, length } = walk.take();
  expect([size, length]).toEqual([268_435_455, 268_435_455]);
  expect(head.length).toBe(1280);
  expect(head.subarray(0, 4)).toEqual(Buffer.from([0x00, 0x01, 0x78, 0x78]));
});

test('a packet that is told keeps nothing of the chunk that it came in', () => {
  const walk = new PacketWalk('broker');
  const chunk = Buffer.from([0xd0, 0x00, 0x20, 0x02, 0x00, 0x05, 0xff]);
  expect(walk.read(chunk, 0)).toBe(2);
  expect(walk.take()).toMatchObject({ first: 0xd0, length: 0, size: 0 });
  expect(walk.read(chunk, 2)).toBe(6);
  const packet = walk.take();
  chunk.fill(0);
  expect(packet).toMatchObject({ first: 0x20, length: 2, digits: 1, head: Buffer.from([0x00, 0x05]) });
});

test('what cannot be a packet says why, and is taken like one', () => {
  const walk = new PacketWalk('broker');
  expect(walk.read(Buffer.from([0x82, 0x00]), 0)).toBe(1);
  expect([walk.state, walk.fault]).toEqual(['broken', 'a broker sends no SUBSCRIBE']);
  walk.take();
  expect([walk.state, walk.fault]).toEqual(['between', undefined]);
});
