/** Acts that only one family has: code by the family's name. A grammar of the family calls them as `family.act`. */
import type { DialectOperation } from '../modem/operation.js';

/** Full name → operation. Empty so far: luat, w800 and esp-at need no act that the core lacks. */
export const dialectOperations: Readonly<Record<string, DialectOperation>> = {};
