/** Which modems a search finds. */
import { expect, it } from 'vitest';
import { modemFilter } from '../../../src/web/modem-filter.js';
import { summary } from './summaries.js';

const modems = [
  summary('meter-1', { attached: true, mqtt: 1 }),
  summary('meter-2', { power: 'off', network: 'none' }),
  summary('pump', { dialect: 'w800', faults: 2 }),
];

it.each([
  ['', ['meter-1', 'meter-2', 'pump']],
  ['METER', ['meter-1', 'meter-2']],
  ['meter off', ['meter-2']],
  ['w800', ['pump']],
  ['fault', ['pump']],
  ['mqtt attached', ['meter-1']],
  ['-luat', ['pump']],
  ['nothing', []],
])('%j finds %j', (search, found) => {
  expect(modems.filter(modemFilter(search)).map(({ name }) => name)).toEqual(found);
});
