import { describe, expect, test } from 'vitest';
import { openDialect } from '../../../src/dialects/open.js';
import { dialectNames } from '../../../src/grammar/document.js';
import { builtInLibrary } from '../../../src/grammar/library.js';

describe('built-in grammars', async () => {
  const library = await builtInLibrary();

  test.each(dialectNames(library))('%s loads without a problem', async name => {
    const dialect = await openDialect(name);
    expect(dialect.commands.size).toBeGreaterThan(0);
  });
});
