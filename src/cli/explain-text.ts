/** The pages of `atmodem explain` as text for a terminal. Pure. */
import { commonParameters, type FaultManual } from '../docs/faults.js';
import type { CommandManual, FormManual, ParameterManual } from '../docs/manual.js';
import { legend } from '../docs/notation.js';
import type { SettingManual } from '../docs/settings.js';
import type { CommandEntry, Dialect } from '../grammar/dialect.js';
import { columns } from './output.js';

type Summary = Pick<CommandEntry, 'title' | 'status' | 'assumed' | 'ref'> & { command: string };

export function manualText(dialects: readonly string[], manual: CommandManual): string {
  const { command, title, ref, status, assumed, from, forms, refusals, urcs } = manual;
  const facts = [
    ['in', dialects.join(', ') + (dialects.includes(from) ? '' : ` (entry of ${from})`)],
    ['status', statusText(status)],
    ...(ref === undefined ? [] : [['source', ref]]),
    ...(assumed === false ? [] : [['assumed', assumed === true ? 'all of it: no source backs it' : assumed]]),
  ];
  const lines = [`${command}${title === undefined ? '' : `  ${title}`}`, ...columns(facts, '  ')];
  for (const form of forms) lines.push('', ...formText(form));
  for (const { event, when, exchange } of urcs)
    lines.push('', `  unasked, on ${event}${when === undefined ? '' : `, when ${when}`}`, ...indented(exchange, 4));
  lines.push('', '  refusals', ...columns(Object.entries(refusals), '    '), '', `  ${legend}`);
  return lines.join('\n');
}

function statusText(status: CommandEntry['status']): string {
  switch (status) {
    case 'full':
      return 'full';
    case 'reply-only':
      return 'reply-only: it answers, with nothing behind it';
    case 'absent':
      return 'absent: described here, answered as an unknown command';
  }
}

function formText({ syntax, when, parameters, needs, exchange }: FormManual): string[] {
  return [
    `  ${syntax}${when === undefined ? '' : `    when ${when}`}`,
    ...columns(parameters.map(parameterRow), '      '),
    ...needs.map(need => `    needs ${need}`),
    ...indented(exchange, 4),
  ];
}

function parameterRow({ name, type, default: value, unit, title, secret }: ParameterManual): string[] {
  const notes = [unit, value === '' ? undefined : `default ${value}`, secret ? 'hidden in logs' : undefined, title];
  return [name, type, notes.filter(note => note !== undefined).join(', ')];
}

const indented = (lines: readonly string[], by: number): string[] => lines.map(line => ' '.repeat(by) + line);

export function commandsText({ name, title }: Pick<Dialect, 'name' | 'title'>, commands: readonly Summary[]): string {
  const rows = commands.map(({ command, title = '', status, assumed }) => [
    command,
    [status === 'full' ? '' : status, assumed === false ? '' : 'assumed'].filter(Boolean).join(', '),
    title,
  ]);
  return [`${name}  ${title ?? ''}`, '', ...columns(rows, '  ')].join('\n');
}

export function settingsText(dialect: string, settings: readonly SettingManual[]): string {
  if (settings.length === 0) return `${dialect}: it keeps no settings`;
  const knobs = settings.filter(({ keep }) => keep === 'config');
  const kept = settings.filter(({ keep }) => keep !== 'config');
  const lines = [`Settings of ${dialect}: \`--set NAME=VALUE\``];
  for (const knob of knobs) lines.push('', ...settingText(knob));
  if (kept.length > 0) lines.push('', 'What its commands keep; `--set` gives the value that they begin with:', '');
  const rows = kept.map(each => [
    each.name,
    each.type,
    each.default,
    `${each.keep}${each.of ? ` of each ${each.of}` : ''}`,
  ]);
  if (rows.length > 0) lines.push(...columns([['name', 'type', 'default', 'lasts'], ...rows], '  '));
  return [...lines, '', 'And `style.KEY`: how lines are framed and read, section 2 of docs/grammar-format.md.'].join(
    '\n',
  );
}

export function faultsText(manuals: readonly FaultManual[]): string {
  const lines = ['Faults: `--fault NAME[,KEY=VALUE…]`; more in docs/faults.md. Most take', ''];
  lines.push(...columns(Object.entries(commonParameters), '  '));
  for (const { name, title, strikes, parameters, common } of manuals) {
    const rows = parameters.map(parameter => [parameter.name, parameter.form, parameterNote(parameter)]);
    lines.push('', `  ${name}  ${title}`, `      ${strikes}; ${common.join(' ')}`, ...columns(rows, '      '));
  }
  return lines.join('\n');
}

const parameterNote = ({ default: value, title }: FaultManual['parameters'][number]): string =>
  value === '' ? title : `${title} (default ${value})`;

function settingText({ name, type, default: value, title, ref, views, assumed }: SettingManual): string[] {
  const facts = [
    ...(ref === undefined ? [] : [['source', ref]]),
    ...(views === undefined ? [] : [['disputed', views]]),
    ...(assumed === false ? [] : [['assumed', assumed === true ? 'no source backs the default' : assumed]]),
  ];
  return [
    `  ${name}${value === '' ? '' : ` = ${value}`}    (${type})`,
    ...(title === undefined ? [] : [`      ${title}`]),
    ...columns(facts, '      '),
  ];
}
