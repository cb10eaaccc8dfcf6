/** `errors` of a grammar: refusal word → what is printed. A text, a +CME ERROR, a list of lines, or steps. */
import { everyPathEnds } from './finals.js';
import type { Locals } from './names.js';
import { Node } from './node.js';
import type { StepReader } from './step-reader.js';
import { cmeStep, type Step } from './steps.js';

/** [27.007 9.2] */
const largestCme = 65_535;

export function readRefusals(errors: Node, locals: Locals, reader: StepReader): Map<string, readonly Step[]> {
  const fields = new Set(['refusal', 'command', 'outcome', 'cause']);
  const given = errors.entries('a map of refusal word: what is printed').filter(([, node]) => node.isGiven);
  return new Map(given.map(([word, node]) => [word, readRefusal(node, { ...locals, fields }, reader)]));
}

function readRefusal(node: Node, locals: Locals, reader: StepReader): Step[] {
  const steps = node.items().map((item, i, all) => (item.isMap ? item : asStep(item, i === all.length - 1)));
  if (!everyPathEnds(listOf(node, steps), locals, reader))
    node.lacks('a refusal without a final result', 'a text, { cme, text }, or a list that ends in one: [TEXT, ERROR]');
  return steps.flatMap(step => (step.has('cme') ? readCme(step) : reader.steps(step, locals).map(failing)));
}

/** Lines of a list are information, the last one is the final result. */
const asStep = (item: Node, isLast: boolean): Node =>
  new Node({ [isLast ? 'final' : 'info']: item.raw }, item.problems, item.parent, item.key);

const listOf = (node: Node, items: readonly Node[]): Node =>
  new Node(
    items.map(item => item.raw),
    node.problems,
    node.parent,
    node.key,
  );

function readCme(node: Node): Step {
  node.knowsKeys('key of a +CME ERROR', ['cme', 'text']);
  const code = node.get('cme').whole(0) ?? 0;
  if (code > largestCme) node.get('cme').wrong(`a whole number from 0 to ${largestCme}`);
  return cmeStep(code, node.get('text').text() ?? String(code));
}

/** The final result of a refusal is a failure whatever its text; only a group of steps speaks for itself. */
const failing = (step: Step): Step =>
  step.action.kind === 'final' ? { ...step, action: { ...step.action, failed: true } } : step;
