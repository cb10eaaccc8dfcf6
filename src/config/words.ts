/** The words that options take: one list for the command line, the library and a config file. Nothing heavy is imported here. */

import type { PowerPolicy } from '../modem/modem.js';
import type { DialPolicy } from '../net/policy.js';
import type { ClockPolicy } from '../network/module-clock.js';
import type { Timing } from '../network/pace.js';
import type { BaudPolicy } from './modem-config.js';

export const dialPolicies = ['any', 'routes', 'loopback'] as const satisfies readonly DialPolicy[];
export const powerPolicies = ['attach', 'start', 'every-open', 'manual'] as const satisfies readonly PowerPolicy[];
export const timings = ['instant', 'real'] as const satisfies readonly Timing[];
export const baudPolicies = ['any', 'strict'] as const satisfies readonly BaudPolicy[];
export const clockPolicies = ['host', 'never'] as const satisfies readonly ClockPolicy[];
