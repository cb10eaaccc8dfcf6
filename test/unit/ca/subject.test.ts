import { expect, test } from 'vitest';
import { subjectOf } from '../../../src/ca/subject.js';

test.each([
  ['broker.example', 'name', 'broker.example'],
  ['Broker.Example.', 'name', 'broker.example'],
  ['localhost', 'name', 'localhost'],
  ['a1b2_c3.iot-as-mqtt.cn-shanghai.example', 'name', 'a1b2_c3.iot-as-mqtt.cn-shanghai.example'],
  [`${'a'.repeat(63)}.example`, 'name', `${'a'.repeat(63)}.example`],
  ['192.0.2.1', 'address', '192.0.2.1'],
  ['::1', 'address', '::1'],
  ['[2001:DB8::1]', 'address', '2001:db8::1'],
  ['fe80::1%eth0', 'address', 'fe80::1'],
  ['::ffff:127.0.0.1', 'address', '127.0.0.1'],
] as const)('%s is the %s %s', (text, kind, value) => {
  expect(subjectOf(text)).toEqual({ kind, value });
});

test.each([
  '',
  '.',
  '*',
  '*.example',
  'a..example',
  '-a.example',
  'a-.example',
  'a b',
  'a\0b',
  'a/b',
  '../ca.key',
  '温度.example',
  `${'a'.repeat(64)}.example`,
  `${'a.'.repeat(127)}example`,
])('%j is neither', text => {
  expect(subjectOf(text)).toBeUndefined();
});
