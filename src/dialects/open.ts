/** Dialects as the house speaks them: a grammar, loaded with the operations of every family. */
import { OperatorError } from '../base/errors.js';
import type { Dialect } from '../grammar/dialect.js';
import { enablePlaces, type Library } from '../grammar/document.js';
import { builtInLibrary, isGrammarPath, withGrammarFile } from '../grammar/library.js';
import { type LoadOptions, loadDialect } from '../grammar/load.js';
import { dialectOperations } from './index.js';

const specs = Object.fromEntries(Object.entries(dialectOperations).map(([name, { spec }]) => [name, spec]));
const builtIn = new Map<string, Dialect>();

/**
 * A dialect by name or path. Errors name file, line and column. One that is built in is loaded once for all modems that want
 * the same; a file is read each time, for it may have changed.
 */
export async function openDialect(wanted: string, options: LoadOptions = {}): Promise<Dialect> {
  const library = await builtInLibrary();
  if (isGrammarPath(wanted)) {
    const extended = await withGrammarFile(library, wanted);
    return openDialectIn(extended.library, extended.name, options);
  }
  const key = JSON.stringify([wanted, options.overrides]);
  const dialect = builtIn.get(key) ?? (await openDialectIn(library, wanted, options));
  builtIn.set(key, dialect);
  return dialect;
}

/** A dialect of that library. */
export async function openDialectIn(library: Library, name: string, options: LoadOptions = {}): Promise<Dialect> {
  const whole = { ...options, operations: specs };
  try {
    return loadDialect(name, library, whole);
  } catch (error) {
    if (!(error instanceof OperatorError) || error.code !== 'grammar') throw error;
    // The parser that knows line numbers is loaded only when something is wrong.
    await enablePlaces();
    return loadDialect(name, library, whole);
  }
}
