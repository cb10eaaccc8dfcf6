/** Where grammars are found: the built-in ones by name, a user's own by path. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OperatorError } from '../base/errors.js';
import { enablePlaces, isMap, type Library, placeIn, type Raw, type Source } from './document.js';
import { shown } from './node.js';

/** The folder of package.json, from the sources as from the bundle. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

export function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
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
  const text = readText(file);
  const { load, YAMLException } = await import('js-yaml');
  let document: unknown;
  try {
    document = load(text, { filename: file });
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause;
    throw brokenYaml(file, text, cause.reason, cause.mark, cause);
  }
  if (!isMap(document)) throw notAGrammar(file, shown(document), 'a map: dialect, commands, …');
  if (!isBounded(document))
    throw notAGrammar(
      file,
      'a file that stands in itself, or grows beyond bounds, by its anchors',
      `at most ${mostNodes} values`,
    );
  return { file, document };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new OperatorError('grammar', `cannot read ${file}`, { cause, hint: (cause as Error).message });
  }
}

function brokenYaml(
  file: string,
  text: string,
  reason: string,
  { line = 0, column = 0 }: { line?: number; column?: number } = {},
  cause: unknown,
): OperatorError {
  const lines = text.split('\n');
  const found = lines[Math.min(line, lines.length - 1)]?.trim().slice(0, 60);
  return new OperatorError('grammar', reason, {
    place: { file, line: line + 1, column: column + 1 },
    found: found || 'nothing',
    expected: 'YAML',
    hint: 'Quote names and replies that begin with & * # % or hold a colon.',
    cause,
  });
}

const notAGrammar = (file: string, found: string, expected: string): OperatorError =>
  new OperatorError('grammar', 'not a grammar', { place: { file, line: 1, column: 1 }, found, expected });

/** Values in one file, what anchors repeat counted each time, and how deep they may nest. */
const mostNodes = 200_000;
const deepest = 64;

/** False where an alias stands within its own anchor, or aliases of aliases multiply. */
function isBounded(document: unknown): boolean {
  const open: [value: unknown, depth: number][] = [[document, 0]];
  for (let seen = 0; open.length > 0; seen++) {
    const [value, depth] = open.pop()!;
    if (seen > mostNodes || depth > deepest) return false;
    if (typeof value !== 'object' || value === null) continue;
    for (const inner of Object.values(value)) open.push([inner, depth + 1]);
  }
  return true;
}

/** The library with a user's file in it, and the name under which it is there. */
export async function withGrammarFile(library: Library, file: string): Promise<{ library: Library; name: string }> {
  const source = await readGrammarFile(file);
  const { dialect } = source.document;
  if (dialect !== undefined && (typeof dialect !== 'string' || dialect === '')) {
    await enablePlaces();
    const place = placeIn(source, ['dialect'], 'value');
    throw new OperatorError('grammar', '`dialect` cannot be that', {
      place,
      found: shown(dialect),
      expected: 'a name',
    });
  }
  const name = dialect ?? basename(file).replace(/\.ya?ml$/, '');
  return { library: (library as GrammarLibrary).with(name, source), name };
}

/** Is it a path, rather than the name of a dialect? */
export const isGrammarPath = (dialect: string): boolean => /[/\\]|\.ya?ml$/.test(dialect);
