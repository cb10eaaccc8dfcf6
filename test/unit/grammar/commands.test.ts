/** Which form of a command answers, and what the forms without steps of their own say. */
import { describe, expect, test } from 'vitest';
import { BareModule } from './bare-module.js';
import { dialectOf } from './grammars.js';

const answer = (commands: string, line: string, circumstances = {}) =>
  new BareModule(dialectOf(commands), circumstances).answer(line);

describe('test forms', () => {
  const commands = `
parameters: { qos: 0..2 }
commands:
  '+MADE': { set: '<qos>,<mode>[,<"name">]', parameters: { name: text 1..9, mode: word A|B }, keep: run }
  '+TEXT': { set: '<qos>', keep: run, test: "+TEXT: (0-2)\\n+TEXT: more" }
  '+LINES': { set: '<qos>', keep: run, test: ['+LINES: 1', '{not a field}'] }
  '+BARE': { set: '<qos>', keep: run, test: OK }
  '+NONE': { set: '<qos>', keep: run, test: false }
  '+EMPTY': { execute: OK }
  '+STEPS': { execute: OK, test: [{ info: 'in {command}' }] }
  '+NEEDS': { execute: OK, test: { needs: [{ need: { sim.state: ready } }], exchange: [{ info: there }] } }
  'E': { set: '<qos>', keep: run }
`;

  test.each([
    ['+MADE=?', ['info +MADE: (0-2),("A","B"),<name>', 'final OK']],
    ['+TEXT=?', ['info +TEXT: (0-2)', 'info +TEXT: more', 'final OK']],
    ['+LINES=?', ['info +LINES: 1', 'info {not a field}', 'final OK']],
    ['+BARE=?', ['final OK']],
    ['+NONE=?', ['final ERROR (failure)']],
    ['+EMPTY=?', ['final OK']],
    ['+STEPS=?', ['info in +STEPS', 'final OK']],
    ['+NEEDS=?', ['final ERROR (failure)']],
  ])('%s', (line, expected) => {
    expect(answer(commands, line)).toEqual(expected);
  });

  test('a need of a test form that holds', () => {
    expect(answer(commands, '+NEEDS=?', { facts: { 'sim.state': 'ready' } })).toEqual(['info there', 'final OK']);
  });

  test('basic commands have none', () => {
    expect(dialectOf(commands).commands.get('E')!.test).toBeUndefined();
  });
});

describe('read and execute', () => {
  const commands = `
parameters: { n: 0..2 }
errors: { closed: CLOSED }
commands:
  '+A': { set: '<n>', keep: run, read: '+A: {n}', execute: '+A' , needs: [{ need: { sim.state: ready }, else: closed }] }
  '+B': { exchange: [{ info: act }, { final: DONE }] }
  '+C': { read: [{ when: { sim.state: pin }, error: closed }, { info: fine }] }
  '+D': { read: { needs: [{ need: { sim.state: ready }, else: closed }], exchange: [{ info: fine }] } }
  '+E': { read: OK, execute: { needs: [], exchange: [{ final: OK }] } }
  'Z': { set: '[<n>]', exchange: [{ info: '{n}' }, { final: OK }] }
`;

  test.each([
    ['+A?', 'pin', ['info +A: ', 'final OK']],
    ['+A', 'ready', ['info +A', 'final OK']],
    ['+A', 'pin', ['final CLOSED (failure)']],
    ['+A=1', 'pin', ['final CLOSED (failure)']],
    ['+A=1', 'ready', ['set A=1', 'final OK']],
    ['+B', 'pin', ['info act', 'final DONE']],
    ['+B=1', 'pin', ['final ERROR (failure)']],
    ['+B?', 'pin', ['final ERROR (failure)']],
    ['+C?', 'pin', ['final CLOSED (failure)']],
    ['+C?', 'ready', ['info fine', 'final OK']],
    ['+D?', 'pin', ['final CLOSED (failure)']],
    ['+D?', 'ready', ['info fine', 'final OK']],
    ['+E?', 'pin', ['final OK']],
    ['Z', 'pin', ['info ', 'final OK']],
    ['Z1', 'pin', ['info 1', 'final OK']],
    ['Z3', 'pin', ['final ERROR (failure)']],
  ])('%s while the SIM is %s', (line, sim, expected) => {
    expect(answer(commands, line, { facts: { 'sim.state': sim } })).toEqual(expected);
  });
});

describe('choosing among forms', () => {
  const module = new BareModule(
    dialectOf(`
settings: { inline: { range: 0..1, default: 0 } }
state: { mux: { range: 0..1, factory: 0 } }
parameters: { link: { range: 0..4, is: link, only: { mux: 1 } }, len: { range: 1..10, else: too-long }, topic: text 1..9 }
errors: { too-long: [long, ERROR] }
commands:
  '+PUB':
    set:
      - { form: '"fast",<topic>', exchange: [{ final: FAST }] }
      - { form: '<topic>,<"message">', when: { inline: 1 }, exchange: [{ final: INLINE }] }
      - { form: '<topic>,<len>', exchange: [{ final: PROMPT }] }
    parameters: { message: bytes }
  '+SEND': { set: '[<link>,]<len>', exchange: [{ info: '[{link},]{len}' }, { final: OK }] }
  '+MUX': { set: '<mux>', parameters: { mux: 0..1 }, exchange: [{ set: { mux } }, { final: OK }] }
`),
  );

  test.each([
    ['+PUB="fast",a', 0],
    ['+PUB=FAST,a', 0],
    ['+PUB=slow,5', 2],
    ['+PUB=slow,11', 'too-long'],
    ['+PUB=slow', 'too-long'],
    ['+PUB=slow,5,6', 'bad-count'],
    ['+PUB=,5', 'bad-count'],
  ])('%s', (line, expected) => {
    expect(module.choose(line)).toBe(expected);
  });

  test('`when` is asked before the shape', () => {
    const inline = new BareModule(module.dialect);
    inline.kept.set('inline', 1);
    expect(inline.choose('+PUB=slow,"text"')).toBe(1);
    expect(inline.choose('+PUB=slow,5')).toBe(2);
    expect(module.choose('+PUB=slow,"text"')).toBe('too-long');
  });

  test('an argument with `only` is there exactly while its condition holds', () => {
    expect(module.answer('+SEND=5')).toEqual(['info 5', 'final OK']);
    expect(module.choose('+SEND=1,5')).toBe('bad-count');
    module.answer('+MUX=1');
    expect(module.answer('+SEND=1,5')).toEqual(['info 1,5', 'final OK']);
    expect(module.choose('+SEND=5')).toBe('bad-range');
    expect(module.answer('+SEND=1,11')).toEqual(['info long', 'final ERROR (failure)']);
  });
});

describe('sub-names', () => {
  const text = `
parameters: { n: { range: 0..5, is: tls-context } }
commands:
  '+CFG':
    set: '<"item">,<n>[,<values>]'
    query: '+CFG: "{item}",{n},{values...}'
    items:
      level: { level: 0..4 = 3 }
      mode: { values: '<a>[,<b>]', a: 0..1 = 0, b: 0..1 = 1 }
      ca: { value: { file: 0..64, factory: '', empty: '' }, query: '+CFG: {n} "{value}"' }
      once: { values: '<len>', len: 1..9, keep: false, exchange: [{ info: '{item} {len}' }, { final: OK }] }
      reset: { exchange: [{ final: RESET }] }
`;
  const module = () => new BareModule(dialectOf(text));

  test.each([
    ['+CFG="level",0', ['info +CFG: "level",0,3', 'final OK']],
    ['+CFG="mode",2', ['info +CFG: "mode",2,0,1', 'final OK']],
    ['+CFG="ca",2', ['info +CFG: 2 ""', 'final OK']],
    ['+CFG="level",0,4', ['set level=4', 'final OK']],
    ['+CFG="mode",1,1', ['set mode.a=1', 'set mode.b=1', 'set mode=true', 'final OK']],
    ['+CFG="mode",1,1,0', ['set mode.a=1', 'set mode.b=0', 'set mode=true', 'final OK']],
    ['+CFG="once",1,5', ['info once 5', 'final OK']],
    ['+CFG="reset",1', ['final RESET']],
    ['+CFG="level",0,5', ['final ERROR (failure)']],
    ['+CFG="nothing",0', ['final ERROR (failure)']],
    ['+CFG="mode",6', ['final ERROR (failure)']],
  ])('%s', (line, expected) => {
    expect(module().answer(line)).toEqual(expected);
  });

  test('are kept for each address, and asked back', () => {
    const kept = module();
    kept.answer('+CFG="mode",1,1,0');
    kept.answer('+CFG="ca",1,"a.pem"');
    expect(kept.answer('+CFG="mode",1')).toEqual(['info +CFG: "mode",1,1,0', 'final OK']);
    expect(kept.answer('+CFG="mode",0')).toEqual(['info +CFG: "mode",0,0,1', 'final OK']);
    expect(kept.answer('+CFG="ca",1,""')).toEqual(['set ca=', 'final OK']);
    expect(kept.dialect.settings.get('mode.b')).toMatchObject({ of: 'tls-context', keep: 'run', factory: 1 });
  });

  test('a form beside those of the items stands as it is', () => {
    const both = dialectOf(`
commands:
  '+CFG':
    set: ['<"item">[,<values>]', { form: '<n>', exchange: [{ final: NUMBER }] }]
    parameters: { n: 0..9 }
    items: { level: { level: 0..4 = 3, query: '{value}' } }
`);
    expect(new BareModule(both).answer('+CFG=5')).toEqual(['final NUMBER']);
    expect(new BareModule(both).answer('+CFG="level"')).toEqual(['info 3', 'final OK']);
  });
});

describe('choices', () => {
  const commands = `
state: { kept: { range: 0..9, factory: 7 } }
choices:
  word: [{ when: { sim.state: ready }, is: fixed }, { of: kept }]
  maybe: [{ when: { sim.state: ready }, of: signal.rssi }]
commands:
  '+A': { execute: '+A: {word}[,{maybe}]' }
`;

  test.each([
    ['ready', '+A: fixed,28'],
    ['absent', '+A: 7'],
  ])('are words, values of names, or absent: %s', (sim, line) => {
    expect(answer(commands, '+A', { facts: { 'sim.state': sim, 'signal.rssi': 28 } })).toEqual([
      `info ${line}`,
      'final OK',
    ]);
  });
});
