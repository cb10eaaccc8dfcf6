/** `at`: a step that is about another client, context … than the command names. */
import { describe, expect, test } from 'vitest';
import { BareModule } from './bare-module.js';
import { dialectOf } from './grammars.js';
import { problemsIn } from './marked.js';

const grammar = (exchange: string): string => `
dialect: test
sources: test
parameters: { client: { range: 0..5, is: client }, cid: 1..15 }
state:
  seen: { range: 0..9, factory: 0, of: cid }
  name: { text: 0..9, factory: none, of: client }
commands:
  '+X': { title: X, ref: test, set: '<client>,<cid>', exchange: ${exchange} }
`;

function play(exchange: string, line: string): BareModule {
  const module = new BareModule(dialectOf(grammar(exchange)));
  module.answer(line);
  return module;
}

describe('a step with `at`', () => {
  test('sets and reads what belongs to the one it names', () => {
    const { kept, notes } = play('[{ at: { cid }, set: { seen: 1 } }, { final: "{seen}" }]', '+X=0,3');
    expect([...kept.keys()]).toEqual(['seen@3']);
    expect(notes.at(-1)).toBe('final 0');
  });

  test('its condition is about that one too, and all steps inside', () => {
    const exchange = `[
      { at: { cid }, set: { seen: 1 } },
      { when: { seen: 1 }, info: here },
      { at: { cid }, when: { seen: 1 }, steps: [{ info: there }, { set: { seen: 2 } }] },
      { final: OK }]`;
    const { kept, notes } = play(exchange, '+X=0,3');
    expect(notes).toEqual(['set seen=1', 'info there', 'set seen=2', 'final OK']);
    expect(kept.get('seen@3')).toBe(2);
  });

  test('leaves the other addresses as they are', () => {
    expect([...play(`[{ at: { cid }, set: { name: "'a'" } }, { final: OK }]`, '+X=4,3').kept.keys()]).toEqual([
      'name@4',
    ]);
  });

  test.each([
    ['an address that is none', '[{ at: { context: cid }, final: OK }]', /unknown address/],
    ['a value that is none', '[{ at: { cid: nobody }, final: OK }]', /unknown name/],
    ['with each', '[{ at: { cid }, each: pdp.contexts, info: a }, { final: OK }]', /`at` stands without `each`/],
  ])('%s is a problem', async (_, exchange, summary) => {
    const problems = await problemsIn({ test: grammar(exchange) });
    expect(problems.map(problem => problem.summary).join()).toMatch(summary);
  });
});
