/**
 * The servers of a modem: who listens at which port of the AT command, and for whom. A server of a dialect whose commands
 * name it by a link number holds that number until it is closed, and may go through a PDP context, with which it ends.
 */
import type { Socket } from 'node:net';
import type { Log } from '../base/log.js';
import type { Result } from '../grammar/exchange.js';
import { type ListenRule, listenPlace } from '../net/listen.js';
import { listen, type SocketServer } from '../sockets/server.js';
import type { Channel } from './channel.js';

export interface ServerRequest {
  /** Of the AT command. */
  port: number;
  /** Callers at a time. */
  most: number;
  /** The number that it holds, where its command names one. */
  link: number | undefined;
  cid: number | undefined;
  /** The channel that opened it: URCs of its callers go there. */
  owner: Channel | undefined;
}

export class Servers {
  /** In the order they came; one that does not listen yet keeps its port and number for itself too. */
  readonly #entries = new Map<ServerRequest, SocketServer | undefined>();

  constructor(
    readonly rules: readonly ListenRule[],
    readonly log: Log,
    readonly called: (caller: Socket, server: ServerRequest) => void,
  ) {}

  /** The one that came last. */
  get last(): ServerRequest | undefined {
    return [...this.#entries.keys()].at(-1);
  }

  /** The one that holds this link number. */
  holding(link: number): ServerRequest | undefined {
    return [...this.#entries.keys()].find(entry => entry.link === link);
  }

  /** Where callers find the server that listens at this port of the AT command. */
  placeOf(port: number): SocketServer['place'] | undefined {
    return [...this.#entries].find(([entry]) => entry.port === port)?.[1]?.place;
  }

  /** Ends as `cancelled` where it is closed before it listens. */
  async listen(request: ServerRequest): Promise<Result> {
    const { port } = request;
    if ([...this.#entries.keys()].some(entry => entry.port === port)) return { outcome: 'already' };
    this.#entries.set(request, undefined);
    const place = listenPlace(this.rules, port);
    try {
      const server = await listen(port, place, this.log, caller => this.called(caller, request));
      if (!this.#entries.has(request)) {
        server.close();
        return { outcome: 'cancelled' };
      }
      this.#entries.set(request, server);
      return { outcome: 'listening' };
    } catch (error) {
      this.#entries.delete(request);
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      const hint = `let it listen elsewhere: --listen ${port}=PORT`;
      this.log.warn({ port, place, error: message, hint }, `the module cannot listen: ${hint}`);
      return { outcome: 'port-taken', cause: message };
    }
  }

  /** Those that it is true of; links of their callers stay. @returns those that were closed */
  close(which: (server: ServerRequest) => boolean = () => true): ServerRequest[] {
    const ending = [...this.#entries.keys()].filter(which);
    for (const entry of ending) {
      this.#entries.get(entry)?.close();
      this.#entries.delete(entry);
    }
    return ending;
  }
}
