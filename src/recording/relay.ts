/**
 * Between a host's port and the line to a module: each byte passes at once and as it is. Who is slow is waited for, so that
 * nothing piles up here; what comes while no host is there is lost, as on a wire.
 */
import type { Port } from '../ports/port.js';
import type { LineEvents, ModuleLine } from './module-line.js';

export interface RelayEvents {
  /** Either end is gone for good. */
  lost(what: string, reason: string): void;
}

/** Bytes that a host has not read, past which the module is not read. */
const mostUnread = 256 * 1024;

export class Relay {
  readonly #port: Port;
  readonly #events: RelayEvents;
  #line: ModuleLine | undefined;
  #isLineHeld = false;

  constructor(port: Port, events: RelayEvents) {
    this.#port = port;
    this.#events = events;
  }

  /** The line comes first: a host that finds the port finds a module. @throws OperatorError (port) */
  async open(openLine: (events: LineEvents) => Promise<ModuleLine>): Promise<void> {
    const port = this.#port;
    this.#line = await openLine({
      bytes: chunk => this.#fromModule(chunk),
      drained: () => port.hold(false),
      lost: reason => this.#events.lost(this.#line?.name ?? 'the line', reason),
    });
    const line = this.#line;
    await port.open({
      attached: () => {},
      detached: () => this.#readModule(),
      bytes: chunk => {
        if (!line.write(chunk)) port.hold(true);
      },
      drained: () => this.#readModule(),
      lost: reason => this.#events.lost(port.path, reason.message),
    });
  }

  async close(): Promise<void> {
    await this.#line?.close();
    await this.#port.close();
  }

  #fromModule(chunk: Buffer): void {
    this.#port.write(chunk);
    if (this.#port.queued <= mostUnread || this.#isLineHeld) return;
    this.#isLineHeld = true;
    this.#line?.hold(true);
  }

  #readModule(): void {
    if (!this.#isLineHeld) return;
    this.#isLineHeld = false;
    this.#line?.hold(false);
  }
}
