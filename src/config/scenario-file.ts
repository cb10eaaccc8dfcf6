/** A scenario file: YAML with what is done to a modem, and what its host must and must never do. Reads and checks it. */
import { basename } from 'node:path';
import type { Dialect } from '../grammar/dialect.js';
import type { Raw } from '../grammar/document.js';
import type { Scenario } from '../scenarios/scenario.js';
import { dialectProblems } from './scenario-dialect.js';
import { type Problem, problemsOf, readYaml, refuse } from './yaml-file.js';

const kind = { title: 'a scenario', expected: '`steps:`, `expect:` or both' };

export interface ScenarioFile {
  file: string;
  document: Raw;
  scenario: Scenario;
}

/** @throws ConfigError, every mistake at its place */
export async function readScenarioFile(file: string): Promise<ScenarioFile> {
  const document = await readYaml(file, kind);
  const { scenarioSchema, knownScenarioKeys } = await import('./scenario-schema.js');
  const parsed = scenarioSchema.safeParse(document);
  if (!parsed.success) {
    await refuse(
      file,
      document,
      parsed.error.issues.flatMap(issue => problemsOf(issue, document, knownScenarioKeys)),
    );
    throw parsed.error;
  }
  const { readScenario } = await import('./scenario-reader.js');
  const title = basename(file).replace(/\.ya?ml$/, '');
  const { scenario, problems } = readScenario(parsed.data, { title, file });
  const empty: Problem[] =
    problems.length === 0 && isEmpty(scenario)
      ? [{ path: [], summary: 'a scenario of nothing', expected: kind.expected }]
      : [];
  await refuse(file, document, [...empty, ...problems]);
  return { file, document, scenario };
}

/** @throws ConfigError: it names what the dialect lacks */
export async function checkScenarioDialect(
  { file, document, scenario }: ScenarioFile,
  dialect: Dialect,
): Promise<void> {
  await refuse(file, document, dialectProblems(scenario, dialect));
}

const isEmpty = ({ steps, expectations }: Scenario): boolean => steps.length + expectations.length === 0;
