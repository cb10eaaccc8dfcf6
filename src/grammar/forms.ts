/** Forms: the manual's syntax line of a command as slots, and fitting arguments into them. Pure. */
import type { Argument } from '../at/arguments.js';
import type { Node } from './node.js';

export interface Slot {
  kind: 'parameter' | 'literal';
  /** Parameter name, or the literal word. */
  name: string;
  mustQuote: boolean;
  optional: boolean;
  /** The first of a `[ ]` group: arguments may end before it, but not within the group. */
  opensGroup: boolean;
}

export interface Shape {
  slots: readonly Slot[];
  /** The group `[,<a>,<b>]*n` at the end: its parameters and how often it may come. */
  repeat: { names: readonly string[]; slots: readonly Slot[]; times: number } | undefined;
}

const token = /\[|\]\*(\d+)|\]|,|<"([^">]+)">|<([^">]+)>|"([^"]*)"|([A-Za-z\d][\w/.-]*)|\s+/y;

/** Reads `'<LinkID>,<"topic">[,<qos>[,<retain>]]'`. @param node where the text comes from */
export function readForm(text: string, node: Node): Shape {
  const slots: Slot[] = [];
  const opened: number[] = [];
  let repeat: Shape['repeat'];
  const add = (kind: Slot['kind'], name: string, mustQuote = false) =>
    slots.push({ kind, name, mustQuote, optional: opened.length > 0, opensGroup: opened.includes(slots.length) });
  for (token.lastIndex = 0; token.lastIndex < text.length; ) {
    const rest = text.slice(token.lastIndex);
    const match = token.exec(text);
    if (!match) {
      node.problem('cannot read the form', '<p>, <"p">, "word", comma, [ ], [ ]*n', { found: rest });
      break;
    }
    const [all, times, quoted, plain, literal, word] = match;
    if (repeat && all.trim() !== '')
      node.problem('a repeated group stands last', 'nothing behind `]*n`', { found: rest });
    if (all === '[') opened.push(slots.length);
    else if (all.startsWith(']')) {
      const start = opened.pop();
      if (start === undefined) node.problem('a `]` without its `[`', 'as many `[` as `]`', { found: text });
      else if (times !== undefined) repeat = repeated(slots.splice(start), Number(times));
    } else if (quoted !== undefined) add('parameter', quoted, true);
    else if (plain !== undefined) add('parameter', plain);
    else if (literal !== undefined || word !== undefined) add('literal', literal ?? word ?? '');
  }
  if (opened.length > 0) node.problem('a `[` without its `]`', 'as many `]` as `[`', { found: text });
  return { slots, repeat };
}

const repeated = (group: readonly Slot[], times: number): Shape['repeat'] =>
  group.length === 0
    ? undefined
    : { names: group.map(slot => slot.name), slots: group.map(slot => ({ ...slot, optional: false })), times };

/** Names of the parameters in a shape, in their order. */
export function parameterNames({ slots, repeat }: Shape): string[] {
  const all = [...slots, ...(repeat?.slots ?? [])].filter(slot => slot.kind === 'parameter');
  return [...new Set(all.map(slot => slot.name))];
}

/** The slots of a repeated group that stand before it as the first row: `<"a">,<q>[,<"a">,<q>]*4`. */
export function firstRowStart(shape: Shape): number {
  const { slots, repeat } = shape;
  if (!repeat) return slots.length;
  const start = slots.length - repeat.names.length;
  return start >= 0 && repeat.names.every((name, i) => slots[start + i]?.name === name) ? start : slots.length;
}

export interface Fitted {
  /** Slot → argument; missing where left out. */
  pairs: readonly { slot: Slot; argument: Argument | undefined; row: number | undefined }[];
  /** How many whole rows were given. */
  rows: number;
  /** Does it fit in count, quotes and literals? */
  fits: boolean;
  /** Too few or too many arguments. */
  count: 'right' | 'wrong';
}

/**
 * Lays the arguments into the slots that exist now.
 * @param exists slots that `only` rules out are left aside; those it rules in are required
 */
export function layOut(shape: Shape, given: readonly Argument[], exists: (slot: Slot) => boolean | undefined): Fitted {
  const slots = shape.slots.filter(slot => exists(slot) !== false);
  const rowStart = slots.length - (shape.slots.length - firstRowStart(shape));
  const pairs: { slot: Slot; argument: Argument | undefined; row: number | undefined }[] = [];
  slots.forEach((slot, i) => {
    pairs.push({ slot, argument: given[i], row: i >= rowStart ? 0 : undefined });
  });
  const rest = given.slice(slots.length);
  const width = shape.repeat?.slots.length ?? 0;
  const base = rowStart < slots.length ? 1 : 0;
  const extra = width === 0 ? 0 : rest.length / width;
  rest.forEach((argument, i) => {
    if (width > 0) pairs.push({ slot: shape.repeat!.slots[i % width]!, argument, row: base + Math.floor(i / width) });
  });
  const enough = mayEndAt(slots, Math.min(given.length, slots.length), exists);
  const notTooMany = rest.length === 0 || (width > 0 && Number.isInteger(extra) && extra <= shape.repeat!.times);
  const literals = pairs.every(
    ({ slot, argument }) =>
      slot.kind !== 'literal' ||
      argument?.value.toLowerCase() === slot.name.toLowerCase() ||
      (argument === undefined && slot.optional),
  );
  const quotes = pairs.every(
    ({ slot, argument }) => !slot.mustQuote || argument === undefined || argument.kind !== 'bare',
  );
  const count = enough && notTooMany ? 'right' : 'wrong';
  return { pairs, rows: base + Math.floor(extra), fits: count === 'right' && literals && quotes, count };
}

/** May the arguments end before the slot at `count`? After the last, or before an optional group with nothing required behind. */
function mayEndAt(slots: readonly Slot[], count: number, exists: (slot: Slot) => boolean | undefined): boolean {
  const rest = slots.slice(count);
  if (rest.some(slot => !slot.optional || exists(slot) === true)) return false;
  return rest.length === 0 || rest[0]!.opensGroup;
}
