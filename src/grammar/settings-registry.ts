/**
 * Every value that outlives its command, collected while a grammar is read: knobs of `settings:`, what `state:` remembers,
 * and what commands keep. One name means one value: a second owner of a name is a problem.
 */
import type { SettingDefinition } from './dialect.js';
import type { Names, SettingName } from './names.js';
import { isMap, type Node } from './node.js';
import { readParameter } from './parameter-reader.js';
import type { SettingTarget } from './steps.js';
import { addressKinds, keeps } from './vocabulary.js';

export class SettingsRegistry {
  readonly all = new Map<string, SettingDefinition>();
  /** Name, or other name of the same → where it comes from. */
  readonly #owners = new Map<string, Node>();
  /** Group → what `clear` empties with it. */
  readonly #members = new Map<string, readonly SettingName[]>();

  constructor(readonly names: Names) {}

  /** @param aliases other names of the same value @param node what makes it, for messages */
  define(
    name: string,
    node: Node,
    definition: Pick<SettingDefinition, 'keep' | 'of'> & Partial<SettingDefinition>,
    aliases: readonly string[] = [],
  ): SettingName {
    const { list, parameter } = definition;
    const known: SettingName = { name, of: definition.of, list: list?.fields, parameter };
    this.all.set(name, {
      name,
      factory: list ? [] : parameter?.factory,
      parameter,
      list,
      secret: parameter?.secret ?? false,
      title: undefined,
      ref: undefined,
      views: undefined,
      assumed: false,
      ...definition,
    });
    for (const each of [name, ...aliases]) {
      this.#own(each, node);
      this.names.settings.set(each, known);
    }
    return known;
  }

  #own(name: string, node: Node): void {
    const owner = this.#owners.get(name);
    this.#owners.set(name, node);
    if (owner)
      node.problem(`two settings are called \`${name}\``, 'one owner of a name', {
        found: `${name}, also by ${owner.path.join(' / ')}`,
        hint: 'Rename one of them.',
        at: 'key',
      });
  }

  /** A name for several settings; itself marked `given` once they are stored. */
  group(name: string, node: Node, like: Pick<SettingDefinition, 'keep' | 'of'>, members: readonly SettingName[]): void {
    this.#members.set(name, [this.define(name, node, { keep: like.keep, of: like.of }), ...members]);
  }

  /** What a name stands for as a group. */
  groupOf(name: string): SettingTarget | undefined {
    return this.#members.get(name)?.[0];
  }

  /** What `clear` empties by that name. */
  targets(name: string): readonly SettingTarget[] {
    const setting = this.names.settings.get(name);
    return this.#members.get(name) ?? (setting ? [setting] : []);
  }

  /** `settings:` and `state:`. @param document the whole grammar: what `add` steps put into a list are its fields */
  readKnobs(document: Node): void {
    for (const [name, node] of document.get('settings').entries('a map of name: { range|text|word, default, … }'))
      this.#readKnob(name, node);
    const added = addedFields(document.raw);
    for (const [name, node] of document.get('state').entries('a map of name: { range|text|word, factory, … }')) {
      if (node.has('list')) this.#readList(name, node, added.get(name));
      else this.#readState(name, node);
    }
  }

  #readKnob(name: string, node: Node): void {
    const parameter = readParameter(name, node, this.names);
    if (node.has('keep'))
      node
        .get('keep')
        .unknownKey(
          'key of a knob',
          ['range', 'text', 'word', 'default'],
          'What the module remembers stands under `state:`.',
        );
    this.define(name, node, { ...described(node), keep: 'config', parameter });
  }

  #readState(name: string, node: Node): void {
    const parameter = readParameter(name, node, this.names, ['of']);
    this.define(name, node, { ...described(node), keep: parameter.keep ?? 'run', of: addressOf(node), parameter });
  }

  #readList(name: string, node: Node, fields: ReadonlySet<string> = new Set()): void {
    node.knowsKeys('key of a list', ['list', 'bytes', 'keep', 'of', 'title', 'ref', 'views', 'assumed']);
    const limit = node.get('list').whole(1) ?? 1;
    const list = { limit, bytes: node.get('bytes').whole(1), fields: [...fields] };
    const keep = node.get('keep').word('keep', keeps) ?? 'run';
    this.define(name, node, { ...described(node), keep, of: addressOf(node), list });
  }
}

const addressOf = (node: Node) => node.given('of')?.word('address', addressKinds);

const described = (node: Node) => ({
  of: undefined,
  title: node.given('title')?.text(),
  ref: node.given('ref')?.text(),
  views: node.given('views')?.text(),
  assumed: readAssumed(node),
});

/** `true`, or what is assumed. */
export function readAssumed(node: Node): boolean | string {
  const value = node.given('assumed')?.scalar('true, or what is assumed') ?? false;
  return typeof value === 'boolean' ? value : String(value);
}

/** The fields that `add:` steps anywhere put into lists, by list. */
function addedFields(document: unknown): Map<string, ReadonlySet<string>> {
  const added = new Map<string, ReadonlySet<string>>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (isMap(value) && isMap(value.with) && 'add' in value) {
      const list = String(value.add);
      added.set(list, new Set([...(added.get(list) ?? []), ...Object.keys(value.with)]));
    }
    Object.values(value).forEach(visit);
  };
  visit(document);
  return added;
}
