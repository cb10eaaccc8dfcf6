/** What the exit code of `exec` says. Pure. */
import { constants } from 'node:os';

/** How it came to an end. */
export type Outcome =
  | { kind: 'exited'; code: number }
  | { kind: 'killed'; signal: NodeJS.Signals }
  | { kind: 'timeout' }
  /** Nothing can change the verdict any more, and nobody wanted to wait for the command. */
  | { kind: 'verdict' }
  /** The command could not be started: as shells have it. */
  | { kind: 'not-found' | 'not-executable' }
  /** atmodem's own. */
  | { kind: 'failed' };

export const timedOut = 124;
export const ownFailure = 125;

/** @param passed of the scenario; true where there is none */
export function exitCodeOf(outcome: Outcome, passed: boolean): number {
  switch (outcome.kind) {
    case 'exited':
      return outcome.code === 0 && !passed ? 1 : outcome.code;
    case 'killed':
      return 128 + constants.signals[outcome.signal];
    case 'timeout':
      return timedOut;
    case 'verdict':
      return passed ? 0 : 1;
    case 'failed':
      return ownFailure;
    case 'not-executable':
      return 126;
    case 'not-found':
      return 127;
  }
}

/** What stands behind the command's name. */
export function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'exited':
      return `ended with ${outcome.code}`;
    case 'killed':
      return `was ended by ${outcome.signal}`;
    case 'timeout':
      return 'did not end in time';
    case 'verdict':
      return 'was ended with the scenario';
    case 'failed':
      return 'was ended because atmodem failed';
    case 'not-executable':
      return 'cannot be executed';
    case 'not-found':
      return 'is not there';
  }
}

/** Did the command do its part? */
export const isGood = (outcome: Outcome): boolean =>
  outcome.kind === 'verdict' || (outcome.kind === 'exited' && outcome.code === 0);
