/** What commands keep, under which names, and what forms store of it. */
import { describe, expect, test } from 'vitest';
import { BareModule } from './bare-module.js';
import { dialectOf } from './grammars.js';

const dialect = dialectOf(`
parameters:
  id: { range: 0..1, is: client }
  topic: text 1..9
settings:
  knob: { range: 0..1, default: 1, title: A knob, ref: '1', views: disputed }
state:
  remembered: { word: a|b, factory: a, of: client }
  forever: { range: 0..9, keep: flash, assumed: why }
  topics: { list: 2, of: client, bytes: 64 }
commands:
  '+ONE': { set: '<n>', parameters: { n: 0..9 = 3 }, keep: profile, read: '+ONE: {n}' }
  '+TWO': { set: '<a>[,<b>]', parameters: { a: 0..9 = 1, b: { range: 0..9, factory: 2 } }, keep: run, read: '+TWO: {a},{b}' }
  '+PER': { set: '<id>,<mode>', parameters: { mode: 0..3 = 0 }, keep: flash, read: [{ each: mqtt.clients, info: '{id},{mode}' }] }
  '+PART': { set: '<x>,<y>', parameters: { x: 0..9, y: { range: 0..9, keep: flash } }, exchange: [{ final: OK }] }
  '+ROWS': { set: '<n>,<topic>[,<topic>]*2', parameters: { n: { range: 1..3, counts: rows } }, keep: run,
             read: [{ each: ROWS.rows, info: '{topic}' }] }
  '+LOOSE':
    set: [{ form: '<a>', keep: false, exchange: [{ final: OK }] }, '<a>,<b>']
    parameters: { a: { range: 0..9, keep: run }, b: 0..9 }
    keep: run
  '+NOTE':
    set: '<id>,<topic>'
    exchange:
      - { add: topics, with: { topic }, full: [{ error: failed }] }
      - { final: OK }
  '+FORGET': { execute: [{ clear: [TWO, topics] }, { set: { remembered: "'b'" } }, { final: OK }] }
`);
const setting = (name: string) => dialect.settings.get(name);

describe('names', () => {
  test('of every value that outlives its command', () => {
    expect([...dialect.settings.keys()].sort()).toEqual(
      ['knob', 'remembered', 'forever', 'topics', 'ONE', 'TWO', 'TWO.a', 'TWO.b', 'PER', 'PART', 'PART.y']
        .concat(['ROWS', 'ROWS.n', 'ROWS.rows', 'LOOSE', 'LOOSE.a', 'LOOSE.b'])
        .sort(),
    );
  });

  test('knobs, what is remembered, and lists', () => {
    expect(setting('knob')).toMatchObject({ keep: 'config', factory: 1, title: 'A knob', ref: '1', views: 'disputed' });
    expect(setting('remembered')).toMatchObject({ keep: 'run', factory: 'a', of: 'client' });
    expect(setting('forever')).toMatchObject({ keep: 'flash', assumed: 'why' });
    expect(setting('topics')).toMatchObject({
      keep: 'run',
      of: 'client',
      list: { limit: 2, bytes: 64, fields: ['topic'] },
      factory: [],
    });
  });

  test('kept parameters: how long, and for which address', () => {
    expect(setting('ONE')).toMatchObject({ keep: 'profile', factory: 3, of: undefined });
    expect(setting('PER')).toMatchObject({ keep: 'flash', of: 'client' });
    expect(setting('PART.y')).toMatchObject({ keep: 'flash' });
    expect(setting('ROWS.rows')).toMatchObject({ list: { fields: ['topic'] }, factory: [] });
  });
});

describe('storing', () => {
  test('what is left out keeps its old value', () => {
    const module = new BareModule(dialect);
    expect(module.answer('+TWO?')).toEqual(['info +TWO: 1,2', 'final OK']);
    expect(module.answer('+TWO=5,6')).toEqual(['set TWO.a=5', 'set TWO.b=6', 'set TWO=true', 'final OK']);
    expect(module.answer('+TWO=7')).toEqual(['set TWO.a=7', 'set TWO=true', 'final OK']);
    expect(module.answer('+TWO?')).toEqual(['info +TWO: 7,6', 'final OK']);
  });

  test('a single value has no group', () => {
    expect(new BareModule(dialect).answer('+ONE=4')).toEqual(['set ONE=4', 'final OK']);
  });

  test('each address has its own', () => {
    const clients = [0, 1].map(client => ({ fields: {}, address: { client } }));
    const module = new BareModule(dialect, { lists: { 'mqtt.clients': clients } });
    module.answer('+PER=1,2');
    expect(module.answer('+PER?')).toEqual(['info 0,0', 'info 1,2', 'final OK']);
  });

  test('one parameter alone, or none of a form', () => {
    const module = new BareModule(dialect);
    expect(module.answer('+PART=1,2')).toEqual(['set PART.y=2', 'set PART=true', 'final OK']);
    expect(module.answer('+LOOSE=1')).toEqual(['final OK']);
    expect(module.answer('+LOOSE=1,2')).toEqual(['set LOOSE.a=1', 'set LOOSE.b=2', 'set LOOSE=true', 'final OK']);
  });

  test('rows, and their count', () => {
    const module = new BareModule(dialect);
    module.answer('+ROWS=2,a,b');
    expect(module.kept.get('ROWS.rows')).toEqual([{ topic: 'a' }, { topic: 'b' }]);
    expect(module.answer('+ROWS?')).toEqual(['info a', 'info b', 'final OK']);
    expect(module.answer('+ROWS=1,a,b')).toEqual(['final ERROR (failure)']);
    expect(module.choose('+ROWS=1,a,b')).toBe('bad-count');
  });

  test('a list takes what it can hold', () => {
    const module = new BareModule(dialect);
    expect(module.answer('+NOTE=0,a')).toEqual(['add topics {"topic":"a"}', 'final OK']);
    module.answer('+NOTE=0,b');
    expect(module.answer('+NOTE=0,c')).toEqual(['final ERROR (failure)']);
    expect(module.answer('+NOTE=1,c')).toEqual(['add topics {"topic":"c"}', 'final OK']);
  });

  test('clear empties a group with its members, and lists', () => {
    expect(new BareModule(dialect).answer('+FORGET')).toEqual([
      'clear TWO',
      'clear TWO.a',
      'clear TWO.b',
      'clear topics',
      'set remembered=b',
      'final OK',
    ]);
  });
});
