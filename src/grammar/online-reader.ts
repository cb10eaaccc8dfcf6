/** `online` steps: when the port and a link are one, how the host gets out, and what becomes of a link that is lost. */
import { usualGuard } from './data-reader.js';
import type { Locals } from './names.js';
import type { Node } from './node.js';
import type { StepReader } from './step-reader.js';
import type { OnlineStep } from './steps.js';
import { readTime } from './times.js';

export const onlineKeys: readonly string[] = [
  'packet',
  'limit',
  'escape',
  'guard',
  'guard-after',
  'gap',
  'redial',
  'escaped',
  'lost',
  'failed',
];

export function readOnline(node: Node, locals: Locals, reader: StepReader): OnlineStep {
  node.get('online').word('kind of link', ['socket']);
  const time = (key: string) => readTime(node.get(key), locals, reader.names);
  const limit = node.given('limit');
  const outcomes = ['escaped', 'lost', 'failed'].filter(word => node.has(word));
  return {
    escape: node.given('escape')?.text('an escape sequence') ?? '+++',
    guard: time('guard') ?? (() => usualGuard),
    guardAfter: time('guard-after'),
    gap: time('gap'),
    packet: time('packet'),
    limit: limit && reader.names.value(limit, locals),
    redial: time('redial'),
    outcomes: new Map(outcomes.map(word => [word, reader.steps(node.get(word), locals)])),
  };
}
