/** `data` steps: what the host types after a prompt, how it ends, and what becomes of it. */
import type { Locals } from './names.js';
import type { Node } from './node.js';
import type { StepReader } from './step-reader.js';
import type { Acknowledgement, DataStep } from './steps.js';
import { readDuration, readTime } from './times.js';

export const dataKeys: readonly string[] = [
  'count',
  'until',
  'cancel',
  'quote',
  'mark',
  'escape',
  'guard',
  'idle',
  'within',
  'silence',
  'echo',
  'decode',
  'acknowledge',
  'limit',
  'secret',
  'done',
  'timeout',
  'cancelled',
];

/** Bytes that a data phase takes at most, unless the grammar says otherwise. */
const mostBytes = 65_536;

export function readData(node: Node, locals: Locals, reader: StepReader): DataStep {
  const { names } = reader;
  const value = (key: string) => {
    const given = node.given(key);
    return given && names.value(given, locals);
  };
  const time = (key: string) => readTime(node.get(key), locals, names);
  if (!node.given('count') && !node.given('until'))
    node.lacks('data without an end', 'count: <length parameter>, or until: [1A]');
  const quote = node.get('quote').items().flatMap(readByte)[0];
  const mark = node.given('mark')?.text('the text that ends the data');
  if (quote !== undefined && mark !== undefined && (mark.length !== 2 || mark.charCodeAt(0) !== quote))
    node.get('mark').problem('a `mark` beside a `quote` is that byte and one more', "quote: 5C, mark: '\\0'");
  const outcomes = ['done', 'timeout', 'cancelled'].filter(word => node.has(word));
  return {
    field: node.get('data').text('a name for the data') ?? '',
    secret: node.get('secret').flag() ?? false,
    count: value('count'),
    until: node.get('until').items().flatMap(readByte),
    cancel: node.get('cancel').items().flatMap(readByte),
    quote,
    mark,
    escape: readEscape(node),
    limit: node.get('limit').whole(1) ?? mostBytes,
    idle: time('idle'),
    within: time('within'),
    silence: time('silence'),
    echo: value('echo'),
    decode: value('decode'),
    acknowledge: readAcknowledgement(node.get('acknowledge')),
    outcomes: new Map(outcomes.map(word => [word, reader.steps(node.get(word), locals)])),
  };
}

/** Milliseconds of silence around an escape sequence, where a module has no rule of its own [Hayes]. */
export const usualGuard = 1000;

function readEscape(node: Node): DataStep['escape'] {
  const sequence = node.given('escape')?.text('an escape sequence, such as +++');
  const guard = node.given('guard');
  if (guard && sequence === undefined) guard.lacks('`guard` without `escape`', "escape: '+++', guard: 20ms");
  return sequence === undefined ? undefined : { sequence, guard: guard ? readDuration(guard) : usualGuard };
}

function readAcknowledgement(node: Node): Acknowledgement | undefined {
  if (!node.isGiven) return undefined;
  node.entries('{ every: 1024, bytes: A }');
  node.knowsKeys('key of an acknowledgement', ['every', 'bytes']);
  const every = node.get('every').whole(1);
  if (node.isMap && every === undefined) node.lacks('an acknowledgement without `every`', '{ every: 1024, bytes: A }');
  return every === undefined ? undefined : { every, bytes: node.get('bytes').text() ?? '' };
}

/** `1A` or `0x1A`: a byte in hex. */
function readByte(node: Node): number[] {
  const [, digits] = /^(?:0x)?([0-9a-f]{1,2})$/i.exec(String(node.raw)) ?? [];
  if (digits !== undefined) return [Number.parseInt(digits, 16)];
  node.problem('not a byte', 'two hex digits, such as 1A');
  return [];
}
