/**
 * Where a command line holds what a grammar calls secret, for logs and recordings. In doubt it is secret: an argument of a
 * command that nobody knows, or one too few or too many, may stand anywhere. Pure.
 */
import { splitArguments } from '../at/arguments.js';
import type { Command, CommandLine } from '../at/command-line.js';
import type { ByteString } from '../base/bytes.js';
import type { CommandEntry, Dialect, Form, SetForm } from './dialect.js';
import type { Action, Step } from './steps.js';

/** In the body of a line. */
export interface Place {
  start: number;
  end: number;
  /** What is written there, without quotes and escapes. Absent where it may be several arguments. */
  value?: ByteString;
}

/** In order. @param line the body as it was read */
export function secretPlaces(body: ByteString, line: CommandLine, dialect: Dialect): Place[] {
  const places = line.commands.flatMap(command => secretArguments(command, dialect));
  const unread = line.fault === undefined ? undefined : unreadArguments(body, line.commands.at(-1)?.end ?? 0);
  return unread ? [...places, unread] : places;
}

/** Behind the first `=` from there on: of what no command could be read from. */
export function unreadArguments(body: ByteString, from = 0): Place | undefined {
  const equals = body.indexOf('=', from);
  return equals < 0 ? undefined : { start: equals + 1, end: body.length };
}

export function secretArguments(command: Command, dialect: Dialect): Place[] {
  const all = [{ start: command.argsStart, end: command.end }];
  if (command.form !== 'set') return [];
  const entry = dialect.commands.get(command.name);
  if (!entry) return all;
  const forms = entry.set.filter(hasSecret);
  if (forms.length === 0) return [];
  const args = splitArguments(command.args, dialect.style);
  if (args.fault !== undefined) return all;
  const fitting = entry.set.filter(form => mayHold(form, args.arguments.length));
  if (fitting.length === 0) return all;
  if (!fitting.some(hasSecret)) return [];
  const secret = new Set(
    forms.flatMap(form => form.shape.slots.flatMap((slot, i) => (form.parameters.get(slot.name)?.secret ? [i] : []))),
  );
  return args.arguments.flatMap(({ start, end, value }, i) =>
    secret.has(i) && end > start ? [{ start: command.argsStart + start, end: command.argsStart + end, value }] : [],
  );
}

const hasSecret = ({ parameters }: SetForm): boolean => [...parameters.values()].some(({ secret }) => secret);

/** With one too few or too many, the secret may stand anywhere. */
function mayHold({ shape }: SetForm, count: number): boolean {
  return count <= shape.slots.length && count >= shape.slots.filter(slot => !slot.optional).length;
}

/** May the host be asked for a secret as data, at a prompt? */
export function asksForSecret({ name }: Command, { commands }: Dialect): boolean {
  const entry = commands.get(name);
  return entry !== undefined && formsOf(entry).some(({ steps }) => steps.some(asks));
}

const formsOf = ({ set, read, test, execute }: CommandEntry): Form[] =>
  [...set, read, test, execute].filter(form => form !== undefined);

const asks = ({ action }: Step): boolean =>
  (action.kind === 'data' && action.data.secret) || stepsInside(action).some(asks);

function stepsInside(action: Action): readonly Step[] {
  switch (action.kind) {
    case 'data':
      return [...action.data.outcomes.values()].flat();
    case 'do':
      return [...action.operation.outcomes.values()].flat();
    case 'online':
      return [...action.online.outcomes.values()].flat();
    case 'add':
      return action.full;
    case 'steps':
      return action.steps;
    default:
      return [];
  }
}
