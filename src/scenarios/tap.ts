/** Verdicts as TAP 14, one test point a case, with why in its diagnostics. Pure. */
import type { Suite, VerdictCase } from './verdict.js';

export function tap(suites: readonly Suite[]): string {
  const points = suites.flatMap(({ name, cases }) =>
    cases.map(each => ({ ...each, name: suites.length > 1 ? `${name}: ${each.name}` : each.name })),
  );
  return ['TAP version 14', `1..${points.length}`, ...points.flatMap(pointLines), ''].join('\n');
}

function pointLines({ name, passed, at, message }: VerdictCase, index: number): string[] {
  const point = `${passed ? 'ok' : 'not ok'} ${index + 1} - ${description(name)}`;
  if (passed) return [point];
  const when = at === undefined ? [] : [`  at: ${(at / 1000).toFixed(3)}`];
  return [point, '  ---', `  message: ${JSON.stringify(message)}`, ...when, '  ...'];
}

/** A line of its own, without what would begin a directive. */
const description = (name: string): string =>
  name.replace(/[\\#]/g, sign => `\\${sign}`).replace(/\s*[\r\n]+\s*/g, ' ');
