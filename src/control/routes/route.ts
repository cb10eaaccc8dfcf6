/** What one path of the API is: the server, the OpenAPI document and the test of both go by the list of these. */
import type { z } from 'zod';
import type { Access } from '../access.js';
import type { Reloaded } from '../messages.js';
import type { Monitor } from '../monitor.js';
import { checked } from '../request-problems.js';
import type { ControlTarget } from '../target.js';
import type { WatchedModem } from '../watched-modem.js';

/** What a path works on. */
export interface Rig {
  readonly target: ControlTarget;
  readonly monitor: Monitor;
  readonly access: Access;
  /** ms since 1970. */
  readonly startedAt: number;
  /** Reads the config again. Undefined where there is no file to read. */
  readonly reload: () => Promise<Reloaded> | undefined;
  /** What the server itself counts, in the text format of Prometheus. */
  readonly ownMetrics: () => string;
}

export interface Call {
  rig: Rig;
  /** What stands in the path, decoded once. */
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  /** As JSON has it; checked by who reads it. */
  body: unknown;
}

export interface Route {
  method: 'get' | 'post' | 'delete';
  /** With `:name` for what is variable. */
  path: string;
  /** One line, for the OpenAPI document. */
  summary: string;
  body?: z.ZodType;
  query?: z.ZodType;
  /** What comes back: the name of a type of messages.ts, or a media type. */
  result: string;
  /** Default 200. */
  status?: 200 | 201 | 204;
  /** It is a WebSocket; a plain GET is told so. */
  isSocket?: true;
  /** What is no Reply is sent as JSON. @throws ControlFailure, OperatorError */
  run(call: Call): unknown;
}

/** A write: its body is checked before it runs. */
export function write<T>(
  path: string,
  {
    body,
    run,
    ...rest
  }: Omit<Route, 'method' | 'path' | 'body' | 'run'> & {
    body: z.ZodType<T>;
    run: (call: Call, request: T) => unknown;
  },
): Route {
  return { ...rest, method: 'post', path, body, run: call => run(call, checked(body, call.body)) };
}

export const modemOf = ({ rig, params }: Call): WatchedModem => rig.monitor.get(params.name ?? '');

/** What is not JSON. */
export class Reply {
  constructor(
    readonly text: string | null,
    readonly headers: Readonly<Record<string, string>>,
  ) {}
}

export const plainText = (text: string, type = 'text/plain; charset=utf-8'): Reply =>
  new Reply(text, { 'content-type': type });
