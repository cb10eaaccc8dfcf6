/** Lines: text with fields, compiled once. `{name}`, `{name|table}`, `{list...}`, `{@line}`, `[dropped when absent]`. Pure. */
import { encodeHex } from './codecs.js';
import type { Locals, Names } from './names.js';
import type { Path } from './problems.js';
import { type Evaluate, isAbsent, type Render, type Scope, textOf, type Value } from './values.js';

const filters: Readonly<Record<string, (text: string) => string>> = {
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

const piece = /\[\[|\]\]|\{\{|\}\}|\[|\]|\{(@?)([^{}|]*?)((?:\|[^{}|]*?)*)(\.\.\.)?\}|[^[\]{}]+|[{}]/gy;

/** Compiles a line. A line without fields costs nothing to render. */
export function readTemplate(raw: unknown, names: Names, locals: Locals, path: Path): Render {
  const parts = readParts(String(raw), names, locals, path, 0);
  if (parts.every(part => part.kind === 'text')) {
    const fixed = parts.map(part => (part.kind === 'text' ? part.text : '')).join('');
    return () => fixed;
  }
  return scope => render(parts, scope);
}

function readParts(text: string, names: Names, locals: Locals, path: Path, depth: number): Part[] {
  const top: Part[] = [];
  const stack: Part[][] = [top];
  const add = (part: Part) => stack[stack.length - 1]!.push(part);
  for (const match of text.matchAll(piece)) {
    const [all, at, name = '', filterText = '', spread] = match;
    const close = () => {
      const parts = stack.pop()!;
      add({ kind: 'optional', parts });
    };
    if (all === ']]' && stack.length > 1) {
      close();
      if (stack.length > 1) close();
      else add({ kind: 'text', text: ']' });
    } else if (all === '[[' || all === ']]' || all === '{{' || all === '}}') add({ kind: 'text', text: all[0]! });
    else if (all === '[') stack.push([]);
    else if (all === ']' && stack.length > 1) close();
    else if (all.startsWith('{') && all.endsWith('}') && all.length > 2) {
      if (at) for (const part of namedLine(name, names, locals, path, depth)) add(part);
      else add({ kind: 'field', value: readField(name, filterText, spread !== undefined, names, locals, path) });
    } else add({ kind: 'text', text: all });
  }
  if (stack.length > 1)
    names.problems.add(path, 'a `[` without its `]` in a line', {
      found: text,
      hint: 'Write [[ for a bracket that is printed.',
    });
  return top;
}

function namedLine(name: string, names: Names, locals: Locals, path: Path, depth: number): Part[] {
  const line = names.lines.get(name);
  if (line === undefined) names.problems.unknown(path, 'line', name, names.lines.keys());
  if (line === undefined || depth > 8) return [];
  return readParts(line, names, locals, path, depth + 1);
}

function readField(
  name: string,
  filterText: string,
  spread: boolean,
  names: Names,
  locals: Locals,
  path: Path,
): Evaluate {
  let value = names.resolve(name.trim(), locals, path);
  const wanted = filterText.split('|').slice(1);
  for (const raw of wanted) {
    const filterName = raw.replace(/\.\.\.$/, '').trim();
    const filter = filters[filterName];
    const before = value;
    if (filter && !names.tables.has(filterName)) {
      value = scope => {
        const found = before(scope);
        return isAbsent(found) ? undefined : filter(textOf(found));
      };
    } else value = names.lookUp(before, filterName, path);
  }
  if (!spread) return value;
  const list = value;
  return scope => {
    const found = list(scope);
    return Array.isArray(found) ? (found as Value[]).map(textOf).join(',') : found;
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
