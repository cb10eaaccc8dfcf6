import { describe, expect, test } from 'vitest';
import { Node } from '../../../src/grammar/node.js';
import { Problems } from '../../../src/grammar/problems.js';
import { readStyle, styleKeys } from '../../../src/grammar/style.js';

function read(raw: unknown) {
  const problems = new Problems();
  return { style: readStyle(new Node(raw, problems)), problems: problems.all };
}

test('says what V.250 says where a grammar says nothing', () => {
  const { style, problems } = read(undefined);
  expect(problems).toEqual([]);
  expect(style).toMatchObject({
    framing: 'v250',
    lines: 'v250',
    echo: 'line',
    strings: 'plain',
    spaces: 'ignored',
    chain: true,
    dataEcho: true,
    quotedNumbers: true,
    prompt: '\r\n>',
    busy: 'queue',
    urcBetween: false,
    urcPort: 'issuer',
  });
  expect(Object.values(style)).toHaveLength(styleKeys.length);
});

describe('every key changes its property', () => {
  test.each([
    ['framing', 'esp', 'framing', 'esp'],
    ['lines', 'esp', 'lines', 'esp'],
    ['blank-line', 'refused', 'blankLine', 'refused'],
    ['line-limit', 256, 'lineLimit', 256],
    ['arguments', '8', 'maximumArguments', 8],
    ['echo', 'cr-crlf', 'echo', 'cr-crlf'],
    ['data-echo', false, 'dataEcho', false],
    ['lf-at-prompt', 'payload', 'lfAtPrompt', 'payload'],
    ['chain', 'false', 'chain', false],
    ['strings', 'backslash', 'strings', 'backslash'],
    ['comma-in-string', 'splits', 'commaInString', 'splits'],
    ['spaces', 'kept', 'spaces', 'kept'],
    ['quoted-numbers', 'refused', 'quotedNumbers', false],
    ['prompt', '> ', 'prompt', '> '],
    ['busy', 'drop', 'busy', 'drop'],
    ['busy', 'busy p...', 'busy', { text: 'busy p...' }],
    ['busy-sending', 'busy s...', 'busySending', 'busy s...'],
    ['profile-at-power-on', 'ignored', 'profileAtPowerOn', 'ignored'],
    ['urc-between', true, 'urcBetween', true],
    ['urc-gap', 0, 'urcGap', 0],
    ['urc-port', 'all', 'urcPort', 'all'],
  ])('%s: %s', (key, value, property, expected) => {
    const { style, problems } = read({ [key]: value });
    expect(style).toMatchObject({ [property]: expected });
    expect(problems).toEqual([]);
    expect(styleKeys).toContain(key);
  });
});

test.each([
  ['framing', 'epp', 'unknown value of framing `epp`', 'esp'],
  ['echo', 'lin', 'unknown value of echo `lin`', 'line'],
  ['line-limit', 0, '`line-limit` cannot be that', undefined],
  ['line-limit', 99_999_999_999, '`line-limit` cannot be that', undefined],
  ['line-limit', '1k', '`line-limit` cannot be that', undefined],
  ['data-echo', 'on', '`data-echo` cannot be that', undefined],
  ['quoted-numbers', 'acceptd', 'unknown value of quoted-numbers `acceptd`', 'accepted'],
  ['urc-gap', -1, '`urc-gap` cannot be that', undefined],
  ['prompt', ['>'], '`prompt` cannot be that', undefined],
  ['promt', '>', 'unknown key of `style` `promt`', 'prompt'],
])('%s: %j is refused', (key, value, summary, near) => {
  const { problems, style } = read({ [key]: value });
  expect(problems.map(problem => problem.summary)).toEqual([summary]);
  expect(problems[0]!.expected).toBeDefined();
  if (near) expect(problems[0]!.hint).toContain(near);
  expect(style).toEqual(read({}).style);
});
