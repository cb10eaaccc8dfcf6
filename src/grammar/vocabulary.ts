/**
 * The words that grammars may use: operations with their arguments and outcomes, facts, events. The loader checks every
 * name against them, docs/vocabulary.md is made from them, and the modem implements them (src/modem/operations, facts.ts).
 */
export * from './vocabulary/events.js';
export * from './vocabulary/facts.js';
export * from './vocabulary/operations.js';

/** How long a setting outlives its command: until power-off, as `&W` stores it, for good. */
export const keeps = ['run', 'profile', 'flash'] as const;
export type Keep = (typeof keeps)[number];
export const addressKinds = ['client', 'link', 'cid', 'tls-context', 'channel', 'slot', 'server'] as const;
export type AddressKind = (typeof addressKinds)[number];
export type Address = Partial<Record<AddressKind, number>>;
