/** What a caller of the API did wrong, or cannot have now: a status, and the words for it. */
import { formatPlace, OperatorError } from '../base/errors.js';
import type { ControlError, ErrorBody, ErrorCode } from './messages.js';

const statuses = {
  'bad-request': 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  timeout: 408,
  conflict: 409,
  'too-large': 413,
  'unsupported-media-type': 415,
  'upgrade-required': 426,
  bug: 500,
  busy: 503,
} as const satisfies Record<ErrorCode, number>;

export type FailureStatus = (typeof statuses)[ErrorCode];

export class ControlFailure extends Error {
  override readonly name = 'ControlFailure';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: Omit<ControlError, 'code' | 'message'> = {},
  ) {
    super(message);
  }

  get status(): FailureStatus {
    return statuses[this.code];
  }

  get body(): ErrorBody {
    return { error: { code: this.code, message: this.message, ...this.details } };
  }
}

/** What the operator got wrong comes as a bad request; anything else is a bug, whose words are the log's alone. */
export function failureOf(error: unknown): ControlFailure {
  if (error instanceof ControlFailure) return error;
  if (!(error instanceof OperatorError)) return new ControlFailure('bug', 'a bug in atmodem: the log has it');
  const { place, found, expected, hint } = error.details;
  const message = place ? `${formatPlace(place)}: ${error.summary}` : error.summary;
  return new ControlFailure('bad-request', message, { found, expected, hint });
}
