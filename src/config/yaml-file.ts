/** A YAML file that a schema checks: reads it, and puts what is wrong in words and at its place. */
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { OperatorError, type OperatorErrorDetails } from '../base/errors.js';
import { didYouMean } from '../base/nearest.js';
import { enablePlaces, isMap, placeIn, type Raw } from '../grammar/document.js';
import { ConfigError } from './problems.js';

export type Path = readonly (string | number)[];

export interface Problem extends Omit<OperatorErrorDetails, 'place'> {
  path: Path;
  summary: string;
}

/** What a file should be. */
export interface Kind {
  /** Such as `a config`. */
  title: string;
  expected: string;
}

/** @throws ConfigError where it is no YAML, or no map */
export async function readYaml(file: string, { title, expected }: Kind): Promise<Raw> {
  const { load, YAMLException } = await import('js-yaml');
  let document: unknown;
  try {
    document = load(readFileSync(file, 'utf8'), { filename: file });
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw unreadable(file, cause as Error);
    const { line = 0, column = 0 } = cause.mark ?? {};
    const place = { file, line: line + 1, column: column + 1 };
    throw new ConfigError([new OperatorError('config', cause.reason, { place, cause })]);
  }
  if (isMap(document)) return document;
  throw new ConfigError([
    new OperatorError('config', `not ${title}`, {
      place: { file, line: 1, column: 1 },
      expected,
    }),
  ]);
}

const unreadable = (file: string, cause: Error) =>
  new OperatorError('config', `cannot read ${file}`, { hint: cause.message, cause });

/** @throws ConfigError where there are problems */
export async function refuse(file: string, document: Raw, problems: readonly Problem[]): Promise<void> {
  if (problems.length === 0) return;
  await enablePlaces();
  throw new ConfigError(
    problems.map(
      ({ path, summary, ...details }) =>
        new OperatorError('config', summary, { ...details, place: placeIn({ file, document }, path) }),
    ),
  );
}

/** What a schema found, in the house's words. */
export function problemsOf(
  issue: z.core.$ZodIssue,
  document: Raw,
  knownKeys: (path: readonly PropertyKey[]) => readonly string[],
): Problem[] {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path);
    return issue.keys.map(key => ({
      path: [...path, key],
      summary: `unknown key \`${key}\``,
      expected: known.join(', '),
      hint: didYouMean(key, known) || undefined,
    }));
  }
  const found = path.reduce<unknown>((at, key) => (at as Raw | undefined)?.[key], document);
  const name = path.filter(key => typeof key === 'string').at(-1) ?? 'config';
  if (found === undefined) return [{ path, summary: `\`${name}\` is missing`, expected: issue.message }];
  const hint = issue.code === 'invalid_value' ? didYouMean(String(found), issue.values.map(String)) : '';
  return [
    {
      path,
      summary: `\`${name}\` cannot be that`,
      found: JSON.stringify(found),
      expected: issue.message,
      hint: hint || undefined,
    },
  ];
}
