/** `serial` of a grammar: how fast the module's line is, and what its control lines do. */
import type { SerialRules } from './dialect.js';
import { type Names, noLocals } from './names.js';
import type { Node } from './node.js';
import type { Evaluate } from './values.js';

const keys = ['speed', 'dtr', 'dcd', 'ring'] as const;

export function readSerialRules(node: Node, names: Names): SerialRules {
  node.entries('{ speed: IPR, dtr: 0, dcd: 0 }');
  node.knowsKeys('key of `serial`', keys);
  const value = (key: (typeof keys)[number]): Evaluate | undefined => {
    const given = node.given(key);
    return given && names.value(given, noLocals);
  };
  return { speed: value('speed'), dtr: value('dtr'), dcd: value('dcd'), ring: value('ring') };
}
