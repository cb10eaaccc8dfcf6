/**
 * The steps of an exchange as lines to read, top to bottom as the host sees them. Works on the grammar's own text, because
 * names say more than what they were resolved to.
 */
import { visible } from '../base/bytes.js';
import { refusalChain } from '../grammar/dialect.js';
import { isMap, type Raw } from '../grammar/document.js';

/** How the lines begin, for the foot of a page. */
export const legend =
  '<  the module says    << it says unasked    <| exact bytes    >  the host sends    *  the module acts';

/** Lines and refusals of the dialect: what `{@name}` and a refusal word stand for. */
export interface Words {
  lines: Raw;
  errors: Raw;
}

const indent = (lines: readonly string[]): string[] => lines.map(line => `    ${line}`);
const listOf = (raw: unknown): unknown[] => (raw === undefined || raw === null ? [] : Array.isArray(raw) ? raw : [raw]);

export function exchangeLines(raw: unknown, words: Words): string[] {
  return listOf(raw).flatMap(step => stepLines(step, words));
}

/** The refusals that these steps may end in. */
export function refusalsIn(raw: unknown): string[] {
  if (Array.isArray(raw)) return raw.flatMap(refusalsIn);
  if (!isMap(raw)) return [];
  const own = typeof raw.error === 'string' ? [raw.error] : [];
  return [...own, ...Object.values(raw).flatMap(refusalsIn)];
}

/** What a refusal word prints, on one line. */
export function refusalText(word: string, words: Words): string {
  const known = refusalChain(word).find(candidate => words.errors[candidate] !== undefined);
  return known === undefined ? 'ERROR' : printed(words.errors[known], words);
}

function printed(raw: unknown, words: Words): string {
  if (Array.isArray(raw))
    return raw
      .map(each => printed(each, words))
      .filter(text => text !== '')
      .join(' / ');
  if (!isMap(raw)) return withLines(String(raw), words);
  if (raw.cme !== undefined)
    return `+CME ERROR: ${String(raw.cme)}${raw.text === undefined ? '' : ` (${String(raw.text)})`}`;
  const said = raw.final ?? raw.info ?? raw.error;
  if (said === undefined) return ''; // it only remembers something
  const when = raw.when === undefined ? '' : ` when ${conditionText(raw.when)}`;
  return `${String(said)}${when}`;
}

/** `{ mqtt.state: up|linked, MCONFIG: given }` → `mqtt.state is up or linked, MCONFIG is given`. */
export function conditionText(raw: unknown): string {
  if (!isMap(raw)) return String(raw);
  return Object.entries(raw)
    .map(
      ([name, match]) =>
        `${name} is ${String(match)
          .replaceAll('|', ' or ')
          .replace(/^omitted$/, 'not given')}`,
    )
    .join(', ');
}

function stepLines(raw: unknown, words: Words): string[] {
  if (raw === 'prompt') return ['<| prompt'];
  if (!isMap(raw)) return [String(raw)];
  const lines = actionLines(raw, words);
  const condition = [
    raw.when === undefined ? undefined : `when ${conditionText(raw.when)}`,
    raw.unless === undefined ? undefined : `unless ${conditionText(raw.unless)}`,
    raw.each === undefined
      ? undefined
      : `for each of ${String(raw.each)}${raw.by === undefined ? '' : `, by ${String(raw.by)}`}`,
    raw.at === undefined ? undefined : `at ${pairs(raw.at)}`,
  ].filter(part => part !== undefined);
  return condition.length === 0 ? lines : [`${condition.join(', ')}:`, ...indent(lines)];
}

function actionLines(step: Raw, words: Words): string[] {
  if ('do' in step) return operationLines(step, words);
  if ('data' in step) return dataLines(step, words);
  if ('steps' in step) return exchangeLines(step.steps, words);
  if ('info' in step) return listOf(step.info).map(line => `<  ${withLines(line, words)}`);
  if ('final' in step) return [`<  ${withLines(step.final, words)}`];
  if ('urc' in step) return [`<< ${withLines(step.urc, words)}`];
  if ('raw' in step) return listOf(step.raw).map(bytes => `<| ${exact(bytes, words)}`);
  if ('prompt' in step)
    return [step.prompt === true || step.prompt === null ? '<| prompt' : `<| ${exact(step.prompt, words)}`];
  if ('error' in step) return [`<  ${refusalText(String(step.error), words)}    (${String(step.error)})`];
  if ('set' in step) return [`*  remember ${pairs(step.set)}`];
  if ('add' in step) return [`*  add to ${String(step.add)}: ${pairs(step.with)}`];
  if ('clear' in step) return [`*  forget ${listOf(step.clear).join(', ')}`];
  if ('after' in step) return [`*  wait ${String(step.after)}`];
  if ('online' in step) return onlineLines(step, words);
  return [JSON.stringify(step)];
}

/** Characters of an operation's arguments that still stand on its line. */
const longestArguments = 80;
const stepKeys = new Set(['do', 'with', 'within', 'when', 'unless', 'each', 'by', 'less', 'at', 'online']);

function operationLines(step: Raw, words: Words): string[] {
  const within = step.within === undefined ? '' : `  (within ${String(step.within)})`;
  const given = pairs(step.with);
  const isLong = given.length > longestArguments;
  return [
    `*  ${String(step.do)}${isLong || given === '' ? '' : `  ${given}`}${within}`,
    ...(isLong ? given.split(', ').map(each => `      ${each}`) : []),
    ...outcomeLines(step, stepKeys, words),
  ];
}

const dataKeys = new Set([
  'data',
  'count',
  'until',
  'cancel',
  'idle',
  'within',
  'limit',
  'secret',
  'when',
  'unless',
  'each',
  'at',
  'echo',
  'silence',
  'acknowledge',
  'decode',
]);

function dataLines(step: Raw, words: Words): string[] {
  const until = (bytes: unknown) =>
    listOf(bytes)
      .map(byte => String(byte))
      .join(' or ');
  const ends = [
    step.count === undefined ? undefined : `${String(step.count)} bytes`,
    step.until === undefined ? undefined : `up to the byte ${until(step.until)}`,
    step.cancel === undefined ? undefined : `${until(step.cancel)} cancels`,
    step.idle === undefined ? undefined : `ends after ${String(step.idle)} without a byte`,
    step.silence === undefined ? undefined : `given up after ${String(step.silence)} without a byte`,
    step.within === undefined ? undefined : `within ${String(step.within)}`,
  ].filter(part => part !== undefined);
  return [`>  ${String(step.data)}: ${ends.join(', ')}`, ...outcomeLines(step, dataKeys, words)];
}

const onlineKeys = new Set(['online', 'packet', 'limit', 'escape', 'guard', 'gap', 'redial', 'when', 'unless', 'at']);

function onlineLines(step: Raw, words: Words): string[] {
  const packet = step.packet === undefined ? '' : `, a packet after ${String(step.packet)} without a byte`;
  return [`*  online data on ${String(step.online)}${packet}`, ...outcomeLines(step, onlineKeys, words)];
}

function outcomeLines(step: Raw, known: ReadonlySet<string>, words: Words): string[] {
  const outcomes = Object.entries(step).filter(([key]) => !known.has(key));
  return outcomes.flatMap(([word, steps]) => {
    const lines = exchangeLines(steps, words);
    return lines.length === 1 ? [`    ${word}: ${lines[0]}`] : [`    ${word}:`, ...indent(indent(lines))];
  });
}

/** `{ topic, qos: 1 }` → `topic, qos = 1`. */
function pairs(raw: unknown): string {
  return Object.entries(isMap(raw) ? raw : {})
    .map(([name, value]) => (value === null || value === name ? name : `${name} = ${String(value)}`))
    .join(', ');
}

/** `{@name}` is put in; what stands there may have another. */
function withLines(raw: unknown, words: Words, depth = 0): string {
  const text = String(raw);
  if (depth > 4) return text;
  return text.replace(/\{@([^{}]+)\}/g, (all, name: string) =>
    words.lines[name] === undefined ? all : withLines(words.lines[name], words, depth + 1),
  );
}

const exact = (raw: unknown, words: Words): string => visible(withLines(raw, words));
