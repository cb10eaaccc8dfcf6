import { expect, test } from 'vitest';
import { Inbox } from '../../../src/sockets/inbox.js';

const from = (text: string, port = 1) => ({ bytes: Buffer.from(text), address: '127.0.0.1', port });
const taken = (inbox: Inbox, length: number, borders: 'stream' | 'datagrams') =>
  inbox.take(length, borders)?.bytes.toString();

test('a stream is one run of bytes, however it came', () => {
  const inbox = new Inbox();
  for (const text of ['abc', 'de', 'fgh']) inbox.put(from(text));
  expect(taken(inbox, 4, 'stream')).toBe('abcd');
  expect(inbox.bytes).toBe(4);
  expect(taken(inbox, 100, 'stream')).toBe('efgh');
  expect(inbox.take(1, 'stream')).toBeUndefined();
  expect(inbox.bytes).toBe(0);
});

test('a datagram keeps its borders and its sender, and may be fetched in parts', () => {
  const inbox = new Inbox();
  inbox.put(from('abc', 7));
  inbox.put(from('de', 8));
  expect(inbox.take(2, 'datagrams')).toMatchObject({ bytes: Buffer.from('ab'), port: 7 });
  expect(inbox.take(100, 'datagrams')).toMatchObject({ bytes: Buffer.from('c'), port: 7 });
  expect(inbox.take(100, 'datagrams')).toMatchObject({ bytes: Buffer.from('de'), port: 8 });
});

test('nothing is taken for a length of nothing', () => {
  const inbox = new Inbox();
  inbox.put(from('abc'));
  expect(inbox.take(0, 'stream')).toBeUndefined();
  expect(inbox.bytes).toBe(3);
});
