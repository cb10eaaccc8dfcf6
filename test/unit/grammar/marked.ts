/** Grammar files with a mark where a message must point, and the problems that the loader has with them. */
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { OperatorError } from '../../../src/base/errors.js';
import { enablePlaces, type Source } from '../../../src/grammar/document.js';
import { readGrammarFile } from '../../../src/grammar/library.js';
import { loadDialect } from '../../../src/grammar/load.js';
import { GrammarError } from '../../../src/grammar/problems.js';
import { temporaryFolder } from '../store/temporary.js';
import { libraryOf } from './grammars.js';

/** Stands directly before what is wrong. */
export const mark = '▸';

/** `file:line:column` of every mark. */
export function marks(file: string, marked: string): string[] {
  return marked
    .split('\n')
    .flatMap((text, i) =>
      [...text.matchAll(new RegExp(mark, 'g'))].map(({ index }, nth) => `${file}:${i + 1}:${index - nth + 1}`),
    );
}

export interface Told {
  place: string;
  summary: string;
  found: string | undefined;
  expected: string | undefined;
  hint: string | undefined;
}

/** @param files dialect name → its marked text; the first is loaded, or the `wanted` one */
export async function problemsIn(
  files: Readonly<Record<string, string>>,
  wanted = Object.keys(files)[0]!,
): Promise<Told[]> {
  await enablePlaces();
  const folder = await temporaryFolder();
  const sources: Record<string, Source> = {};
  try {
    for (const [name, marked] of Object.entries(files)) {
      const file = join(folder, `${name}.yaml`);
      await writeFile(file, marked.replaceAll(mark, ''));
      sources[name] = await readGrammarFile(file);
    }
    loadDialect(wanted, libraryOf(sources));
    return [];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return (error instanceof GrammarError ? error.problems : [error]).map(told);
  }
}

function told({ summary, details: { place, found, expected, hint } }: OperatorError): Told {
  const { file = '', line, column } = place ?? {};
  return { place: `${basename(file)}:${line}:${column}`, summary, found, expected, hint };
}
