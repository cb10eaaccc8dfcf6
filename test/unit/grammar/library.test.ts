import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assemble, dialectNames } from '../../../src/grammar/document.js';
import { builtInLibrary, isGrammarPath, withGrammarFile } from '../../../src/grammar/library.js';
import { temporaryFolder } from '../store/temporary.js';

async function fileWith(text: string): Promise<string> {
  const file = join(await temporaryFolder(), 'own.yaml');
  await writeFile(file, text);
  return file;
}

test('the grammars of the package are there by name, and read once', async () => {
  const library = await builtInLibrary();
  expect(dialectNames(library)).toEqual(
    expect.arrayContaining(['v250', '3gpp-27.007', 'wifi', 'luat', 'luat-seed', 'w800', 'esp-at']),
  );
  expect(await builtInLibrary()).toBe(library);
  expect(library.find('nothing')).toBeUndefined();
});

describe('a file of one’s own', () => {
  test('stands beside the built-in ones, under the name it gives itself', async () => {
    const { library, name } = await withGrammarFile(
      await builtInLibrary(),
      await fileWith('{ dialect: acme, extends: v250 }'),
    );
    expect(name).toBe('acme');
    expect(Object.keys(assemble(name, library).document.commands as object)).toContain('E');
    expect((await builtInLibrary()).find('acme')).toBeUndefined();
  });

  test('else under that of the file', async () => {
    expect((await withGrammarFile(await builtInLibrary(), await fileWith('title: x'))).name).toBe('own');
  });

  test.each(['dialect: [a]', 'dialect: 5', "dialect: ''"])('%s is refused', async text => {
    const adding = withGrammarFile(await builtInLibrary(), await fileWith(text));
    await expect(adding).rejects.toThrow(/own\.yaml:1:10: `dialect` cannot be that/);
  });

  test('that is not there', async () => {
    await expect(withGrammarFile(await builtInLibrary(), '/nowhere/own.yaml')).rejects.toThrow(
      'cannot read /nowhere/own.yaml',
    );
  });
});

test('a dialect that is not there: the nearest, and how a file is given', async () => {
  const library = await builtInLibrary();
  expect(() => assemble('luta', library)).toThrow('there is no dialect `luta`');
  expect(() => assemble('luats', library)).toThrow('Did you mean `luat`? A file is given as a path: ./luats.yaml');
});

test.each([
  ['./vendor.yaml', true],
  ['vendor.yml', true],
  ['C:\\vendor', true],
  ['3gpp-27.007', false],
  ['luat', false],
])('%s is a path: %s', (text, expected) => {
  expect(isGrammarPath(text)).toBe(expected);
});
