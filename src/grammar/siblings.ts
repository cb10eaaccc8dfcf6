/** `like`: a command that takes over what it does not say itself, but for what describes the sibling alone. */
import { Node, type Raw } from './node.js';
import { Problems } from './problems.js';

const notTakenOver = ['title', 'test', 'like'];

/** A chain of siblings longer than this goes round in a circle. */
const longestFamily = 8;

/** The command with what it takes over, each at its place in the sibling. @param commands all of them */
export function likeSibling(node: Node, commands: Node, depth = 0): Node {
  const like = node.get('like');
  const name = like.text('a command');
  if (name === undefined) return node;
  const sibling = commands.get(name);
  if (!sibling.isMap) like.unknown('command', name, commands.keys());
  else if (depth === longestFamily)
    like.problem('commands are like each other in a circle', 'a command that is written out');
  else return node.borrowing(likeSibling(sibling, commands, depth + 1), notTakenOver);
  return node;
}

/** The same as plain values, for who shows an entry. Undefined where there is no such sibling. */
export function withSibling(raw: Raw, commands: Raw): Raw | undefined {
  const problems = new Problems();
  const whole = likeSibling(new Node(raw, problems), new Node(commands, problems));
  if (problems.all.length > 0) return undefined;
  const taken = whole.keys().filter(key => key !== 'like');
  return Object.fromEntries(taken.map(key => [key, whole.get(key).raw]));
}
