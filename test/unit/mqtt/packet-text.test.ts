/** Packets in the dialogue: whatever a broker sends, it is one line of printable text, and short. */
import { expect, test } from 'vitest';
import { describePacket } from '../../../src/mqtt/packet-text.js';

const publish = (topic: string) =>
  describePacket({ cmd: 'publish', topic, payload: Buffer.from('x'), qos: 0, retain: false });

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

test('what is asked and answered shows its id', () => {
  const subscriptions = [
    { topic: 'a/+', qos: 1 as const },
    { topic: 'b', qos: 0 as const },
  ];
  expect(describePacket({ cmd: 'subscribe', messageId: 10, subscriptions })).toBe('SUBSCRIBE a/+ qos 1, b qos 0 id 10');
  expect(describePacket({ cmd: 'suback', messageId: 10, granted: [1, 128] })).toBe('SUBACK 1,128 id 10');
  expect(describePacket({ cmd: 'unsubscribe', messageId: 11, unsubscriptions: ['a/+'] })).toBe('UNSUBSCRIBE a/+ id 11');
});

test.each([
  [0, 'CONNACK 0 session'],
  [4, 'CONNACK 4 (bad user name or password) session'],
  [9, 'CONNACK 9 session'],
])('CONNACK %i says what it means', (returnCode, text) => {
  expect(describePacket({ cmd: 'connack', returnCode, sessionPresent: true })).toBe(text);
});
