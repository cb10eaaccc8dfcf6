/**
 * The servers of a modem: who listens at which port of the AT command, and for whom. Where the dialect's commands number
 * servers, one has a number; where they name it as a link, it holds that link's until it is closed. It may go through a PDP
 * context, with which it ends.
 */
import type { Socket } from 'node:net';
import type { Log } from '../base/log.js';
import type { Result } from '../grammar/exchange.js';
import { type ListenPlace, type ListenRule, listenPlace } from '../net/listen.js';
import { listen, type SocketServer } from '../sockets/server.js';
import type { Channel } from './channel.js';

export interface ServerRequest {
  /** Of the AT command. */
  readonly port: number;
  /** Callers at a time. */
  readonly most: number;
  /** Among servers, where its command names one. */
  readonly number?: number | undefined;
  /** The link number that it holds, where its command names one. */
  readonly link?: number | undefined;
  readonly cid?: number | undefined;
  /** The channel that opened it: URCs of its callers go there. */
  readonly owner?: Channel | undefined;
}

/** What hosts call it by. */
export const nameOf = ({ number, link }: ServerRequest): number | undefined => number ?? link;

export class Servers {
  /** In the order they came; one that does not listen yet keeps its port and numbers for itself too. */
  readonly #entries = new Map<ServerRequest, SocketServer | undefined>();

  constructor(
    readonly rules: readonly ListenRule[],
    readonly log: Log,
    readonly called: (caller: Socket, server: ServerRequest) => void,
  ) {}

  /** Those that listen, by number. */
  get all(): ServerRequest[] {
    const listening = [...this.#entries].filter(([, server]) => server).map(([entry]) => entry);
    return listening.sort((a, b) => (nameOf(a) ?? 0) - (nameOf(b) ?? 0));
  }

  /** Of that number; of none, the one that came last. */
  of(number: number | undefined): ServerRequest | undefined {
    const entries = [...this.#entries.keys()];
    return number === undefined ? entries.at(-1) : entries.find(entry => entry.number === number);
  }

  /** The one that holds this link number. */
  holding(link: number): ServerRequest | undefined {
    return [...this.#entries.keys()].find(entry => entry.link === link);
  }

  /** Where callers find the server that listens at this port of the AT command. */
  placeOf(port: number): ListenPlace | undefined {
    return [...this.#entries].find(([entry]) => entry.port === port)?.[1]?.place;
  }

  /** Ends as `cancelled` where it is closed before it listens. */
  async listen(request: ServerRequest): Promise<Result> {
    const { port } = request;
    if (this.#isTaken(request)) return { outcome: 'already' };
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

  #isTaken({ number, port }: ServerRequest): boolean {
    const entries = [...this.#entries.keys()];
    return entries.some(entry => entry.port === port || (number !== undefined && entry.number === number));
  }
}
