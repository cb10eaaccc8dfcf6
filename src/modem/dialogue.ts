/** What passes between host, modem and broker, for people: one event a line, secrets hidden, control bytes escaped. */

import { splitArguments } from '../at/arguments.js';
import type { Command, CommandLine } from '../at/command-line.js';
import { type ByteString, shorten, visible } from '../base/bytes.js';
import type { Dialect, SetForm } from '../grammar/dialect.js';

export interface DialogueLine {
  /** Wall time, ms since 1970. */
  at: number;
  modem: string;
  channel: number;
  /** `fault`: what was done to the run on purpose. */
  from: 'host' | 'modem' | 'broker' | 'fault';
  /** For `broker`: towards it or from it. */
  direction?: 'in' | 'out';
  text: string;
}

/** A command line as a log may show it: secret arguments are `***`, and so is all that might be one. */
export function hideSecrets(body: ByteString, { commands, fault }: CommandLine, dialect: Dialect): string {
  const read = commands.at(-1)?.end ?? 0;
  let shown = fault === undefined ? body : body.slice(0, read) + withoutArguments(body.slice(read));
  for (const command of [...commands].reverse()) {
    for (const { start, end } of secretSpans(command, dialect).reverse())
      shown = `${shown.slice(0, start)}***${shown.slice(end)}`;
  }
  return shorten(visible(shown));
}

/** A line that no command line could be read from: it may be one that lost a byte. */
export const hideUnread = (line: ByteString): string => shorten(visible(withoutArguments(line)));

function withoutArguments(text: ByteString): ByteString {
  const equals = text.indexOf('=');
  return equals < 0 ? text : `${text.slice(0, equals)}=***`;
}

interface Place {
  start: number;
  end: number;
}

function secretSpans(command: Command, dialect: Dialect): Place[] {
  const all = [{ start: command.argsStart, end: command.end }];
  if (command.form !== 'set') return [];
  const entry = dialect.commands.get(command.name);
  if (!entry) return all;
  const forms = entry.set.filter(form => [...form.parameters.values()].some(parameter => parameter.secret));
  if (forms.length === 0) return [];
  const args = splitArguments(command.args, dialect.style);
  if (args.fault !== undefined || !forms.some(form => mayHold(form, args.arguments.length))) return all;
  const secret = new Set(
    forms.flatMap(form => form.shape.slots.flatMap((slot, i) => (form.parameters.get(slot.name)?.secret ? [i] : []))),
  );
  return args.arguments.flatMap(({ start, end }, i) =>
    secret.has(i) && end > start ? [{ start: command.argsStart + start, end: command.argsStart + end }] : [],
  );
}

/** With one too few or too many, the secret may stand anywhere. */
function mayHold({ shape }: SetForm, count: number): boolean {
  return count <= shape.slots.length && count >= shape.slots.filter(slot => !slot.optional).length;
}

/** What the modem says may repeat a secret that it was told. */
export function hideValues(text: ByteString, secrets: ReadonlySet<string>): string {
  let shown = text;
  for (const secret of secrets) if (secret.length > 2) shown = shown.replaceAll(secret, '***');
  return shorten(visible(shown));
}
