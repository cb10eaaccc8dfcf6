/** `--set NAME=VALUE`: the operator's values for knobs, factory values of kept parameters, and `style.KEY`. */
import { OperatorError } from '../base/errors.js';
import { nearest } from '../base/nearest.js';
import type { Dialect, SettingDefinition, Style } from './dialect.js';
import { Node } from './node.js';
import { typeText } from './parameter-reader.js';
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

const stylePrefix = 'style.';

/** @throws OperatorError (usage) for an unknown name or a value out of range */
export function applyOverrides(dialect: Dialect, overrides: SettingOverrides): Dialect {
  const settings = new Map(dialect.settings);
  let { style } = dialect;
  for (const [name, value] of Object.entries(overrides)) {
    if (name.startsWith(stylePrefix)) style = restyled(dialect, style, name, value);
    else {
      const definition = settings.get(name) ?? unknown(name, dialect);
      settings.set(name, { ...definition, factory: accepted(definition, String(value)) });
    }
  }
  return { ...dialect, settings, style };
}

function unknown(name: string, { settings, name: dialect }: Dialect): never {
  const known = [...settings.keys(), ...styleKeys.map(key => stylePrefix + key)];
  const near = nearest(name, known);
  throw new OperatorError('usage', `${dialect} has no setting \`${name}\``, {
    hint: `${near ? `Did you mean \`${near}\`? ` : ''}\`atmodem explain --dialect ${dialect} --settings\` lists them.`,
  });
}

function accepted({ name, parameter }: SettingDefinition, text: string): Value {
  if (!parameter) throw new OperatorError('usage', `the setting \`${name}\` cannot be set from outside`);
  const plain = { ...parameter, decode: undefined };
  const checked = checkArgument(plain, { kind: 'bare', value: text, start: 0, end: text.length }, false, true, noScope);
  if ('value' in checked) return checked.value;
  const expected = typeText(parameter.type);
  throw new OperatorError('usage', `the setting \`${name}\` cannot be that`, { found: text, expected });
}

function restyled(dialect: Dialect, style: Style, name: string, value: unknown): Style {
  const key = name.slice(stylePrefix.length);
  if (!styleKeys.includes(key)) unknown(name, dialect);
  const problems = new Problems();
  const changed = readStyle(new Node({ [key]: value }, problems), style);
  const [problem] = problems.all;
  if (!problem) return changed;
  const { found, expected, hint } = problem;
  throw new OperatorError('usage', `the setting \`${name}\` cannot be that`, { found, expected, hint });
}
