/** `--set NAME=VALUE`: the operator's values for knobs, factory values of kept parameters, and `style.KEY`. */
import { OperatorError } from '../base/errors.js';
import { nearest } from '../base/nearest.js';
import type { Dialect, SettingDefinition } from './dialect.js';
import { checkArgument } from './parameters.js';
import { Problems } from './problems.js';
import { readStyle, styleKeys } from './style.js';
import type { Scope, Value } from './values.js';

export type SettingOverrides = Readonly<Record<string, string | number | boolean>>;

const noScope: Scope = {
  fields: {},
  address: {},
  environment: { fact: () => undefined, factList: () => [], setting: () => undefined },
};

/** @throws OperatorError (usage) for an unknown name or a value out of range */
export function applyOverrides(dialect: Dialect, overrides: SettingOverrides): Dialect {
  const settings = new Map(dialect.settings);
  const style: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(overrides)) {
    if (name.startsWith('style.')) style[name.slice('style.'.length)] = value;
    else {
      const definition = settings.get(name) ?? unknown(name, dialect);
      settings.set(name, { ...definition, factory: accepted(definition, String(value)) });
    }
  }
  return { ...dialect, settings, style: Object.keys(style).length > 0 ? restyle(dialect, style) : dialect.style };
}

function unknown(name: string, { settings, name: dialect }: Dialect): never {
  const known = [...settings.keys(), ...styleKeys.map(key => `style.${key}`)];
  const near = nearest(name, known);
  throw new OperatorError('usage', `${dialect} has no setting \`${name}\``, {
    hint: `${near ? `Did you mean \`${near}\`? ` : ''}\`atmodem explain --dialect ${dialect} --settings\` lists them.`,
  });
}

function accepted({ name, parameter }: SettingDefinition, text: string): Value {
  if (!parameter) throw new OperatorError('usage', `the setting \`${name}\` cannot be set from outside`);
  const checked = checkArgument(
    { ...parameter, decode: undefined },
    { kind: 'bare', value: text, start: 0, end: text.length },
    false,
    true,
    noScope,
  );
  if ('value' in checked) return checked.value;
  const { type } = parameter;
  const expected =
    type.kind === 'word'
      ? type.words.join(', ')
      : type.kind === 'number'
        ? type.spans.map(({ from, to }) => `${from}..${to ?? ''}`).join(', ')
        : `${type.kind} of ${type.length.from}..${type.length.to ?? ''} bytes`;
  throw new OperatorError('usage', `the setting \`${name}\` cannot be that`, { found: text, expected });
}

function restyle(dialect: Dialect, changes: Record<string, unknown>): Dialect['style'] {
  const problems = new Problems();
  const busy = dialect.style.busy;
  const current = {
    framing: dialect.style.framing,
    lines: dialect.style.lines,
    'line-limit': dialect.style.lineLimit,
    arguments: dialect.style.maximumArguments,
    echo: dialect.style.echo,
    'data-echo': dialect.style.dataEcho,
    'lf-at-prompt': dialect.style.lfAtPrompt,
    chain: dialect.style.chain,
    strings: dialect.style.strings,
    'comma-in-string': dialect.style.commaInString,
    spaces: dialect.style.spaces,
    'quoted-numbers': dialect.style.quotedNumbers ? 'accepted' : 'refused',
    prompt: dialect.style.prompt,
    busy: typeof busy === 'string' ? busy : busy.text,
    'profile-at-power-on': dialect.style.profileAtPowerOn,
    'urc-between': dialect.style.urcBetween,
    'urc-port': dialect.style.urcPort,
    'urc-gap': dialect.style.urcGap,
  };
  const style = readStyle({ ...current, ...changes }, problems);
  const [problem] = problems.all;
  if (problem)
    throw new OperatorError('usage', `--set style: ${problem.summary}`, {
      found: problem.found,
      expected: problem.expected,
      hint: problem.hint,
    });
  return style;
}
