/** `atmodem check`: is a file right? It starts nothing; every mistake is named at its place. */
import { readFileSync } from 'node:fs';
import { OperatorError, type Place } from '../base/errors.js';
import { nearest } from '../base/nearest.js';
import { ConfigError } from '../config/problems.js';
import { openDialect, openDialectIn } from '../dialects/open.js';
import type { Dialect } from '../grammar/dialect.js';
import { isMap } from '../grammar/document.js';
import { builtInLibrary, readGrammarFile, withGrammarFile } from '../grammar/library.js';
import { GrammarError } from '../grammar/problems.js';
import type { Fault } from '../scenarios/fault.js';
import type { Item } from '../transcripts/transcript.js';
import type { ExitCode } from './failure.js';
import type { Output } from './output.js';

export interface CheckOptions {
  /** Of scenarios that name none, and in place of the one that they name. */
  dialect?: string;
}

export async function check(
  files: readonly string[],
  output: Output,
  { dialect }: CheckOptions = {},
): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  for (const file of files) {
    const problems = await problemsIn(file, dialect);
    if (problems.length > 0) exitCode = 2;
    output.result(problems.length === 0 ? `${file}: ok` : problems.map(problem => problem.message).join('\n'));
  }
  return exitCode;
}

async function problemsIn(file: string, dialect: string | undefined): Promise<readonly OperatorError[]> {
  try {
    return file.endsWith('.at') ? await checkTranscript(file) : await checkYaml(file, dialect);
  } catch (error) {
    return problemsOf(error);
  }
}

function problemsOf(error: unknown): readonly OperatorError[] {
  if (error instanceof GrammarError || error instanceof ConfigError) return error.problems;
  if (error instanceof OperatorError) return [error];
  throw error;
}

async function checkTranscript(file: string): Promise<[]> {
  const { parseTranscript } = await import('../transcripts/parse.js');
  const text = await readText(file);
  const { header, items } = parseTranscript(text, file);
  const { dialect, settings } = header;
  const faults = await checkFaults(items, file);
  // Without one, it is the dialect of what stands under `given:`.
  if (dialect === undefined) return [];
  try {
    const overrides = Object.fromEntries(settings.map(({ name, value }) => [name, value]));
    faults(await openDialect(dialect, { overrides }));
    return [];
  } catch (error) {
    if (!(error instanceof OperatorError) || error.code !== 'usage') throw error;
    throw new OperatorError('transcript', error.summary, {
      ...error.details,
      place: { file, line: dialectLine(text) },
    });
  }
}

/** @returns what checks them against a dialect too @throws OperatorError (transcript), at the line */
async function checkFaults(items: readonly Item[], file: string): Promise<(dialect: Dialect) => void> {
  const injected = items.flatMap(({ line, ...item }) =>
    'fault' in item && item.fault.kind === 'injected' ? [{ line, request: item.fault.request }] : [],
  );
  if (injected.length === 0) return () => {};
  const { checkDialect, checkFault, readFaultText } = await import('../scenarios/fault.js');
  const check = (also: (fault: Fault) => void) => {
    for (const { line, request } of injected)
      placedAt({ file, line, column: 3 }, () => also(checkFault(readFaultText(request, ' '))));
  };
  check(() => {});
  return dialect => check(fault => checkDialect(fault, dialect));
}

function placedAt(place: Place, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    throw new OperatorError('transcript', error.summary, { ...error.details, place });
  }
}

const dialectLine = (text: string): number => text.split('\n').findIndex(line => line.startsWith('dialect:')) + 1;

async function readText(file: string): Promise<string> {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new OperatorError('transcript', `cannot read ${file}`, { hint: (cause as Error).message, cause });
  }
}

/** What the file is shows in its keys. */
const kinds = {
  // First: a scenario may name its dialect.
  scenario: 'scenario',
  steps: 'scenario',
  expect: 'scenario',
  modems: 'config',
  defaults: 'config',
  dialect: 'grammar',
  extends: 'grammar',
  commands: 'grammar',
  aliyun: 'cloud',
  onenet: 'cloud',
} as const;

async function checkYaml(file: string, dialect: string | undefined): Promise<readonly OperatorError[]> {
  const { document } = await readGrammarFile(file);
  const kind = Object.entries(kinds).find(([key]) => key in document)?.[1];
  switch (kind) {
    case 'config':
      return checkConfig(file);
    case 'grammar':
      return checkGrammar(file);
    case 'cloud':
      return checkCloud(file);
    case 'scenario':
      return checkScenario(file, dialect);
    case undefined:
      throw neither(file, Object.keys(document));
  }
}

async function checkConfig(file: string): Promise<[]> {
  const { placed, readConfigFile } = await import('../config/file.js');
  const { checkDialects } = await import('./config-dialects.js');
  const read = await readConfigFile(file);
  await checkDialects(read);
  const { cloud } = read.config;
  if (typeof cloud !== 'string') return [];
  return checkCloud(cloud).catch(async (error: unknown) => {
    // What is wrong in the list has its own place.
    const isUnread = error instanceof OperatorError && !(error instanceof ConfigError);
    throw isUnread ? await placed(read, ['cloud'], error) : error;
  });
}

async function checkCloud(file: string): Promise<[]> {
  const { readCloudFile } = await import('../config/cloud-file.js');
  await readCloudFile(file);
  return [];
}

async function checkScenario(file: string, wanted: string | undefined): Promise<[]> {
  const { checkScenarioDialect, readScenarioFile } = await import('../config/scenario-file.js');
  const { placed } = await import('../config/file.js');
  const read = await readScenarioFile(file);
  const dialect = wanted ?? read.scenario.dialect;
  // Without one, it is the dialect of the modem on which it plays.
  if (dialect === undefined) return [];
  const opened = await openDialect(dialect).catch(async (error: unknown) => {
    const isNamedHere = wanted === undefined && error instanceof OperatorError && error.code === 'usage';
    throw isNamedHere ? await placed(read, ['dialect'], error) : error;
  });
  await checkScenarioDialect(read, opened);
  return [];
}

/** The dialect and every profile of it; what is wrong in all of them is told once. */
async function checkGrammar(file: string): Promise<OperatorError[]> {
  const { library, name } = await withGrammarFile(await builtInLibrary(), file);
  const profiles = library.find(name)?.document.profiles;
  const problems = new Map<string, OperatorError>();
  for (const each of [name, ...(isMap(profiles) ? Object.keys(profiles) : [])]) {
    try {
      await openDialectIn(library, each);
    } catch (error) {
      for (const problem of problemsOf(error)) problems.set(problem.message, problem);
    }
  }
  return [...problems.values()];
}

function neither(file: string, keys: readonly string[]): OperatorError {
  const near = keys.map(key => nearest(key, Object.keys(kinds))).find(word => word !== undefined);
  return new OperatorError('config', 'neither a grammar nor a config, a scenario or a device list', {
    place: { file, line: 1, column: 1 },
    expected:
      '`dialect:` and `commands:` of a grammar, `modems:` of a config, `steps:` or `expect:` of a scenario, or `aliyun:` or ' +
      '`onenet:` of a device list',
    hint: near && `Did you mean \`${near}:\`?`,
  });
}
