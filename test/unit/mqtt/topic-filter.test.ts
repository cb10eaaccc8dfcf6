import { expect, test } from 'vitest';
import { matchesFilter } from '../../../src/mqtt/topic-filter.js';

test.each([
  ['a/b', 'a/b', true],
  ['a/b', 'a/c', false],
  ['a/b', 'a', false],
  ['a', 'a/b', false],
  ['a/+', 'a/b', true],
  ['a/+', 'a', false],
  ['a/+', 'a/b/c', false],
  ['+/+', '/a', true],
  ['a/+/c', 'a//c', true],
  ['#', 'a/b', true],
  ['a/#', 'a/b/c', true],
  ['a/#', 'a', true],
  ['a/#', 'b', false],
  ['#', '$SYS/x', false],
  ['+/x', '$SYS/x', false],
  ['$SYS/#', '$SYS/x', true],
] as const)('%s matches %s: %s [MQTT-4.7]', (filter, topic, matches) => {
  expect(matchesFilter(filter, topic)).toBe(matches);
});
