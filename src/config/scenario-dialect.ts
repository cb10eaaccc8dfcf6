/** Does a dialect have what a scenario names: commands, settings? Pure. */
import { OperatorError } from '../base/errors.js';
import { didYouMean } from '../base/nearest.js';
import type { Dialect } from '../grammar/dialect.js';
import { applyOverrides } from '../grammar/overrides.js';
import { checkDialect } from '../scenarios/fault.js';
import type { Match } from '../scenarios/match.js';
import type { Action, Path, Scenario } from '../scenarios/scenario.js';
import type { Problem } from './yaml-file.js';

export function dialectProblems({ steps, expectations }: Scenario, dialect: Dialect): Problem[] {
  return [
    ...steps.flatMap(({ path, when, actions }) => [
      ...(when.kind === 'match' ? matchProblems(when.match, [...path, 'when'], dialect) : []),
      ...actions.flatMap((action, i) => actionProblems(action, [...path, 'do', i], dialect)),
    ]),
    ...expectations.flatMap(({ path, kind, match }) =>
      matchProblems(match, [...path, kind === 'never' ? 'never' : 'host'], dialect),
    ),
  ];
}

/** AT alone is in every dialect. A command that a grammar has only to say that it is absent is none. */
function matchProblems(match: Match, path: Path, { name: dialect, commands }: Dialect): Problem[] {
  if (match.kind !== 'command' || match.name === 'AT') return [];
  const { name } = match;
  const entry = commands.get(name);
  if (entry && entry.status !== 'absent') return [];
  const near = didYouMean(name, commands.keys());
  const hint = [near && `${near[0]!.toUpperCase()}${near.slice(1)}`, '`line:` matches what no command is.'];
  return [
    {
      path: [...path, 'command'],
      summary: `${dialect} has no such command`,
      found: name,
      expected: `a command of \`atmodem explain --dialect ${dialect}\`, or AT`,
      hint: hint.filter(Boolean).join(' '),
    },
  ];
}

function actionProblems(action: Action, path: Path, dialect: Dialect): Problem[] {
  if (action.does === 'fault') return problemFrom(path, () => checkDialect(action.fault, dialect));
  if (action.does !== 'set') return [];
  return Object.entries(action.values).flatMap(([name, value]) =>
    name.startsWith('style.')
      ? [
          {
            path: [...path, 'set', name],
            summary: `\`${name}\` cannot change while a modem runs`,
            expected: 'a setting',
          },
        ]
      : problemFrom([...path, 'set', name], () => applyOverrides(dialect, { [name]: value })),
  );
}

/** What the work finds wrong, as a problem of this place. */
export function problemFrom(path: Path, work: () => unknown): Problem[] {
  try {
    work();
    return [];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const { found, expected, hint } = error.details;
    return [{ path, summary: error.summary, found, expected, hint }];
  }
}
