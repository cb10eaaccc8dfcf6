/** Small grammars for tests: from text, alone or beside others, in memory or as files. */
import { load } from 'js-yaml';
import type { Dialect } from '../../../src/grammar/dialect.js';
import type { Library, Raw, Source } from '../../../src/grammar/document.js';
import { type LoadOptions, loadDialect } from '../../../src/grammar/load.js';

export const libraryOf = (sources: Readonly<Record<string, Source>>): Library => ({
  names: () => Object.keys(sources),
  find: name => (Object.hasOwn(sources, name) ? sources[name] : undefined),
});

export const sourceOf = (text: string, file = 'test.yaml'): Source => ({ file, document: load(text) as Raw });

/** The first of the grammars, each under its `dialect` name. `sources` is added where there is none. */
export function dialectOf(
  text: string,
  options: LoadOptions & { name?: string; bases?: readonly string[] } = {},
): Dialect {
  const { name, bases = [], ...rest } = options;
  const sources = [text, ...bases].map(each => {
    const document = load(each) as Raw;
    return [
      String(document.dialect ?? 'test'),
      { file: `${document.dialect ?? 'test'}.yaml`, document: { sources: 'test', ...document } },
    ];
  });
  return loadDialect(name ?? String(sources[0]![0]), libraryOf(Object.fromEntries(sources)), rest);
}
