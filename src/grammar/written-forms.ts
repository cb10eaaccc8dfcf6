/**
 * The `set` forms of a command as they stand in the file. A command with sub-names writes `'<"item">,<n>[,<values>]'`
 * once, which stands for two forms an item: with values it sets them; without, it asks, where there is a `query`.
 */
import { Node, type Raw } from './node.js';
import { type Path, Problems } from './problems.js';
import { type Keep, keeps } from './vocabulary.js';

const formKeys = ['form', 'when', 'needs', 'exchange', 'keep', 'parameters', 'fixed'] as const;
const itemKeys: readonly string[] = [
  'title',
  'ref',
  'status',
  'assumed',
  'values',
  'query',
  'needs',
  'exchange',
  'keep',
  'when',
  'parameters',
  'fixed',
];

export interface WrittenForm {
  text: string;
  /** Where the text stands. */
  at: Node;
  /** Holds `when`, `needs`, `exchange`, `fixed`, `parameters`. */
  node: Node;
  /** `false`: stores nothing though its command does. */
  keep: Keep | false | undefined;
  item: WrittenItem | undefined;
  /** Of an item: asks for its values. */
  asks: boolean;
}

export interface WrittenItem {
  name: string;
  node: Node;
  /** The form of its values. */
  values: string;
  /** Parameter → its type. */
  specs: ReadonlyMap<string, Node>;
  keep: Keep | false;
  /** What it prints when asked. */
  query: Node;
}

/** The `set` of a command: a line, a map with `form`, or a list of these; each with its items. */
export function writtenForms(command: Node, items: readonly WrittenItem[] = writtenItems(command)): WrittenForm[] {
  const forms = command
    .get('set')
    .items()
    .map(node => writtenForm(node, command));
  if (items.length > 0 && !forms.some(namesItem))
    command.get('items').lacks('items that no form names', '<"item"> in `set`, where the sub-name stands', {
      found: forms.map(form => form.text).join(' ') || 'no `set`',
      at: 'key',
    });
  return forms.flatMap(form => (namesItem(form) ? items.flatMap(item => itemForms(item, form)) : form));
}

function writtenForm(node: Node, command: Node): WrittenForm {
  const at = node.isMap ? node.get('form') : node;
  if (node.isMap) {
    node.knowsKeys('key of a form', formKeys);
    if (!at.isGiven) node.lacks('a form without its line', "form: '<a>,<b>'", { at: 'key' });
  }
  const text = at.text('the syntax line of a form') ?? '';
  return {
    text,
    at,
    node,
    keep: readKeep(node.has('keep') ? node.get('keep') : command.get('keep')),
    item: undefined,
    asks: false,
  };
}

const readKeep = (node: Node): Keep | false | undefined => (node.raw === false ? false : node.word('keep', keeps));

export function writtenItems(command: Node): WrittenItem[] {
  return command
    .get('items')
    .entries('a map of item: { parameter: type, … }')
    .filter(([, node]) => node.isGiven)
    .map(([name, node]) => writtenItem(name, node, command));
}

function writtenItem(name: string, node: Node, command: Node): WrittenItem {
  const inline = node.entries('a map of parameter: type').filter(([key]) => !itemKeys.includes(key));
  const values = node.get('values').text('a form') ?? inline.map(([key]) => `<${key}>`).join(',');
  const isSlot = ([key]: [string, Node]) => [`<${key}>`, `<"${key}">`].some(slot => values.includes(slot));
  for (const entry of inline) if (!isSlot(entry)) entry[1].unknownKey('key of an item', itemKeys);
  const specs = [...node.get('parameters').entries('a map of parameter: type'), ...inline.filter(isSlot)];
  return {
    name,
    node,
    values,
    specs: new Map(specs.filter(([, spec]) => spec.isGiven)),
    keep: readKeep(node.has('keep') ? node.get('keep') : command.get('keep')) ?? 'run',
    query: node.has('query') ? node.get('query') : command.get('query'),
  };
}

const itemSlot = /<"?item"?>/;
const valuesSlot = /\[?,?<values>\]?/;

/** A form beside those of the items, such as `<n>` alone, stands as it is. */
const namesItem = ({ text }: WrittenForm): boolean => itemSlot.test(text);

function itemForms(item: WrittenItem, form: WrittenForm): WrittenForm[] {
  const { node, values, keep, query } = item;
  const named = form.text.replace(itemSlot, () => `"${item.name}"`);
  const asking = named.replace(valuesSlot, '');
  const setting = named.replace(valuesSlot, () => values && `,${values}`);
  const at = node.has('values') ? node.get('values') : form.at;
  const sets: WrittenForm = { text: setting, at, node, keep, item, asks: false };
  if (!query.isGiven || asking === setting) return [sets];
  return [{ text: asking, at: form.at, node, keep: false, item, asks: true }, sets];
}

/** The same as plain values, for who shows an entry: in the order of the loaded command's forms. */
export function rawForms(raw: Raw, _path: Path = []): { map: Raw; item: string | undefined }[] {
  return writtenForms(new Node(raw, new Problems())).map(({ node, item, asks }) => {
    const { exchange, ...asking } = (node.isMap ? node.raw : {}) as Raw;
    if (!asks || !item) return { map: exchange === undefined ? asking : { ...asking, exchange }, item: item?.name };
    return { map: { ...asking, query: item.query.raw }, item: item.name };
  });
}
