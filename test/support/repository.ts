/** Where tests find what is committed beside them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OperatorError } from '../../src/base/errors.js';
import { type Play, playOf } from '../../src/transcripts/given.js';
import { parseTranscript } from '../../src/transcripts/parse.js';
import type { PreloadedFile, Transcript } from '../../src/transcripts/transcript.js';
import type { FileContent } from '../../src/transcripts/wire.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** @param path relative to the repository */
export const inRepository = (path: string): string => join(root, path);

const transcripts = 'test/transcripts';
const certificates = 'test/fixtures/certs';

/** Every transcript by name, such as `luat/connected`. */
export function transcriptNames(): string[] {
  if (!existsSync(inRepository(transcripts))) return [];
  return readdirSync(inRepository(transcripts), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.at'))
    .map(path => path.slice(0, -'.at'.length).replaceAll(sep, '/'))
    .sort();
}

export function loadTranscript(name: string): Transcript {
  const file = `${transcripts}/${name}.at`;
  if (!existsSync(inRepository(file))) {
    throw new OperatorError('transcript', 'no such transcript', { found: name, expected: `a file ${file}` });
  }
  return parseTranscript(readFileSync(inRepository(file), 'utf8'), file);
}

export const loadPlay = (transcript: Transcript): Play => playOf(transcript, loadTranscript);

/**
 * The files a dialogue may name: those of its header by their names in the modem, any file by its path in the
 * repository, and the test certificates by their bare names.
 */
export function fileContent(files: readonly PreloadedFile[]): FileContent {
  return name => {
    const path =
      files.find(file => file.name === name)?.path ?? (name.includes('/') ? name : `${certificates}/${name}`);
    return readFileSync(inRepository(path));
  };
}
