import { describe, expect, test } from 'vitest';
import { coreRefusals, refusalSteps } from '../../../src/grammar/dialect.js';
import { BareModule } from './bare-module.js';
import { dialectOf } from './grammars.js';

/** What a refusal for the word prints. */
function printed(errors: string, word: string): string[] {
  const module = new BareModule(
    dialectOf(`
errors: ${errors}
settings: { shape: { word: long|short, default: long } }
commands: { '+X': { exchange: [{ error: ${word} }] } }
`),
  );
  return module.answer('+X');
}

describe('what a refusal prints', () => {
  test.each([
    ['{ own: NOPE }', ['final NOPE (failure)']],
    ['{ own: OK }', ['final OK (failure)']],
    ['{ own: { cme: 10, text: SIM not inserted } }', ['cme 10 SIM not inserted']],
    ['{ own: { cme: 58 } }', ['cme 58 58']],
    ['{ own: [a, "{command} {refusal}", ERROR] }', ['info a', 'info +X own', 'final ERROR (failure)']],
    ['{ own: [why, { cme: 3, text: no }] }', ['info why', 'cme 3 no']],
    [
      '{ own: [{ when: { shape: short }, info: never }, { info: step }, ERROR] }',
      ['info step', 'final ERROR (failure)'],
    ],
    ['{ own: { info: "{refusal}" , when: { shape: short } }, failed: F, x: Y }', undefined],
    [
      '{ own: [{ when: { shape: long }, final: LONG }, { when: { shape: short }, final: SHORT }] }',
      ['final LONG (failure)'],
    ],
    ['{ own: { steps: [{ final: OK }, { urc: later }] } }', ['final OK', 'urc later']],
    ['{ own: { error: other }, other: OTHER }', ['final OTHER (failure)']],
  ])('%s', (errors, expected) => {
    if (expected) expect(printed(errors, 'own')).toEqual(expected);
    else expect(() => printed(errors, 'own')).toThrow('a refusal without a final result');
  });
});

describe('where a word has no entry', () => {
  test.each([
    ['bad-range', '{ bad-arguments: A, failed: F }', 'A'],
    ['bad-range', '{ bad-range: R, bad-arguments: A }', 'R'],
    ['bad-count', '{ failed: F }', 'F'],
    ['bad-utf8', '{ bad-arguments: A }', 'A'],
    ['unknown-form', '{ unknown-command: U, failed: F }', 'U'],
    ['unknown-command', '{ failed: F }', 'F'],
    ['line-too-long', '{ bad-arguments: A, failed: F }', 'F'],
  ])('%s with %s prints %s', (word, errors, text) => {
    expect(printed(errors, word)).toEqual([`final ${text} (failure)`]);
  });

  test('every word of the core prints ERROR at last', () => {
    for (const word of coreRefusals) expect(refusalSteps({ errors: new Map() }, word)).toHaveLength(1);
    expect(printed('{}', 'bad-type')).toEqual(['final ERROR (failure)']);
  });
});

test('needs refuse in their order, each only where its `when` holds', () => {
  const dialect = dialectOf(`
errors: { first: FIRST, second: SECOND }
commands:
  '+X':
    set: '<n>'
    parameters: { n: 0..9 }
    needs:
      - { need: { sim.state: ready }, else: first }
      - { when: { n: 5.. }, need: { signal.rssi: 10.. }, else: second }
      - { need: { n: 0..7 } }
    exchange: [{ final: OK }]
`);
  const answers = (facts: Record<string, string | number>, line: string) =>
    new BareModule(dialect, { facts }).answer(line);
  expect(answers({ 'sim.state': 'pin', 'signal.rssi': 0 }, '+X=5')).toEqual(['final FIRST (failure)']);
  expect(answers({ 'sim.state': 'ready', 'signal.rssi': 0 }, '+X=5')).toEqual(['final SECOND (failure)']);
  expect(answers({ 'sim.state': 'ready', 'signal.rssi': 0 }, '+X=4')).toEqual(['final OK']);
  expect(answers({ 'sim.state': 'ready', 'signal.rssi': 20 }, '+X=9')).toEqual(['final ERROR (failure)']);
});
