/** What the loader says of each kind of mistake: where, what was found, what was expected, the nearest right word. */
import { describe, expect, test } from 'vitest';
import { marks, problemsIn } from './marked.js';

const head = 'dialect: test\nsources: the manual\n';

/** [what, file, summary, in the hint] */
type Case = [string, string, string, string?];

function each(cases: readonly Case[]): void {
  test.each(cases)('%s', async (_, text, summary, near) => {
    const marked = head + text;
    const problems = await problemsIn({ test: marked });
    expect(problems.map(problem => problem.place)).toEqual(marks('test.yaml', marked));
    expect(problems.map(problem => problem.summary)).toEqual(problems.map(() => summary));
    for (const { found, expected, hint } of problems) {
      expect(found ?? '').not.toBe('');
      expect(expected ?? '').not.toBe('');
      if (near !== undefined) expect(`${hint} ${expected}`).toContain(near);
    }
  });
}

const act = (step: string) =>
  `commands: { '+X': { set: '<n>', parameters: { n: 0..9 }, exchange: [${step}, { final: OK }] } }`;

describe('a word that is not known', () => {
  each([
    ['key of the file', '▸comands: {}', 'unknown key of a grammar `comands`', '`commands`'],
    [
      'key of a command',
      "commands: { '+X': { ▸exchnge: [{ final: OK }], execute: OK } }",
      'unknown key of a command `exchnge`',
      '`exchange`',
    ],
    [
      'key of a form',
      "commands: { '+X': { set: { form: '', ▸whn: { a: 1 }, exchange: { final: OK } } } }",
      'unknown key of a form `whn`',
      '`when`',
    ],
    [
      'key of a wrapped form',
      "commands: { '+X': { read: { exchange: { info: a }, ▸need: [] } } }",
      'unknown key of a form `need`',
      '`needs`',
    ],
    [
      'key of a parameter',
      'parameters:\n  a: { range: 0..1, ▸defualt: 1 }',
      'unknown key of a parameter `defualt`',
      '`default`',
    ],
    [
      'key of a need',
      "commands: { '+X': { execute: OK, needs: [{ need: { sim.state: ready }, ▸els: failed }] } }",
      'unknown key of a need `els`',
      '`else`',
    ],
    [
      'key of a choice',
      'choices: { a: [{ ▸wen: { sim.state: pin }, is: 1 }] }',
      'unknown key of a choice `wen`',
      '`when`',
    ],
    ['key of a list', 'state: { a: { list: 5, ▸kep: run } }', 'unknown key of a list `kep`', '`keep`'],
    ['key of the sockets', 'sockets: { ▸recieve: push }', 'unknown key of `sockets` `recieve`', '`receive`'],
    ['value of the sockets', 'sockets: { receive: ▸CIPRECVMOD }', 'unknown name `CIPRECVMOD`'],
    ['key of the serial line', 'serial: { ▸sped: IPR }', 'unknown key of `serial` `sped`', '`speed`'],
    ['value of the serial line', 'serial: { speed: ▸IPRR }', 'unknown name `IPRR`'],
    ['key of online', act('{ online: socket, ▸guardd: 1s }'), 'unknown key of a `online` step `guardd`', '`guard`'],
    ['kind of link', act('{ online: ▸soket }'), 'unknown kind of link `soket`', '`socket`'],
    ['time of online', act('{ online: socket, guard: ▸1h }'), 'not a time', '5s'],
    ['guard of data', act('{ data: d, count: n, guard: ▸1s }'), '`guard` without `escape`', 'escape:'],
    ['quote of data', act('{ data: d, until: [1A], quote: ▸zz }'), 'not a byte', '1A'],
    ['key of the mailbox', 'mailbox: { slots: 3, ▸ful: drop-oldest }', 'unknown key of `mailbox` `ful`', '`full`'],
    ['key of a +CME ERROR', 'errors: { a: { cme: 5, ▸txt: no } }', 'unknown key of a +CME ERROR `txt`', '`text`'],
    [
      'key of an item',
      "commands: { '+X': { set: '<\"item\">[,<values>]', items: { a: { values: <n>, n: 0..1, ▸quety: '{n}' } } } }",
      'unknown key of an item `quety`',
      '`query`',
    ],
    ['step', act('{ ▸infoo: a }'), 'unknown key of a step `infoo`', '`info`'],
    ['key of a step', act('{ info: a, ▸wen: { n: 1 } }'), 'unknown key of a `info` step `wen`', '`when`'],
    [
      'key of a data step',
      act('{ data: a, count: n, ▸timout: { final: OK } }'),
      'unknown key of a `data` step `timout`',
      '`timeout`',
    ],
    ['operation', act('{ do: ▸mqtt.opne }'), 'unknown operation `mqtt.opne`', '`mqtt.open`'],
    ['argument', act('{ do: mqtt.publish, with: { topic: n, payload: n, ▸qs: n } }'), 'unknown argument `qs`', '`qos`'],
    [
      'outcome',
      act('{ do: mqtt.close, ▸clsed: { info: a } }'),
      'unknown outcome of mqtt.close, or key of a `do` step `clsed`',
      '`closed`',
    ],
    ['fact', act("{ info: ▸'{mqtt.stat}' }"), 'unknown name `mqtt.stat`', '`mqtt.state`'],
    ['fact in a condition', act('{ info: a, when: { mqtt.stat: ▸up } }'), 'unknown name `mqtt.stat`', '`mqtt.state`'],
    [
      'word of a fact',
      act('{ info: a, when: { mqtt.state: ▸idel|lnked } }'),
      'unknown value of mqtt.state `lnked`',
      '`linked`',
    ],
    ['argument in a line', act("{ info: ▸'{nn}' }"), 'unknown name `nn`', 'n'],
    ['line', `lines: { peer: a }\n${act("{ info: ▸'{@per}' }")}`, 'unknown line `per`', '`peer`'],
    ['table', `tables: { codec: { 0: hex } }\n${act("{ info: ▸'{n|codc}' }")}`, 'unknown table `codc`', '`codec`'],
    [
      'setting to set',
      `state: { seen: { range: 0..1 } }\n${act('{ set: { ▸sen: 1 } }')}`,
      'unknown setting `sen`',
      '`seen`',
    ],
    [
      'setting to clear',
      `state: { seen: { range: 0..1 } }\n${act('{ clear: [seen, ▸sen] }')}`,
      'unknown setting `sen`',
      '`seen`',
    ],
    [
      'list to add to',
      `state: { rows: { list: 3 } }\n${act('{ add: ▸rosw, with: { n } }')}`,
      'unknown list `rosw`',
      '',
    ],
    ['list to repeat for', act('{ each: ▸mqtt.cliens, info: a }'), 'unknown name `mqtt.cliens`', '`mqtt.clients`'],
    [
      'parameter of a form',
      "parameters: { topic: text }\ncommands: { '+X': { set: ▸'<topc>', exchange: { final: OK } } }",
      'unknown parameter `topc`',
      '`topic`',
    ],
    [
      'parameter under `parameters`',
      "parameters: { topic: text }\ncommands: { '+X': { set: '<topic>', parameters: { ▸topc: text }, exchange: { final: OK } } }",
      'unknown parameter of these forms `topc`',
      '`topic`',
    ],
    [
      'refusal of a step',
      `errors: { too-long: ERROR }\n${act('{ error: ▸too-lng }')}`,
      'unknown refusal word `too-lng`',
      '`too-long`',
    ],
    [
      'refusal of a need',
      "errors: { busy: ERROR }\ncommands: { '+X': { execute: OK, needs: { need: { sim.state: pin }, else: ▸bsy } } }",
      'unknown refusal word `bsy`',
      '`busy`',
    ],
    [
      'refusal of a parameter',
      'errors: { too-long: ERROR }\nparameters: { a: { range: 0..1, else: ▸too-lon } }',
      'unknown refusal word `too-lon`',
      '`too-long`',
    ],
    ['style', 'style:\n  ▸prompts: ">"', 'unknown key of `style` `prompts`', '`prompt`'],
    ['value of style', 'style:\n  echo: ▸lines', 'unknown value of echo `lines`', '`line`'],
    ['type', 'parameters: { a: ▸txt 1..5 }', 'unknown type `txt`', '`text`'],
    ['address', 'parameters: { a: { range: 0..5, is: ▸clients } }', 'unknown address `clients`', '`client`'],
    [
      'how long something is kept',
      "commands: { '+X': { set: <n>, parameters: { n: 0..1 }, keep: ▸flsh } }",
      'unknown keep `flsh`',
      '`flash`',
    ],
    [
      'command to be removed',
      "commands: { '+AB': { execute: OK }, ▸'+AC': ~ }",
      'unknown command to be removed `+AC`',
      '`+AB`',
    ],
    [
      'rule to be removed',
      'urcs: { here: { event: sim.ready, urc: a }, ▸her: ~ }',
      'unknown rule to be removed `her`',
      '`here`',
    ],
    ['key that puts files together', '▸extend: v250', 'unknown key of a grammar `extend`', '`extends`'],
    ['status', "commands: { '+X': { execute: OK, status: ▸absnt } }", 'unknown status `absnt`', '`absent`'],
    ['event', "urcs: { '+A': { event: ▸mqtt.mesage, urc: a } }", 'unknown event `mqtt.mesage`', '`mqtt.message`'],
    [
      'event in a list',
      "urcs: { '+A': { event: [mqtt.lost, ▸mqtt.los], urc: a } }",
      'unknown event `mqtt.los`',
      '`mqtt.lost`',
    ],
    ['field of an event', "urcs: { '+A': { event: mqtt.message, urc: ▸'{topc}' } }", 'unknown name `topc`', '`topic`'],
    ['sibling', "commands: { '+A': { execute: OK }, '+B': { like: ▸+C } }", 'unknown command `+C`', '`+A`'],
    ['TLS option', 'tls: { ▸certifcate: "\'a\'" }', 'unknown key of `tls` `certifcate`', '`certificate`'],
    ['bearer', 'bearer: ▸wfi', 'unknown bearer `wfi`', '`wifi`'],
    ['mailbox rule', 'mailbox: { slots: 3, full: ▸drop-oldst }', 'unknown word `drop-oldst`', '`drop-oldest`'],
  ]);
});

describe('what cannot be', () => {
  each([
    [
      'an exchange without a final result',
      "commands: { '+X': { set: '', exchange:\n  ▸[{ info: a }] } }",
      'a path of the exchange ends without a final result',
      'final: OK',
    ],
    [
      'a final result under one condition',
      "commands: { '+X': { set: <n>, parameters: { n: 0..2 }, exchange: ▸[{ when: { n: 0 }, final: A }, { when: { n: 1 }, final: B }] } }",
      'a path of the exchange ends without a final result',
    ],
    [
      'a final result in one good outcome of several',
      "commands: { '+X': { execute: ▸[{ do: mqtt.publish, with: { topic: 1, payload: 1 }, sent: { final: OK } }] } }",
      'a path of the exchange ends without a final result',
    ],
    ['a step with two actions', act('▸{ info: a, urc: b }'), 'a step with several actions', 'one step a line'],
    ['a step without an action', act('▸{ when: { n: 1 } }'), 'a step without an action'],
    [
      'an outcome with an act',
      act('{ do: mqtt.close, closed: ▸{ do: mqtt.disconnect } }'),
      'an outcome holds no `do`',
      '`when`',
    ],
    [
      'an outcome with an act in a group',
      act('{ do: mqtt.close, closed: { steps: [▸{ do: mqtt.disconnect }] } }'),
      'an outcome holds no `do`',
    ],
    [
      'waiting in what is told while an act goes on',
      act('{ do: mqtt.publish, with: { topic: n, payload: n }, received: ▸{ after: 1s } }'),
      '`after` cannot stand in what is written while the operation goes on',
    ],
    [
      'an operation without an argument',
      act('{ do: ▸mqtt.open, with: { host: n } }'),
      'the operation lacks an argument',
      'with',
    ],
    ['plus of no address', 'parameters:\n  a: { range: 0..1, plus: ▸10 }', '`plus` without `is`', 'is: link'],
    ['data without an end', act('▸{ data: a }'), 'data without an end', 'count'],
    [
      'a form that does nothing',
      "commands: { '+X': { set: ▸<n>, parameters: { n: 0..1 } } }",
      'the form does nothing',
      'keep',
    ],
    [
      'a form behind one that fits the same',
      "commands:\n  '+X':\n    parameters: { a: 0..9, b: 0..9 }\n    exchange: { final: OK }\n    set: ['<a>[,<b>]', '<a>', ▸'<b>,<a>', '<a>,<b>,<a>']".replace(
        "'<a>', ▸",
        "▸'<a>', ▸",
      ),
      'a form that can never be reached',
      '<a>[,<b>]',
    ],
    [
      'a form behind a looser one',
      "commands:\n  '+X':\n    parameters: { a: text }\n    exchange: { final: OK }\n    set: ['<a>', ▸'<\"a\">']",
      'a form that can never be reached',
      '<a>',
    ],
    [
      'an optional argument in front',
      "commands: { '+X': { set: ▸'[<a>,]<b>', parameters: { a: 0..1, b: 0..1 }, keep: run } }",
      'an optional argument before a required one',
    ],
    [
      'brackets of a form',
      "commands: { '+X': { set: ▸'<a>[,<a>', parameters: { a: 0..1 }, keep: run } }",
      'a `[` without its `]`',
    ],
    ['brackets of a line', act("{ info: ▸'a[{n}' }"), 'a `[` without its `]` in a line', '[['],
    [
      'a line in itself',
      "lines: { a: ▸'{@b}', b: '{@a}' }\ncommands: { '+X': { execute: '{@a}' } }",
      'a line that stands in itself',
    ],
    ['a range', 'parameters: { a: ▸5..1 }', 'not a range'],
    ['a range in a map', 'parameters: { a: { range: ▸0-5 } }', 'not a range'],
    ['a default out of range', 'parameters: { a: ▸0..2 = 3 }', 'the default is outside of the range'],
    ['a time', act('{ after: ▸5 }'), 'not a time'],
    ['a byte', act('{ data: a, until: [▸1AB] }'), 'not a byte'],
    ['a command without its manual', "▸'+X': { execute: OK }", 'unknown key of a grammar `+X`'],
    [
      'a command like itself',
      "commands: { '+A': { like: ▸+B }, '+B': { like: ▸+A } }",
      'commands are like each other in a circle',
    ],
    [
      'a choice behind the last',
      'choices: { a: [▸{ is: 1 }, { when: { sim.state: pin }, is: 2 }] }',
      'a choice without `when` stands last',
    ],
    [
      'items that no form names',
      "commands: { '+X': { set: <n>, parameters: { n: 0..1 }, exchange: { final: OK }, ▸items: { a: { n: 0..1 } } } }",
      'items that no form names',
      'item',
    ],
    ['a refusal that does not end', 'errors: { a:\n  ▸[{ info: b }] }', 'a refusal without a final result'],
    [
      'an operator’s knob that is stored',
      'settings: { a: { range: 0..1, ▸keep: run } }',
      'unknown key of a knob `keep`',
      'state',
    ],
  ]);

  each([
    [
      'two owners of a name',
      "state: { X: { range: 0..1 } }\ncommands: { ▸'+X': { set: <n>, parameters: { n: 0..1 }, keep: run } }",
      'two settings are called `X`',
      'Rename',
    ],
    [
      'two commands with one item',
      "commands:\n  '+A': { set: '<\"item\">[,<values>]', items: { mode: { n: 0..1 } } }\n  '+B': { set: '<\"item\">[,<values>]', items: { ▸mode: { m: 0..1 } } }",
      'two settings are called `mode`',
      'Rename',
    ],
  ]);

  test('a command without `ref`, where the file names no sources', async () => {
    const text = "dialect: test\ncommands:\n  ▸'+X': { execute: OK }\n";
    const [problem, ...others] = await problemsIn({ test: text });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ summary: 'a command without `ref`', place: marks('test.yaml', text)[0] });
  });
});

describe('a value of another kind', () => {
  each([
    ['a list of commands', 'commands: ▸[1, 2]', '`commands` cannot be that'],
    ['text for commands', 'commands: ▸none', '`commands` cannot be that'],
    ['a number for a command', "commands: { '+X': ▸5 }", '`+X` cannot be that'],
    ['a list for a title', "commands: { '+X': { execute: OK, title: ▸[a] } }", '`title` cannot be that'],
    [
      'a map for a form',
      "commands: { '+X': { set: ▸{ form: { a: 1 } }, keep: run } }".replace('▸{ form: {', '{ form: ▸{'),
      '`form` cannot be that',
    ],
    ['text for a step', "commands: { '+X': { execute: [▸info, { final: OK }] } }", '`execute` cannot be that'],
    ['null for a step', act('▸null'), '`exchange` cannot be that'],
    ['a map for a line', act('{ info: ▸{ a: 1 } }'), '`info` cannot be that'],
    ['nothing for a line', act('{ ▸urc: }'), '`urc` cannot be that'],
    ['a list for a condition', act('{ info: a, when: ▸[n] }'), '`when` cannot be that'],
    ['a list for a match', act('{ info: a, when: { n: ▸[1] } }'), 'not a match'],
    ['a number for what is set', act('{ set: ▸5 }'), '`set` cannot be that'],
    ['text for arguments', act('{ do: mqtt.close, with: ▸all }'), '`with` cannot be that'],
    [
      'a list for an argument',
      act('{ do: mqtt.publish, with: { topic: ▸[1], payload: n } }'),
      '`topic` cannot be that',
    ],
    ['a map for an operation', act('{ do: ▸{ a: 1 } }'), '`do` cannot be that'],
    ['text for a table', 'tables: { a: ▸b }', '`a` cannot be that'],
    ['a map for a word of a table', 'tables: { a: { 0: ▸{ b: 1 } } }', '`0` cannot be that'],
    ['a list for a line of `lines`', 'lines: { a: ▸[b] }', '`a` cannot be that'],
    ['text for a choice', 'choices: { a: ▸b }', '`a` cannot be that'],
    ['a list for `settings`', 'settings: ▸[a]', '`settings` cannot be that'],
    ['text for the size of a list', 'state: { a: { list: ▸many } }', '`list` cannot be that'],
    ['a date for the slots', 'mailbox: { slots: ▸2020-01-01 }', '`slots` cannot be that'],
    ['a fraction for a +CME ERROR', 'errors: { a: { cme: ▸1.5 } }', '`cme` cannot be that'],
    ['text for `secret`', 'parameters: { a: { text: 1..5, secret: ▸yes } }', '`secret` cannot be that'],
    ['an infinite number', 'style: { line-limit: ▸.inf }', '`line-limit` cannot be that'],
    ['a map for a prompt', 'style: { prompt: ▸{ a: 1 } }', '`prompt` cannot be that'],
    ['a map for the title', 'title: ▸{ a: 1 }', '`title` cannot be that'],
    ['a list for a rule', 'urcs: { a: ▸[1] }', '`a` cannot be that'],
    [
      'text for `items`',
      "commands: { '+X': { set: <n>, parameters: { n: 0..1 }, keep: run, items: ▸all } }",
      '`items` cannot be that',
    ],
    ['text for `fixed`', "commands: { '+X': { execute: OK, fixed: ▸all } }", '`fixed` cannot be that'],
    ['text for a need', "commands: { '+X': { execute: OK, needs: [▸all] } }", '`needs` cannot be that'],
    [
      'a mark that the quote does not begin',
      act("{ data: a, count: n, quote: 5C, mark: ▸'#0' }"),
      'a `mark` beside a `quote` is that byte and one more',
    ],
    ['text for an acknowledgement', act('{ data: a, count: n, acknowledge: ▸A }'), '`acknowledge` cannot be that'],
  ]);
});

test('all problems of a file are told at once, each once', async () => {
  const text = `${head}
style: { ▸ecko: all }
parameters: { topic: ▸txt }
commands:
  '+A':
    set: '<topic>'
    exchange:
      - &act
        do: ▸mqtt.opn
      - final: OK
  '+B': { like: '+A', title: twice }
  '+C': { set: '<topic>', exchange: [*act, { info: ▸'{topik}' }, { final: OK }] }
lines: { far: ▸'{nowhere}' }
urcs:
  one: { event: mqtt.lost, urc: '{@far}' }
  two: { event: mqtt.lost, urc: '{@far}' }
`;
  const problems = await problemsIn({ test: text });
  expect(problems.map(({ place }) => place).sort()).toEqual(marks('test.yaml', text).sort());
});

test('what only follows from another mistake is not told', async () => {
  const text = `${head}commands: { '+X': { set: <n>, parameters: { n: 0..1 }, ▸exchnge: [{ final: OK }] } }`;
  expect(await problemsIn({ test: text })).toHaveLength(1);
});

describe('in the file where it stands', () => {
  const base = `dialect: base
sources: the manual
tables: { word: { 0: a } }
commands:
  '+X':
    set: '<n>'
    parameters: { n: 0..9 }
    exchange:
      - info: '{n|word}'
      - when: { n: 1 }
        steps:
          - info: ▸'{m}'
      - final: OK
`;

  test('a mistake of the base', async () => {
    const problems = await problemsIn({ child: 'dialect: child\nextends: base\n', base });
    expect(problems).toMatchObject([{ place: marks('base.yaml', base)[0], summary: 'unknown name `m`' }]);
  });

  test('a mistake of the child, in what it adds to the base', async () => {
    const child =
      "dialect: child\nextends: base\ncommands:\n  '+X':\n    exchange:\n      - { info: ▸'{k}' }\n      - final: OK\n";
    expect(await problemsIn({ child, base })).toMatchObject([{ place: marks('child.yaml', child)[0] }]);
  });

  test('a mistake of a profile', async () => {
    const child = `dialect: child
sources: the manual
profiles:
  plain:
    title: Plain
  other:
    base: plain
    style:
      echo: ▸lin
    commands:
      '+Y': { execute: [{ info: ▸'{k}' }, { final: OK }] }
    ▸profiles: {}
`;
    const problems = await problemsIn({ child }, 'other');
    expect(problems.map(({ place }) => place).sort()).toEqual(marks('child.yaml', child).sort());
  });
});

describe('files that are not put together', () => {
  test.each([
    ['an unknown base', 'extends: ▸bas\n', 'extends `bas`, which is not there', 'Did you mean `base`?'],
    ['a base that is a list', 'extends: ▸[base]\n', 'extends `["base"]`, which is not there', 'built-in'],
    ['itself as a base', 'extends: ▸test\n', 'extends `test` in a circle', 'name of its own'],
    ['a circle', 'extends: round\n', 'extends `test` in a circle', 'name of its own'],
  ])('%s', async (_, text, summary, hint) => {
    const round = 'dialect: round\nextends: ▸test\n';
    const [problem, ...others] = await problemsIn({ test: text, base: 'commands: {}', round });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ summary, hint: expect.stringContaining(hint) });
    expect([...marks('test.yaml', text), ...marks('round.yaml', round)]).toContain(problem!.place);
  });

  test.each([
    ['an unknown base', 'p: { base: ▸plan }', 'the base `plan` is no profile of this file', 'Did you mean `plain`?'],
    ['itself', 'p: { base: ▸p }', 'the base `p` is no profile of this file', ''],
    ['a circle', 'p: { base: q }\n  q: { base: ▸p }', 'the profiles are based on each other in a circle', ''],
    ['a list', 'p: ▸[1]', 'profile `p` is not a map', ''],
  ])('a profile: %s', async (_, text, summary, hint) => {
    const marked = `sources: x\nprofiles:\n  plain: {}\n  ${text}\n`;
    const [problem] = await problemsIn({ test: marked }, 'p');
    expect(problem).toMatchObject({ summary, place: marks('test.yaml', marked)[0] });
    expect(problem!.hint ?? '').toContain(hint);
  });
});

describe('files that are no grammar', () => {
  test.each([
    ['broken YAML', 'commands: { a: [1, 2 }', 1, ''],
    ['a tab', 'commands:\n\t- a', 2, 'tab'],
    ['a key twice', 'title: a\ntitle: b', 2, 'duplicated'],
    ['an alias of nothing', 'title: *nothing', 1, 'alias'],
    ['two documents', 'title: a\n---\ntitle: b', 1, 'document'],
    ['nothing', '', 1, 'empty'],
    ['a list', '- a', 1, 'not a grammar'],
    ['a number', '5', 1, 'not a grammar'],
    ['an alias within its anchor', 'title: &a { b: *a }', 1, 'not a grammar'],
    [
      'aliases that multiply',
      `a: &a [1,1,1,1,1,1,1,1,1]\n${'bcdefghi'.replaceAll(/./g, (c, i) => `${c}: &${c} [${`*${'abcdefgh'[i]},`.repeat(9)}]\n`)}`,
      1,
      'not a grammar',
    ],
    ['maps within maps', `${'a: {'.repeat(80)}${'}'.repeat(80)}`, 1, 'not a grammar'],
  ])('%s', async (_, text, line, summary) => {
    const [problem] = await problemsIn({ test: text });
    expect(problem!.place).toMatch(new RegExp(`^test.yaml:${line}:\\d+$`));
    expect(problem!.summary).toContain(summary);
    expect(problem).toMatchObject({ found: expect.stringMatching(/./), expected: expect.stringMatching(/./) });
  });
});
