/**
 * From a command of a line to what is to be performed for it: its entry in the dialect, the form, the arguments, what the
 * form needs; or the word for why not. Writes nothing to the port and keeps nothing: the channel does both.
 */
import { splitArguments } from '../at/arguments.js';
import type { Command } from '../at/command-line.js';
import type { CommandEntry } from '../grammar/dialect.js';
import { formOf, type Invocation, invokeSet, unmetNeed } from '../grammar/invocation.js';
import { fieldsOf, type Scope } from '../grammar/values.js';
import type { Channel } from './channel.js';

/** What the names of a grammar mean to a command of this channel, before it has arguments. */
export function scopeOf({ modem, address }: Channel, command: string): Scope {
  return { fields: fieldsOf({ command }), address, environment: modem.environment };
}

export function invoke(command: Command, channel: Channel): Invocation {
  const entry = channel.modem.dialect.commands.get(command.name);
  if (!entry || entry.status === 'absent') {
    channel.modem.unknownCommand(command.name, channel);
    return { refusal: 'unknown-command', scope: scopeOf(channel, command.name) };
  }
  const invocation = invokeForm(command, entry, channel);
  if ('refusal' in invocation) return invocation;
  const { form, scope } = invocation;
  const refusal = unmetNeed(form, scope);
  return refusal === undefined ? invocation : { refusal, scope };
}

function invokeForm(command: Command, entry: CommandEntry, channel: Channel): Invocation {
  const form = formOf(entry, command);
  if (form === 'set') return invokeArguments(command, entry, channel);
  const scope = scopeOf(channel, command.name);
  return form ? { form, scope, store: [] } : { refusal: 'unknown-form', scope };
}

function invokeArguments({ name, args }: Command, { set }: CommandEntry, channel: Channel): Invocation {
  const { dialect, environment } = channel.modem;
  const given = splitArguments(args, dialect.style);
  if (given.fault === undefined)
    return invokeSet(set, given.arguments, dialect.style, name, environment, channel.address);
  return { refusal: given.fault === 'too-many' ? 'bad-count' : 'bad-line', scope: scopeOf(channel, name) };
}
