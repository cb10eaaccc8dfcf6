/** How the command line ends when it fails: what the operator did wrong in words, a bug with its stack. */
import { OperatorError } from '../base/errors.js';
import type { Output } from './output.js';

export type ExitCode = 0 | 1 | 2;

export function tellFailure(error: unknown, output: Output): ExitCode {
  if (error instanceof OperatorError) {
    output.note(error.message);
    return error.exitCode;
  }
  output.note(`a bug in atmodem: ${error instanceof Error ? error.stack : String(error)}`);
  return 1;
}
