/** What came of the scenarios of a run: told when it is final, and written as JUnit XML and TAP. */
import { writeFileSync } from 'node:fs';
import { OperatorError } from '../base/errors.js';
import type { Daemon } from '../daemon.js';
import { junit } from '../scenarios/junit.js';
import { tap } from '../scenarios/tap.js';
import type { Suite, Verdict } from '../scenarios/verdict.js';

export interface ReportFiles {
  junit?: string;
  tap?: string;
}

export class ScenarioVerdicts {
  /** Resolves when the last is final. */
  readonly all: Promise<readonly Verdict[]>;
  readonly #runs: Daemon['scenarios'];

  constructor({ scenarios }: Pick<Daemon, 'scenarios'>, tell: (verdict: Verdict) => void) {
    this.#runs = scenarios;
    const verdicts = [...scenarios.values()].map(({ verdict }) => verdict);
    for (const verdict of verdicts) verdict.then(tell);
    this.all = Promise.all(verdicts);
  }

  get some(): boolean {
    return this.#runs.size > 0;
  }

  /** Ends those that are not final yet, and waits until all are told. */
  async stop(): Promise<readonly Verdict[]> {
    for (const played of this.#runs.values()) played.stop();
    return this.all;
  }
}

/** @param output what stands beside a failure @throws OperatorError where a file cannot be written */
export function writeReports(files: ReportFiles, suites: readonly Suite[], output: readonly string[] = []): void {
  if (files.junit !== undefined) write(files.junit, junit(suites, output));
  if (files.tap !== undefined) write(files.tap, tap(suites));
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new OperatorError('state', `cannot write the report ${file}`, { hint: (cause as Error).message, cause });
  }
}
