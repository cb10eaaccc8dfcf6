/** Grammars with something wrong in them, anywhere: they load, or are refused with an OperatorError. Nothing crashes. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OperatorError } from '../../../src/base/errors.js';
import { dialectOperations } from '../../../src/dialects/index.js';
import { dialectNames, enablePlaces, type Library, type Raw } from '../../../src/grammar/document.js';
import { builtInLibrary, withGrammarFile } from '../../../src/grammar/library.js';
import { loadDialect } from '../../../src/grammar/load.js';
import { GrammarError } from '../../../src/grammar/problems.js';
import { inRepository } from '../../support/repository.js';
import { temporaryFolder } from '../store/temporary.js';
import { libraryOf } from './grammars.js';

const operations = Object.fromEntries(Object.entries(dialectOperations).map(([name, { spec }]) => [name, spec]));
const library = await builtInLibrary();

/** The problems of a grammar; anything but an OperatorError is thrown on. */
function refusals(name: string, grammars: Library): readonly OperatorError[] {
  try {
    loadDialect(name, grammars, { operations });
    return [];
  } catch (error) {
    if (error instanceof GrammarError) return error.problems;
    if (error instanceof OperatorError) return [error];
    throw error;
  }
}

type Inner = Record<string | number, unknown>;

/** Every place of a document, as the map or list and the key in it. */
function places(document: unknown): [Inner, string | number][] {
  if (typeof document !== 'object' || document === null) return [];
  const inner = document as Inner;
  const keys = Array.isArray(document) ? [...document.keys()] : Object.keys(document);
  return keys.flatMap(key => [[inner, key] as [Inner, string | number], ...places(inner[key])]);
}

const oddities: readonly unknown[] = [
  null,
  undefined,
  true,
  -1,
  0.5,
  Number.POSITIVE_INFINITY,
  '',
  'constructor',
  '{toString|hasOwnProperty}',
  '[{',
  '<a>[,<a>]*3',
  '0..',
  '5..1|x',
  [],
  [null],
  [[]],
  {},
  { a: { b: [1] } },
  JSON.parse('{ "__proto__": { "x": 1 }, "constructor": 5 }'),
  { when: {}, info: 'a' },
  { do: 'toString', with: 5 },
  new Date(0),
];

type Mutation =
  | { kind: 'delete'; at: number }
  | { kind: 'replace'; at: number; by: number }
  | { kind: 'rename'; at: number }
  | { kind: 'swap'; at: number; with: number };

function mutate(document: unknown, mutation: Mutation): void {
  const all = places(document);
  if (all.length === 0) return;
  const [inner, key] = all[mutation.at % all.length]!;
  switch (mutation.kind) {
    case 'delete':
      if (Array.isArray(inner)) inner.splice(Number(key), 1);
      else delete inner[key];
      return;
    case 'replace':
      inner[key] = oddities[mutation.by % oddities.length];
      return;
    case 'rename':
      if (Array.isArray(inner)) return;
      inner[`${key}x`] = inner[key];
      delete inner[key];
      return;
    case 'swap': {
      const [other, otherKey] = all[mutation.with % all.length]!;
      const [mine, theirs] = [inner[key], other[otherKey]];
      if (isWithin(mine, other) || isWithin(theirs, inner)) return;
      inner[key] = theirs;
      other[otherKey] = mine;
      return;
    }
    default:
      return mutation satisfies never;
  }
}

const isWithin = (outer: unknown, inner: unknown): boolean =>
  outer === inner ||
  (typeof outer === 'object' && outer !== null && Object.values(outer).some(each => isWithin(each, inner)));

const index = fc.nat(1_000_000);
const mutations: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('delete' as const), at: index }),
  fc.record({ kind: fc.constant('replace' as const), at: index, by: index }),
  fc.record({ kind: fc.constant('rename' as const), at: index }),
  fc.record({ kind: fc.constant('swap' as const), at: index, with: index }),
);

describe('a built-in grammar, changed anywhere', () => {
  test.each(library.names())('%s', name => {
    const grammars = (document: Raw): Library =>
      libraryOf(
        Object.fromEntries(
          library.names().map(each => [each, each === name ? { file: name, document } : library.find(each)!]),
        ),
      );
    fc.assert(
      fc.property(fc.array(mutations, { minLength: 1, maxLength: 3 }), changes => {
        const document = structuredClone(library.find(name)!.document);
        for (const change of changes) mutate(document, change);
        for (const problem of refusals(name, grammars(document))) expect(problem.details.place?.file).toBeDefined();
      }),
      { numRuns: 60 },
    );
  });

  test('none has a problem while nothing is changed', () => {
    for (const name of dialectNames(library)) expect(refusals(name, library)).toEqual([]);
  });
});

test('a file with any mistake in its text is refused at a line and column of it, and told what was found and expected', async () => {
  await enablePlaces();
  const text = readFileSync(inRepository('examples/vendor.yaml'), 'utf8');
  const folder = await temporaryFolder();
  const file = join(folder, 'vendor.yaml');
  const edit = fc.record({
    at: fc.nat(text.length - 1),
    cut: fc.nat(12),
    add: fc.constantFrom('', ' ', ':', '[', '}', "'", '&', 'x', '\n', '~'),
  });
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(edit, async ({ at, cut, add }) => {
      const changed = text.slice(0, at) + add + text.slice(at + cut);
      await writeFile(file, changed);
      try {
        const found = await withGrammarFile(library, file);
        loadDialect(found.name, found.library, { operations });
      } catch (error) {
        if (!(error instanceof OperatorError)) throw error;
        refused += 1;
        const lines = changed.split('\n').length;
        for (const problem of error instanceof GrammarError ? error.problems : [error]) {
          const { place, found, expected } = problem.details;
          expect(place).toMatchObject({ line: expect.any(Number), column: expect.any(Number) });
          if (place?.file === file) expect(place.line).toBeLessThanOrEqual(lines);
          expect([found ?? '', expected ?? '']).not.toContain('');
        }
      }
    }),
    { numRuns: 150 },
  );
  expect(refused).toBeGreaterThan(20);
});
