/** Every generated page, and the schema of a config, by its path in the repository. Reads grammars and transcripts; writes nothing. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { configJsonSchema, jsonSchemaPath } from '../config/json-schema.js';
import { openDialect } from '../dialects/open.js';
import { assemble } from '../grammar/document.js';
import { builtInLibrary, packageRoot } from '../grammar/library.js';
import { parseTranscript } from '../transcripts/parse.js';
import { coveragePage, type NamedTranscript } from './coverage.js';
import { faultsPage } from './faults.js';
import { vocabularyPage } from './vocabulary.js';

export const coverageFolder = 'docs/coverage';

export async function generatedPages(): Promise<Map<string, string>> {
  const library = await builtInLibrary();
  const transcripts = readTranscripts(join(packageRoot(), 'test', 'transcripts'));
  const pages = new Map([
    ['docs/vocabulary.md', vocabularyPage()],
    ['docs/faults.md', faultsPage()],
    [jsonSchemaPath, configJsonSchema()],
  ]);
  for (const name of library.names()) {
    const source = { dialect: await openDialect(name), merged: assemble(name, library) };
    pages.set(`${coverageFolder}/${name}.md`, coveragePage(source, transcripts));
  }
  return pages;
}

function readTranscripts(folder: string): NamedTranscript[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.at'))
    .map(path => path.replaceAll(sep, '/'))
    .sort()
    .map(path => ({
      name: path.slice(0, -'.at'.length),
      transcript: parseTranscript(readFileSync(join(folder, path), 'utf8'), path),
    }));
}
