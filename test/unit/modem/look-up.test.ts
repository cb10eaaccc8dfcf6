/** What a name is to a host that asks for its address: routes and the dial policy decide, as they do for a dial. */
import { expect, test } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { silentLog } from '../../../src/base/log.js';
import { lookUp } from '../../../src/modem/look-up.js';
import type { DialPolicy } from '../../../src/net/policy.js';
import { parseRoute } from '../../../src/net/route.js';

const look = (name: string, route: string, policy: DialPolicy = 'routes') =>
  lookUp(name, { routes: [parseRoute(route)], policy, clock: new ManualClock(), log: silentLog });

const here = { outcome: 'resolved', address: '127.0.0.1' };

test.each([
  ['a route of every name', '*=127.0.0.1:1883'],
  ['a route of that name', 'IoT.example=127.0.0.1:1883'],
  ['a route of that name at one port', 'iot.example:8883=127.0.0.1:1883'],
])('%s gives the address that it leads to', async (_, route) => {
  expect(await look('iot.example', route)).toEqual(here);
});

test('the final dot of a name is no part of it', async () => {
  expect(await look('iot.example.', 'iot.example=127.0.0.1:1883')).toEqual(here);
});

test('a name that no route has', async () => {
  expect(await look('other.example', 'iot.example=127.0.0.1:1883')).toEqual({ outcome: 'denied' });
  expect(await look('other.invalid', 'iot.example=127.0.0.1:1883', 'any')).toEqual({ outcome: 'not-found' });
});
