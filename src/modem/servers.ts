/** The servers of a modem: one a port of the AT command, under a number of their own where the dialect's commands give one. */
import type { Socket } from 'node:net';
import type { Log } from '../base/log.js';
import type { Result } from '../grammar/exchange.js';
import { type ListenPlace, type ListenRule, listenPlace } from '../net/listen.js';
import { listen, type SocketServer } from '../sockets/server.js';

export interface ModuleServer {
  /** That its command named; undefined where commands name ports alone. */
  readonly number: number | undefined;
  readonly port: number;
  /** The PDP context that its callers come by. */
  readonly cid: number | undefined;
}

interface Listening extends ModuleServer {
  readonly socket: SocketServer;
}

export class Servers {
  readonly #listening = new Map<number, Listening>();

  constructor(
    readonly rules: readonly ListenRule[],
    readonly log: Log,
  ) {}

  /** By number, where they have one. */
  get all(): ModuleServer[] {
    return [...this.#listening.values()].sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
  }

  /** Of that number; of none, the one that came last. */
  of(number: number | undefined): ModuleServer | undefined {
    const all = [...this.#listening.values()];
    return number === undefined ? all.at(-1) : all.find(server => server.number === number);
  }

  /** Where callers find the one that listens at this port of the AT command. */
  placeOf(port: number): ListenPlace | undefined {
    return this.#listening.get(port)?.socket.place;
  }

  /** @param isWanted asked once it listens: false where the power went meanwhile */
  async listen(server: ModuleServer, called: (caller: Socket) => void, isWanted: () => boolean): Promise<Result> {
    const { port } = server;
    if (this.#isTaken(server)) return { outcome: 'already' };
    const place = listenPlace(this.rules, port);
    try {
      const socket = await listen(port, place, this.log, called);
      if (!isWanted()) socket.close();
      else if (this.#isTaken(server)) {
        socket.close();
        return { outcome: 'already' };
      } else this.#listening.set(port, { ...server, socket });
      return { outcome: 'listening' };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      const hint = `let it listen elsewhere: --listen ${port}=PORT`;
      this.log.warn({ port, place, error: message, hint }, `the module cannot listen: ${hint}`);
      return { outcome: 'port-taken', cause: message };
    }
  }

  /** On one port, or on any. */
  unlisten(port?: number): 'done' | 'not-open' {
    const ending = port === undefined ? [...this.#listening.keys()] : [port].filter(each => this.#listening.has(each));
    for (const each of ending) {
      this.#listening.get(each)!.socket.close();
      this.#listening.delete(each);
    }
    return ending.length > 0 ? 'done' : 'not-open';
  }

  #isTaken({ number, port }: ModuleServer): boolean {
    return this.#listening.has(port) || (number !== undefined && this.of(number) !== undefined);
  }
}
