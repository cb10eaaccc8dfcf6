/** What came of a scenario, case by case, and in words. Pure; times are milliseconds. */
import type { Path } from './scenario.js';

export interface VerdictCase {
  name: string;
  passed: boolean;
  /** When that was certain, from the start of the scenario; undefined where it never began. */
  at: number | undefined;
  /** What came, or did not. */
  message: string;
  /** Where in the scenario's file it stands, where it does. */
  path?: Path;
}

/** What reports are made of: a scenario, or something else that passes or fails case by case. */
export interface Suite {
  name: string;
  cases: readonly VerdictCase[];
  /** How long it took. */
  duration: number;
}

export interface Verdict extends Suite {
  passed: boolean;
  /** The modem on which it was played. */
  modem: string;
  file: string | undefined;
  /** Of the faults: with it chance falls the same way again. */
  seed: number;
}

/** `12.5 s` */
export const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(3))} s`;

export const failuresOf = ({ cases }: Suite): readonly VerdictCase[] => cases.filter(({ passed }) => !passed);

/** A line for the whole, and for each case; what failed says why. */
export function verdictInWords(verdict: Verdict): string {
  const { name, modem, passed, cases, seed } = verdict;
  const failures = failuresOf(verdict).length;
  const end = passed ? 'passed' : `failed: ${failures} of ${cases.length}`;
  return [`scenario ${name} on ${modem} ${end} (seed ${seed})`, ...cases.map(caseInWords)].join('\n');
}

function caseInWords({ name, passed, message }: VerdictCase): string {
  return passed ? `  ok    ${name}: ${message}` : `  FAIL  ${name}\n        ${message}`;
}
