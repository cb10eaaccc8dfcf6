/**
 * A command before its steps are read: what it takes from a sibling, its forms with their parameters, and the settings it
 * keeps. Every draft of a grammar is made before any step is read, because steps may name what any command keeps.
 */
import { nearest } from '../base/nearest.js';
import {
  checkForms,
  draftForm,
  type FormDraft,
  lookUp,
  type Parameters,
  readParameters,
  type ShapedForm,
  shapeForm,
} from './form-draft.js';
import { parameterNames } from './forms.js';
import type { Names, SettingName } from './names.js';
import type { Node } from './node.js';
import { readParameter } from './parameter-reader.js';
import type { Parameter } from './parameters.js';
import type { SettingsRegistry } from './settings-registry.js';
import { likeSibling } from './siblings.js';
import { type AddressKind, addressKinds, type Keep } from './vocabulary.js';
import { type WrittenItem, writtenForms, writtenItems } from './written-forms.js';

const commandKeys = [
  'title',
  'ref',
  'status',
  'assumed',
  'set',
  'exchange',
  'read',
  'execute',
  'test',
  'parameters',
  'fixed',
  'needs',
  'keep',
  'of',
  'like',
  'items',
  'query',
] as const;

/** What all commands share. */
export interface Shared {
  names: Names;
  settings: SettingsRegistry;
  parameters: Parameters;
}

export interface CommandDraft {
  name: string;
  node: Node;
  /** Its own, and those of its forms. */
  parameters: Parameters;
  forms: readonly FormDraft[];
  /** Parameter → the setting that keeps it; `rows` for a repeated group. */
  kept: ReadonlyMap<string, SettingName>;
  items: ReadonlyMap<string, ItemDraft>;
}

/** A sub-name: its parameters, and the settings that keep them. */
export interface ItemDraft {
  parameters: Parameters;
  kept: ReadonlyMap<string, SettingName>;
}

/** `+CREG` keeps `CREG`. */
export const settingBase = (command: string): string => command.replace(/^[+*^$#%]/, '');

/** @param commands all of them, for `like` */
export function draftCommand(name: string, written: Node, commands: Node, shared: Shared): CommandDraft {
  const node = likeSibling(written, commands);
  node.knowsKeys('key of a command', commandKeys);
  const own = readParameters(node.get('parameters'), shared.names);
  const known = [own, shared.parameters];
  const writtenBy = writtenItems(node);
  const sets = writtenForms(node, writtenBy).map(shapeForm);
  const spoken = new Set(sets.flatMap(commandNames));
  const used = new Map([...own, ...[...spoken].flatMap(each => entryOf(each, known))]);
  const of = node.get('of').word('address', addressKinds) ?? [...used.values()].find(({ is }) => is)?.is;
  const items = new Map(writtenBy.map(item => [item.name, draftItem(item, node, of, shared)]));
  const local = ({ item, node: form }: ShapedForm) =>
    (item && items.get(item.name)?.parameters) ?? readParameters(form.get('parameters'), shared.names);
  const forms = sets.map(set => draftForm(set, [local(set), ...known]));
  checkForms(forms);
  checkNames(node.get('parameters'), own, spoken);
  const plain = forms.filter(form => !form.item);
  const parameters = new Map([...used, ...plain.flatMap(form => [...form.parameters])]);
  return { name, node, parameters, forms, kept: keepParameters(name, node, plain, of, shared), items };
}

function entryOf(name: string, known: readonly Parameters[]): [string, Parameter][] {
  const parameter = lookUp(name, known);
  return parameter ? [[name, parameter]] : [];
}

/** Names in a form that are not the item's own. */
const commandNames = ({ shape, item }: ShapedForm): string[] =>
  parameterNames(shape).filter(name => !item?.specs.has(name));

/** A parameter that no form has may be one whose name was mistyped. */
function checkNames(node: Node, own: Parameters, spoken: ReadonlySet<string>): void {
  const lacking = [...spoken].filter(name => !own.has(name));
  for (const name of own.keys())
    if (!spoken.has(name) && nearest(name, lacking)) node.get(name).unknownKey('parameter of these forms', lacking);
}

/** Settings of an item are called like it: `cacert`, or `recv/mode.msg_recv_mode` where it has several. */
function draftItem(
  item: WrittenItem,
  command: Node,
  of: AddressKind | undefined,
  { names, settings }: Shared,
): ItemDraft {
  const { name, node, specs } = item;
  const parameters = new Map([...specs].map(([key, spec]) => [key, readParameter(key, spec, names)]));
  const definition = {
    keep: item.keep || 'run',
    of,
    title: node.get('title').text(),
    ref: command.get('ref').text(),
  } as const;
  const isSingle = parameters.size === 1;
  const kept = new Map<string, SettingName>();
  for (const [key, parameter] of parameters) {
    const full = `${name}.${key}`;
    const own = { ...definition, parameter };
    kept.set(key, isSingle ? settings.define(name, node, own, [full]) : settings.define(full, node, own));
  }
  if (kept.size > 1) settings.group(name, node, definition, [...kept.values()]);
  return { parameters, kept };
}

/** Which parameters a command keeps, under which names. */
function keepParameters(
  command: string,
  node: Node,
  forms: readonly FormDraft[],
  of: AddressKind | undefined,
  { settings }: Shared,
): Map<string, SettingName> {
  const base = settingBase(command);
  const described = { of, title: node.get('title').text(), ref: node.get('ref').text() };
  const values = keptValues(forms);
  const rows = forms.find(form => form.shape.repeat && form.keep);
  const isSingle = !rows && values.size === 1 && [...values.values()].every(({ parameter }) => !parameter.keep);
  const kept = new Map<string, SettingName>();
  for (const [name, { parameter, keep }] of values) {
    const definition = { ...described, keep, parameter, title: parameter.title ?? described.title };
    const full = `${base}.${name}`;
    kept.set(
      name,
      isSingle ? settings.define(base, node, definition, [full]) : settings.define(full, node, definition),
    );
  }
  if (rows?.keep && rows.shape.repeat) {
    const list = { limit: mostRows, bytes: undefined, fields: rows.shape.repeat.names };
    kept.set('rows', settings.define(`${base}.rows`, node, { ...described, keep: rows.keep, list }));
  }
  const [first] = values.values();
  if (!isSingle && kept.size > 0) settings.group(base, node, { keep: first?.keep ?? 'run', of }, [...kept.values()]);
  return kept;
}

/** Rows of a repeated group that are kept at most. */
const mostRows = 64;

function keptValues(forms: readonly FormDraft[]): Map<string, { parameter: Parameter; keep: Keep }> {
  const values = new Map<string, { parameter: Parameter; keep: Keep }>();
  for (const { shape, parameters, keep: whole } of forms) {
    for (const [name, parameter] of parameters) {
      const keep = parameter.keep ?? whole;
      const isRow = shape.repeat?.names.includes(name);
      if (keep && !parameter.is && !isRow && !values.has(name)) values.set(name, { parameter, keep });
    }
  }
  return values;
}
