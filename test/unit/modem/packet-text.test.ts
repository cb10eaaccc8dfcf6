/** Packets in the dialogue: whatever a broker sends, it is one line of printable text, and short. */
import { expect, test } from 'vitest';
import { describePacket } from '../../../src/modem/packet-text.js';

const publish = (topic: string) =>
  describePacket({ cmd: 'publish', topic, payload: Buffer.from('x'), qos: 0, dup: false, retain: false });

test('a publish shows its topic', () => {
  expect(publish('room/温度')).toBe('PUBLISH room/温度 qos 0, 1 bytes');
});

test('control characters and overrides of a topic come escaped', () => {
  expect(publish('t\x1b[2J\u009b31m\r\nFAKE\u202e')).toBe(
    'PUBLISH t\\u001B[2J\\u009B31m\\u000D\\u000AFAKE\\u202E qos 0, 1 bytes',
  );
});

test('a topic of 64 KB does not fill the screen', () => {
  expect(publish('t'.repeat(65535)).length).toBeLessThan(500);
});
