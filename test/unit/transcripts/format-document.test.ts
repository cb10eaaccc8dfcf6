/** docs/transcript-format.md says what the parser does: its example is read, and it names the words that stand in lists. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseTranscript } from '../../../src/transcripts/parse.js';
import {
  brokerNames,
  endpointNames,
  linkEvents,
  peerActs,
  powerPolicies,
  registrationStates,
  simStates,
} from '../../../src/transcripts/transcript.js';
import { inRepository } from '../../support/repository.js';

const text = readFileSync(inRepository('docs/transcript-format.md'), 'utf8');

test('the example is a transcript', () => {
  const [, example = ''] = /```\n([\s\S]*?)```/.exec(text) ?? [];
  expect(parseTranscript(example, 'example.at').items.length).toBeGreaterThan(5);
});

test.each([
  ...endpointNames,
  ...linkEvents.map(event => `p< ${event}`),
  ...peerActs.map(act => `peer ${act} [N]`),
  ...powerPolicies,
  ...registrationStates.map(state => (state === 'home' ? 'registration home' : state)),
  ...simStates,
  ...brokerNames,
])('it names `%s`', word => expect(text).toContain(`\`${word}\``));
