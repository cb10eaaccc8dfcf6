import type { Client } from 'aedes';
import { expect, test } from 'vitest';
import { transportOf } from '../../../src/broker/client-transport.js';

test.each(['tcp', 'tls', 'ws', 'wss'] as const)('a stream that says %s is believed', transport => {
  expect(transportOf({ conn: { transport } } as unknown as Client)).toBe(transport);
});

test('one that says nothing is plain TCP', () => {
  expect(transportOf({ conn: {} } as unknown as Client)).toBe('tcp');
});
