/** What a scenario file may hold, and how each mistake in it is told. */
import { describe, expect, it, test } from 'vitest';
import { ConfigError } from '../../../src/config/problems.js';
import { checkScenarioDialect, readScenarioFile } from '../../../src/config/scenario-file.js';
import { openDialect } from '../../../src/dialects/open.js';
import { scenarioFile } from '../scenarios/played-scenario.js';

/** The problems as `line:column: summary`, and the whole message. */
async function refusal(yaml: string, dialect?: string): Promise<{ places: string[]; message: string }> {
  const file = await scenarioFile(yaml);
  const read = readScenarioFile(file);
  const checked =
    dialect === undefined ? read : read.then(async each => checkScenarioDialect(each, await openDialect(dialect)));
  const error = await checked.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof ConfigError)) throw error ?? new Error('it was accepted');
  const places = error.problems.map(({ details: { place }, summary }) => `${place?.line}:${place?.column}: ${summary}`);
  return { places, message: error.message };
}

test('a scenario, read', async () => {
  const file = await scenarioFile(
    `
dialect: luat
seed: 7
until: 2m
steps:
  - id: third
    when: { command: at+mpub, nth: 3, count: 2 }
    do: ['at.late,by=2s', { fault: network.reset }, { urc: 'a\\x1A' }, { lift: all }]
  - { when: { time: 500, after: third } }
expect:
  - { host: { command: +MIPSTART }, within: 10s, after: third }
  - { name: stays on, never: { command: +CFUN, arguments: 0 } }
`,
    'link-drops.yaml',
  );
  const { scenario } = await readScenarioFile(file);
  expect(scenario).toMatchObject({ title: 'link-drops', file, dialect: 'luat', seed: 7, until: 120_000 });
  expect(scenario.steps).toMatchObject([
    {
      id: 'third',
      when: { kind: 'match', after: 'start', nth: 3, count: 2, match: { kind: 'command', name: '+MPUB' } },
      actions: [
        { does: 'fault', fault: { name: 'at.late', values: { by: 2000 } } },
        { does: 'fault', fault: { name: 'network.reset' } },
        { does: 'urc', text: 'a\x1a', channel: 0 },
        { does: 'lift', name: undefined },
      ],
    },
    { id: 'step-2', when: { kind: 'time', after: 'third', ms: 500 }, actions: [] },
  ]);
  expect(scenario.expectations).toMatchObject([
    { title: 'the host sends +MIPSTART within 10 s of third', kind: 'must', nth: 1, within: 10_000, after: 'third' },
    { title: 'stays on', kind: 'never', within: undefined, match: { arguments: { written: '0' } } },
  ]);
});

describe('mistakes are told at their place, with the nearest right word', () => {
  const step = (when: string, actions = '[]') => `steps:\n  - { when: { ${when} }, do: ${actions} }\n`;
  const expects = (expectation: string) => `expect:\n  - { ${expectation} }\n`;

  it.each([
    ['nothing', 'seed: 1', '1:1: a scenario of nothing', '`steps:`'],
    ['an unknown key', 'stepz: []', '1:1: unknown key `stepz`', 'did you mean `steps`?'],
    ['of a step', 'steps: [{ when: { time: 1s }, doo: [] }]', '1:31: unknown key `doo`', 'did you mean `do`?'],
    ['of a trigger', step('comand: +CSQ'), '2:15: unknown key `comand`', 'did you mean `command`?'],
    ['of an expectation', expects('nevr: { command: +CSQ }'), '2:7: unknown key `nevr`', 'did you mean `never`?'],
    ['of a message', step('message: { topik: a, topic: a }'), '2:26: unknown key `topik`', 'did you mean `topic`?'],
    ['a type', 'seed: often\nsteps: []', '1:1: `seed` cannot be that', 'a number'],
    ['a time', 'until: soon\nsteps: []', '1:1: `until` cannot be that', 'such as 500ms, 2s or 5m'],
    ['steps that are no list', 'steps: { when: 1 }', '1:1: `steps` cannot be that', 'a list of { when: …'],
    ['a step without when', 'steps: [{ do: [] }]', '1:9: `when` is missing', 'a map such as { command'],
    ['a regular expression', step('line: /(/'), '2:15: `line` cannot be that', 'between slashes'],
    ['two things at once', step('command: +CSQ, line: AT'), '2:7: several things at once', 'found:    command, line'],
    ['nothing to wait for', step('nth: 2'), '2:7: nothing to wait for', 'one of command, line'],
    ['a time with a count', step('time: 1s, nth: 2'), '2:25: `time` and `nth` exclude each other', 'one of them'],
    ['arguments of a line', step('line: AT, arguments: x'), '2:25: `arguments` is of a command', '`command:`'],
    ['an unknown step', step('time: 1s, after: thrid', '[]'), '2:25: no such step', 'start, step-1'],
    ['itself', 'steps: [{ id: a, when: { time: 1s, after: a } }]', '1:36: step a waits for itself', 'before it'],
    [
      'an id twice',
      'steps: [{ id: a, when: { time: 1 } }, { id: a, when: { time: 1 } }]',
      '1:41: two steps are',
      'its own',
    ],
    ['the id start', 'steps: [{ id: start, when: { time: 1 } }]', '1:11: `start` is the start', 'another id'],
    ['a state', step('state: { mqtt.stat: up }'), '2:24: no state `mqtt.stat`', 'did you mean `mqtt.state`?'],
    ['a value of one', step('state: { mqtt.state: upp }'), '2:24: `mqtt.state` is never that', 'did you mean `up`?'],
    ['a list of states', step('state: { mqtt.clients: 1 }'), '2:24: no state `mqtt.clients`', 'one value'],
    ['a fault', step('time: 1s', '[{ fault: at.eror }]'), '2:32: no such fault', 'did you mean `at.error`?'],
    ['of a fault', step('time: 1s', '[{ fault: at.late, bye: 1s }]'), 'at.late takes no `bye`', 'did you mean `by`?'],
    ['an action', step('time: 1s', '[{ publihs: {} }]'), 'unknown key `publihs`', 'did you mean `publish`?'],
    [
      'of one',
      step('time: 1s', '[{ publish: { topik: a, topic: b } }]'),
      'unknown key `topik`',
      'did you mean `topic`?',
    ],
    ['a topic', step('time: 1s', '[{ publish: { topic: a/+ } }]'), '`topic` cannot be that', 'without + and #'],
    ['power', step('time: 1s', '[{ power: restrt }]'), '`power` cannot be that', 'did you mean `restart`?'],
    ['a lift', step('time: 1s', '[{ lift: at.eror }]'), 'no such fault', 'did you mean `at.error`?'],
    [
      'two actions in one',
      step('time: 1s', '[{ urc: a, power: off }]'),
      'several things at once',
      'found:    urc, power',
    ],
    ['an escape', step('time: 1s', "[{ urc: 'a\\q' }]"), 'an escape that means nothing', '\\r, \\n'],
    ['an expectation of nothing', expects('within: 1s'), '2:5: an expectation of nothing', 'host, message'],
    [
      'of several things',
      expects('host: { command: A }, never: { command: A }'),
      '2:5: an expectation of several',
      'host, never',
    ],
  ])('%s', async (_, yaml, place, help) => {
    const { places, message } = await refusal(yaml);
    expect(places).toHaveLength(1);
    expect(places[0]).toContain(place);
    expect(message).toContain(help);
  });

  it('all of them at once', async () => {
    const { places } = await refusal(step('state: { a: 1 }', '[{ lift: b }, { power: c }]') + expects('after: d'));
    expect(places).toHaveLength(5);
  });

  it('no map, and no YAML', async () => {
    expect((await refusal('[]')).places).toEqual(['1:1: not a scenario']);
    expect((await refusal('a: [')).places).toHaveLength(1);
  });

  it.each([
    ['a command', step('command: +MPUBB'), '2:15: luat has no such command', 'Did you mean `+MPUB`?'],
    ['one that must never come', expects('never: { command: +CFUNN }'), '2:16: luat has no such command', '+CFUN'],
    ['of a fault', step('time: 1s', '[{ fault: at.late, command: +CSQQ }]'), '2:32: at.late waits for', '`+CSQ`'],
    ['a setting', step('time: 1s', '[{ set: { CMEEE: 1 } }]'), '2:41: luat has no setting `CMEEE`', '`CMEE`'],
    ['a value of one', step('time: 1s', '[{ set: { CMEE: 7 } }]'), '2:41: the setting `CMEE` cannot', '0..2'],
    ['a style', step('time: 1s', '[{ set: { style.echo: all } }]'), '2:41: `style.echo` cannot change', 'a setting'],
  ])('what the dialect lacks: %s', async (_, yaml, place, help) => {
    const { places, message } = await refusal(yaml, 'luat');
    expect(places[0]).toContain(place);
    expect(message).toContain(help);
  });
});
