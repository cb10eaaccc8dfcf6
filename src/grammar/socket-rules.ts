/** `sockets` of a grammar: what a module does with bytes that come on its links. */
import type { SocketRules } from './dialect.js';
import type { Locals, Names } from './names.js';
import type { Node } from './node.js';
import type { Evaluate, Value } from './values.js';

/** [RFC 879] of Ethernet: what most modules report at once. */
const usualSegment = 1460;
const usualWindow = 65_536;

/** Words stand for themselves; else a value as in `with`. */
const words: readonly unknown[] = ['push', 'wait'];

export function readSocketRules(node: Node, names: Names, locals: Locals): SocketRules {
  node.entries('{ receive: push, segment: 1460 }');
  node.knowsKeys('key of `sockets`', ['receive', 'segment', 'window', 'idle', 'callers', 'taken']);
  const value = (key: string, usual: Value): Evaluate => {
    const given = node.given(key);
    if (!given) return () => usual;
    return words.includes(given.raw) ? () => given.raw as Value : names.value(given, locals);
  };
  return {
    receive: value('receive', 'push'),
    segment: value('segment', usualSegment),
    window: value('window', usualWindow),
    idle: value('idle', 0),
    callers: node.given('callers')?.word('order', ['lowest', 'highest']) ?? 'lowest',
    taken: value('taken', false),
  };
}
