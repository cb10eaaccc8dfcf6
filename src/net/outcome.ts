/**
 * How a dial can end, in words. A failed dial is a value to the caller: inside src/net it travels as a `DialError`, which
 * `dial` alone turns into an outcome. Anything else that is thrown is a bug and stays one.
 */
import type { Duplex } from 'node:stream';

export const dialFailures = [
  'dns-failed',
  'refused',
  'unreachable',
  'reset',
  'timeout',
  'tls-failed',
  'denied',
  'cancelled',
] as const;

export type DialFailure = (typeof dialFailures)[number];

/** A link to the peer: TCP, or what TLS and WebSocket make of it. It always has an error listener. */
export interface Linked {
  outcome: 'linked';
  link: Duplex;
  /** Where the link really goes, after routes and name lookup. */
  address: string;
  port: number;
  /** Ends the link as a power cut would: TCP RST, no TLS or WebSocket goodbye. */
  reset?(): void;
}

export interface NotLinked {
  outcome: DialFailure;
  /** For people: what was found, and at which step. */
  cause: string;
  /** `tls-setup`: it failed here, before a byte of TLS was sent: a file that is none, a key that does not fit. */
  step?: 'tls-setup';
}

export type DialOutcome = Linked | NotLinked;

export class DialError extends Error {
  override readonly name = 'DialError';

  constructor(
    readonly outcome: DialFailure,
    override readonly cause: string,
    readonly step?: NotLinked['step'],
  ) {
    super(cause);
  }
}

/** What a system call's error means for a dial. Errors that are not the system's own are bugs, and thrown on. */
export function dialErrorFrom(error: unknown, step: string): DialError {
  if (error instanceof DialError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return new DialError(failureOf(code), `${step}: ${message}`);
}

function failureOf(code: string): DialFailure {
  switch (code) {
    case 'ECONNREFUSED':
      return 'refused';
    case 'ECONNRESET':
    case 'ECONNABORTED':
    case 'EPIPE':
      return 'reset';
    case 'ETIMEDOUT':
      return 'timeout';
    default:
      return 'unreachable';
  }
}
