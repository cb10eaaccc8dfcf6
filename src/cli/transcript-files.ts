/** Transcripts as files of the operator's: what stands under `given:`, and the files that they name. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize, resolve } from 'node:path';
import { formatPlace, OperatorError } from '../base/errors.js';
import { type Play, playOf } from '../transcripts/given.js';
import { parseTranscript } from '../transcripts/parse.js';
import type { Item, Transcript } from '../transcripts/transcript.js';
import type { FileContent } from '../transcripts/wire.js';

const mebibyte = 1024 * 1024;
/** A recording has 64 MiB at most. */
const largest = 80 * mebibyte;

export interface LoadedPlay {
  play: Play;
  /** Of all its parts, in order. */
  items: readonly Item[];
  content: FileContent;
  /** `file:line` */
  placeOf: (item: Item) => string;
}

/** @throws OperatorError */
export function loadPlay(file: string): LoadedPlay {
  const play = playOf(readTranscript(file), name => readTranscript(givenFile(name, file)));
  const named = new Map(play.header.files.map(({ name, path }) => [name, path]));
  const files = new Map(play.parts.flatMap(part => part.items.map(item => [item, part.file] as const)));
  return {
    play,
    items: [...files.keys()],
    content: name => readNamed(named.get(name) ?? name, file),
    placeOf: item => formatPlace({ file: files.get(item) ?? file, line: item.line }),
  };
}

function readTranscript(file: string): Transcript {
  return parseTranscript(readBounded(file).toString('utf8'), file);
}

/** Names such as `luat/connected` begin in a folder above the transcript that gives them. */
function givenFile(name: string, from: string): string {
  const start = dirname(resolve(from));
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, `${name}.at`);
    if (existsSync(file)) return file;
    if (folder === dirname(folder)) break;
  }
  throw new OperatorError('transcript', 'the transcript under `given:` is not there', {
    place: { file: from },
    found: name,
    expected: `a file ${name}.at in ${start} or a folder above it`,
  });
}

/** A transcript may come from anywhere: it reaches files below the working folder and its own, and no others. */
function readNamed(path: string, from: string): Buffer {
  const isOutside = isAbsolute(path) || normalize(path).startsWith('..');
  const found = isOutside ? undefined : [path, join(dirname(from), path)].find(each => existsSync(each));
  if (found !== undefined) return readBounded(found);
  throw new OperatorError('transcript', 'a file that the transcript names is not there', {
    place: { file: from },
    found: path,
    expected: 'a path below the working folder, or below that of the transcript',
  });
}

function readBounded(file: string): Buffer {
  try {
    const { size } = statSync(file);
    if (size > largest) throw new Error(`it has ${Math.ceil(size / mebibyte)} MiB, and ${largest / mebibyte} are read`);
    return readFileSync(file);
  } catch (cause) {
    throw new OperatorError('transcript', `cannot read ${file}`, { hint: (cause as Error).message, cause });
  }
}
