/** The client of the control API: asks, and turns what is refused into the operator's errors. */
import { OperatorError } from '../../base/errors.js';
import type { ControlError, ErrorBody, ErrorCode } from '../../control/messages.js';

/** How long an answer may take, in ms. */
const patience = 30_000;

/** Whoever typed the command can put it right. */
const mistakes: readonly ErrorCode[] = ['bad-request', 'not-found', 'method-not-allowed', 'too-large'];

export class ControlClient {
  constructor(
    /** Without a path. */
    readonly url: string,
    readonly token: string | undefined,
  ) {}

  get<T>(path: string): Promise<T> {
    return this.#json('GET', path);
  }

  post<T>(path: string, body: object): Promise<T> {
    return this.#json('POST', path, body);
  }

  delete<T>(path: string): Promise<T> {
    return this.#json('DELETE', path);
  }

  async text(path: string): Promise<string> {
    return (await this.#ask('GET', path)).text();
  }

  get headers(): Record<string, string> {
    return this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
  }

  async #json<T>(method: string, path: string, body?: object): Promise<T> {
    return (await this.#ask(method, path, body)).json() as Promise<T>;
  }

  async #ask(method: string, path: string, body?: object): Promise<Response> {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...this.headers, ...(body ? { 'content-type': 'application/json' } : {}) },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
    }).catch((cause: Error) => {
      throw unreachable(this.url, cause);
    });
    if (response.ok) return response;
    throw refused(await response.text(), response.status);
  }
}

/** From the body of a failure; what is none of the API's is told as it is. */
export function refused(text: string, status: number): OperatorError {
  const error = errorIn(text);
  if (!error) return new OperatorError('control', 'this is no control API of atmodem', { found: `HTTP ${status}` });
  const { code, message, ...details } = error;
  return new OperatorError(mistakes.includes(code) ? 'usage' : 'control', message, details);
}

function errorIn(text: string): ControlError | undefined {
  try {
    const { error } = JSON.parse(text) as ErrorBody;
    return typeof error.message === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
}

export function unreachable(url: string, cause: Error): OperatorError {
  const { message, code } = (cause.cause ?? cause) as NodeJS.ErrnoException;
  return new OperatorError('control', `no control API answers at ${url}`, {
    found: code ?? message,
    hint: 'Does atmodem run with --control? `--url` says where else to look.',
    cause,
  });
}
