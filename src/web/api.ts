/** The control API over fetch: JSON there and back. A daemon that asks who we are is told the kept token, once. */
import type {
  ActiveFault,
  ControlError,
  DaemonState,
  ErrorBody,
  FaultCatalogue,
  FaultList,
  FaultRequest,
  Lifted,
  ModemDetail,
  PowerRequest,
} from '../control/messages.js';
import { forgetToken, keepToken, keptToken } from './token.js';

/** The daemon said no, or said nothing (`code` is `unreachable`). */
export class ApiFailure extends Error {
  constructor(
    readonly code: ControlError['code'] | 'unreachable',
    message: string,
  ) {
    super(message);
  }
}

export class Api {
  readonly daemon = (): Promise<DaemonState> => this.#get('/api/daemon');

  readonly modem = (name: string): Promise<ModemDetail> => this.#get(pathOf(name));

  readonly catalogue = (): Promise<FaultCatalogue> => this.#get('/api/faults');

  readonly faults = (name: string): Promise<FaultList> => this.#get(`${pathOf(name)}/faults`);

  readonly inject = (name: string, fault: FaultRequest): Promise<ActiveFault> =>
    this.#post(`${pathOf(name)}/faults`, fault);

  /** Of all of them without an id. */
  readonly lift = (name: string, id?: number): Promise<Lifted> =>
    this.#ask('DELETE', `${pathOf(name)}/faults${id === undefined ? '' : `/${id}`}`);

  readonly power = (name: string, request: PowerRequest): Promise<ModemDetail> =>
    this.#post(`${pathOf(name)}/power`, request);

  /** @throws ApiFailure (unauthorized) */
  async signIn(token: string): Promise<void> {
    await this.#send('POST', '/api/session', { token });
    keepToken(token);
  }

  #get<T>(path: string): Promise<T> {
    return this.#ask('GET', path);
  }

  #post<T>(path: string, body: unknown): Promise<T> {
    return this.#ask('POST', path, body);
  }

  async #ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    try {
      return await this.#send(method, path, body);
    } catch (error) {
      const token = keptToken();
      if (!(error instanceof ApiFailure) || error.code !== 'unauthorized' || token === null) throw error;
      await this.#signInAgain(token);
      return this.#send(method, path, body);
    }
  }

  /** A token that is wrong is wrong the next time too. */
  async #signInAgain(token: string): Promise<void> {
    try {
      await this.signIn(token);
    } catch (error) {
      if (error instanceof ApiFailure && error.code === 'unauthorized') forgetToken();
      throw error;
    }
  }

  /** @throws ApiFailure */
  async #send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(path, { method, headers, body: JSON.stringify(body) }).catch((error: Error) => {
      throw new ApiFailure('unreachable', `the daemon does not answer: ${error.message}`);
    });
    if (response.status === 204) return undefined as T;
    const answer = (await response.json().catch(() => undefined)) as T | ErrorBody | undefined;
    if (response.ok) return answer as T;
    throw failureOf(response.status, (answer as ErrorBody | undefined)?.error);
  }
}

export const pathOf = (modem: string): string => `/api/modems/${encodeURIComponent(modem)}`;

/** `ws://…` for a path of this server. */
export const socketAddress = (path: string): string => `${location.origin.replace(/^http/, 'ws')}${path}`;

function failureOf(status: number, error: ControlError | undefined): ApiFailure {
  if (!error) return new ApiFailure('unreachable', `the daemon answered ${status}`);
  const { code, message, found, expected, hint } = error;
  const more = [found && `found ${found}`, expected && `expected ${expected}`, hint].filter(Boolean);
  return new ApiFailure(code, [message, ...more].join('; '));
}
