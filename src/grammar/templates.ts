/** Lines: text with fields, compiled once. `{name}`, `{name|table}`, `{list...}`, `{@line}`, `[dropped when absent]`. Pure. */
import { encodeHex } from './codecs.js';
import type { Locals, Names } from './names.js';
import type { Node } from './node.js';
import { type Evaluate, isAbsent, type Render, type Scope, textOf } from './values.js';

const textFilters: Readonly<Record<string, (text: string) => string>> = {
  hex: encodeHex,
  pad2: text => text.padStart(2, '0'),
  pad3: text => text.padStart(3, '0'),
  lower: text => text.toLowerCase(),
  upper: text => text.toUpperCase(),
  trim: text => text.trim(),
  decimal: text => String(Number.parseInt(text, 16)),
};

type Part =
  | { kind: 'text'; text: string }
  | { kind: 'field'; value: Evaluate }
  | { kind: 'optional'; parts: readonly Part[] };

const piece = /\[\[|\]\]|\{\{|\}\}|\[|\]|(\{(@?)([^{}|]+?)((?:\|[^{}|]*?)*)(\.\.\.)?\})|[^[\]{}]+|[{}]/gy;
const doubled: ReadonlySet<string> = new Set(['[[', ']]', '{{', '}}']);

/** Lines within lines: deeper than any grammar needs, and where a circle is found out. */
const deepest = 8;

/** Compiles a line. A line without fields costs nothing to render. */
export function readTemplate(node: Node, names: Names, locals: Locals): Render {
  const parts = readParts(node, names, locals, 0);
  if (parts.every(part => part.kind === 'text')) {
    const fixed = parts.map(part => part.text).join('');
    return () => fixed;
  }
  return scope => render(parts, scope);
}

function readParts(node: Node, names: Names, locals: Locals, depth: number): Part[] {
  if (!node.isGiven) node.wrong('a line of text');
  const text = node.text('a line of text') ?? '';
  const top: Part[] = [];
  const stack: Part[][] = [top];
  const add = (...parts: Part[]) => stack.at(-1)!.push(...parts);
  const close = () => {
    const parts = stack.pop()!;
    add({ kind: 'optional', parts });
  };
  for (const [all, field, at, name = '', chain = '', spreads] of text.matchAll(piece)) {
    if (all === '[') stack.push([]);
    else if (all === ']]' && stack.length > 1) {
      close();
      if (stack.length > 1) close();
      else add({ kind: 'text', text: ']' });
    } else if (all === ']' && stack.length > 1) close();
    else if (all === '{' || all === '}')
      node.problem(`a \`${all}\` that belongs to no field`, `{name}, or ${all}${all} for one that is printed`);
    else if (field === undefined) add({ kind: 'text', text: doubled.has(all) ? all[0]! : all });
    else if (at) add(...namedLine(name, node, names, locals, depth));
    else add({ kind: 'field', value: readField(name, chain, spreads !== undefined, node, names, locals) });
  }
  if (stack.length > 1) node.problem('a `[` without its `]` in a line', '`[…]`, or [[ for a bracket that is printed');
  return top;
}

/** What is wrong in a named line is told where that line stands. */
function namedLine(name: string, node: Node, names: Names, locals: Locals, depth: number): Part[] {
  const line = names.lines.get(name);
  if (!line) node.unknown('line', name, names.lines.keys());
  else if (depth === deepest) line.problem('a line that stands in itself', 'lines that come to an end');
  return line && depth < deepest ? readParts(line, names, locals, depth + 1) : [];
}

/** `name|table|filter`, and after `...` the whole list with commas. */
function readField(name: string, chain: string, isSpread: boolean, node: Node, names: Names, locals: Locals): Evaluate {
  const [, ...wanted] = chain.split('|').map(part => part.trim());
  const value = wanted.reduce(
    (before, filter) =>
      !names.tables.has(filter) && Object.hasOwn(textFilters, filter)
        ? filtered(before, textFilters[filter]!)
        : names.lookUp(before, filter, node, Object.keys(textFilters)),
    names.resolve(name.trim(), locals, node),
  );
  return isSpread ? spread(value) : value;
}

function filtered(value: Evaluate, filter: (text: string) => string): Evaluate {
  return scope => {
    const found = value(scope);
    return isAbsent(found) ? undefined : filter(textOf(found));
  };
}

function spread(list: Evaluate): Evaluate {
  return scope => {
    const found = list(scope);
    return Array.isArray(found) ? found.map(textOf).join(',') : found;
  };
}

function render(parts: readonly Part[], scope: Scope): string {
  let out = '';
  for (const part of parts) {
    if (part.kind === 'text') out += part.text;
    else if (part.kind === 'field') out += textOf(part.value(scope));
    else out += renderOptional(part.parts, scope);
  }
  return out;
}

/** Dropped as a whole when a field directly in it is absent. */
function renderOptional(parts: readonly Part[], scope: Scope): string {
  let out = '';
  for (const part of parts) {
    if (part.kind === 'text') out += part.text;
    else if (part.kind === 'optional') out += renderOptional(part.parts, scope);
    else {
      const value = part.value(scope);
      if (isAbsent(value)) return '';
      out += textOf(value);
    }
  }
  return out;
}
