/** Where grammars are found: the built-in ones by name, a user's own by path. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OperatorError } from '../base/errors.js';
import { isMap, type Library, type Raw, type Source } from './document.js';

/** The folder of package.json, from the sources as from the bundle. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

class GrammarLibrary implements Library {
  /** A function reads what nobody has asked for yet: a modem needs its own dialect and the bases of that. */
  readonly #sources: Map<string, Source | (() => Source)>;

  constructor(sources: Iterable<[string, Source | (() => Source)]>) {
    this.#sources = new Map(sources);
  }

  names(): string[] {
    return [...this.#sources.keys()];
  }

  find(name: string): Source | undefined {
    const known = this.#sources.get(name);
    if (typeof known !== 'function') return known;
    const source = known();
    this.#sources.set(name, source);
    return source;
  }

  with(name: string, source: Source): GrammarLibrary {
    return new GrammarLibrary([...this.#sources, [name, source]]);
  }
}

let builtIn: Promise<GrammarLibrary> | undefined;

/** The grammars of the package: compiled ones where it was built, YAML else. Read once. */
export function builtInLibrary(): Promise<Library> {
  builtIn ??= readBuiltIn();
  return builtIn;
}

async function readBuiltIn(): Promise<GrammarLibrary> {
  const root = packageRoot();
  const file = (name: string) => join(root, 'grammars', `${name}.yaml`);
  const compiled = join(root, 'dist', 'grammars');
  if (fileURLToPath(import.meta.url).startsWith(join(root, 'dist')) && existsSync(compiled)) {
    const readCompiled = (each: string): Raw => JSON.parse(readFileSync(join(compiled, each), 'utf8'));
    return new GrammarLibrary(
      readdirSync(compiled)
        .sort()
        .map(each => [
          basename(each, '.json'),
          () => ({ file: file(basename(each, '.json')), document: readCompiled(each) }),
        ]),
    );
  }
  const names = readdirSync(join(root, 'grammars'))
    .filter(each => each.endsWith('.yaml'))
    .sort();
  const sources = await Promise.all(names.map(each => readGrammarFile(join(root, 'grammars', each))));
  return new GrammarLibrary(sources.map((source, i) => [basename(names[i]!, '.yaml'), source]));
}

/** @throws OperatorError with the place where the YAML is broken */
export async function readGrammarFile(file: string): Promise<Source> {
  const { load, YAMLException } = await import('js-yaml');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new OperatorError('grammar', `cannot read ${file}`, { cause, hint: (cause as Error).message });
  }
  try {
    const document = load(text, { filename: file });
    if (isMap(document)) return { file, document };
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause;
    const { line, column } = cause.mark ?? {};
    const place = {
      file,
      line: line === undefined ? undefined : line + 1,
      column: column === undefined ? undefined : column + 1,
    };
    throw new OperatorError('grammar', cause.reason, {
      place,
      cause,
      hint: 'Quote names and replies that begin with & * # % or hold a colon.',
    });
  }
  throw new OperatorError('grammar', 'not a grammar: the file is no map', { place: { file, line: 1, column: 1 } });
}

/** The library with a user's file in it, and the name under which it is there. */
export async function withGrammarFile(library: Library, file: string): Promise<{ library: Library; name: string }> {
  const source = await readGrammarFile(file);
  const name =
    typeof source.document.dialect === 'string' ? source.document.dialect : basename(file).replace(/\.ya?ml$/, '');
  return { library: (library as GrammarLibrary).with(name, source), name };
}

/** Is it a path, rather than the name of a dialect? */
export const isGrammarPath = (dialect: string): boolean => /[/\\]|\.ya?ml$/.test(dialect);
