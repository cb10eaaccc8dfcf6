/** What an operation, of the core or of a dialect's own code, is given and gives back. */
import type { OperationRequest, Result } from '../grammar/exchange.js';
import type { Row, Scope, Value } from '../grammar/values.js';
import type { OperationSpec } from '../grammar/vocabulary.js';
import type { Channel } from './channel.js';
import type { Modem } from './modem.js';

export type Arguments = Readonly<Record<string, Value>>;

/** The modem as an operation sees it, with the address that the command named. */
export interface DialectContext {
  readonly modem: Modem;
  /** The channel whose command it is; none for event rules. */
  readonly channel: Channel | undefined;
  readonly scope: Scope;
  /** Outcomes that the grammar answers: a lenient failure counts only then. */
  readonly mapped: OperationRequest['mapped'];
  /** Milliseconds, where the grammar sets a limit. */
  readonly within: number | undefined;
  progress(word: string, fields?: Row): void;
}

export type RunOperation = (args: Arguments, context: DialectContext) => Result | Promise<Result>;

/** A dialect's own operation: what the loader checks, and what the modem runs. */
export interface DialectOperation {
  spec: OperationSpec;
  run: RunOperation;
}

export const done: Result = { outcome: 'done' };
