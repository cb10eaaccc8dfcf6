/** `urcs` of a grammar: what the network says → what the module writes. */
import { type EventRule, statuses } from './dialect.js';
import type { Locals } from './names.js';
import { Node } from './node.js';
import { readAssumed } from './settings-registry.js';
import type { StepReader } from './step-reader.js';
import type { EventSpec } from './vocabulary.js';

/** Keys of a rule that are no part of its step. */
const ruleKeys: readonly string[] = ['event', 'when', 'title', 'ref', 'assumed', 'status'];

/** Event → the rules for it, in the order of the file. */
export function readEvents(
  urcs: Node,
  events: Readonly<Record<string, EventSpec>>,
  locals: Locals,
  reader: StepReader,
): Map<string, EventRule[]> {
  const rules = new Map<string, EventRule[]>();
  for (const [name, node] of urcs.entries('a map of name: { event, … }')) {
    if (!node.isGiven) {
      node.unknownKey(
        'rule to be removed',
        urcs.keys().filter(key => urcs.given(key)),
      );
      continue;
    }
    const { words, rule } = readRule(name, node, events, locals, reader);
    if (node.get('status').word('status', statuses) === 'absent') continue;
    for (const word of words) rules.set(word, [...(rules.get(word) ?? []), rule]);
  }
  return rules;
}

function readRule(
  name: string,
  node: Node,
  events: Readonly<Record<string, EventSpec>>,
  locals: Locals,
  reader: StepReader,
): { words: string[]; rule: EventRule } {
  if (!node.isMap) node.wrong('{ event: …, urc: … }');
  else if (!node.get('event').isGiven) node.lacks('a rule without an event', 'event: mqtt.message');
  for (const text of ['title', 'ref']) node.given(text)?.text();
  readAssumed(node);
  const words = node
    .get('event')
    .items()
    .flatMap(event => event.word('event', Object.keys(events)) ?? []);
  const step = withoutKeys(node);
  const brought = words.flatMap(word => events[word]?.fields ?? []);
  const own = { ...locals, fields: new Set([...brought, ...reader.fieldsOf(step)]) };
  const when = node.given('when');
  const holds = when && reader.names.condition(when, own);
  return { words, rule: { name, holds, steps: node.isMap ? reader.steps(step, own) : [] } };
}

/** The step of a rule stands in it inline. */
function withoutKeys(node: Node): Node {
  const kept = node.keys().filter(key => !ruleKeys.includes(key));
  const raw = Object.fromEntries(kept.map(key => [key, node.get(key).raw]));
  return new Node(raw, node.problems, node.parent, node.key);
}
