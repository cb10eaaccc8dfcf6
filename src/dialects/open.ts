/** Dialects as the house speaks them: a grammar, loaded with the operations of every family. */
import { statSync } from 'node:fs';
import { OperatorError } from '../base/errors.js';
import { didYouMean } from '../base/nearest.js';
import type { Dialect } from '../grammar/dialect.js';
import { enablePlaces, type Library, profileNames } from '../grammar/document.js';
import { builtInLibrary, isGrammarPath, withGrammarFile } from '../grammar/library.js';
import { type LoadOptions, loadDialect } from '../grammar/load.js';
import { dialectOperations } from './index.js';

export interface OpenOptions extends LoadOptions {
  /** One of the dialect's own. */
  profile?: string;
}

const specs = Object.fromEntries(Object.entries(dialectOperations).map(([name, { spec }]) => [name, spec]));

/** What was opened, and of which version of its file. */
const opened = new Map<string, { version: string; dialect: Promise<Dialect> }>();

/**
 * A dialect by name or path. Errors name file, line and column. It is loaded once for all modems that want the same; a file
 * is read again when it has changed.
 */
export function openDialect(wanted: string, { profile, ...options }: OpenOptions = {}): Promise<Dialect> {
  const key = JSON.stringify([wanted, profile, options.overrides]);
  const version = isGrammarPath(wanted) ? versionOf(wanted) : 'built in';
  const known = opened.get(key);
  if (known?.version === version) return known.dialect;
  const dialect = openAnew(wanted, profile, options);
  opened.set(key, { version, dialect });
  // What was wrong may be put right, without the file itself being touched.
  dialect.catch(() => opened.delete(key));
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

async function openAnew(wanted: string, profile: string | undefined, options: LoadOptions): Promise<Dialect> {
  const builtIn = await builtInLibrary();
  const { library, name } = isGrammarPath(wanted)
    ? await withGrammarFile(builtIn, wanted)
    : { library: builtIn, name: wanted };
  if (profile === undefined) return openDialectIn(library, name, options);
  if (!library.find(name)) await openDialectIn(library, name);
  checkProfile(library, name, profile);
  return openDialectIn(library, profile, options);
}

function checkProfile(library: Library, name: string, profile: string): void {
  const source = library.find(name);
  const known = source ? profileNames(source) : [];
  if (known.includes(profile)) return;
  throw new OperatorError('usage', `\`${name}\` has no profile \`${profile}\``, {
    expected: known.join(', ') || 'none: it has no profiles',
    hint: didYouMean(profile, known) || undefined,
  });
}

/** Changes with the file; a file that cannot be read is told by who reads it. */
function versionOf(file: string): string {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found ? `${found.ino} ${found.size} ${found.mtimeNs}` : '';
}
