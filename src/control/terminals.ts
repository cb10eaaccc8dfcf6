/** The terminals that pages have open: each a guest channel of its modem, gone with its WebSocket. */
import type { WebSocket } from 'ws';
import type { Modem } from '../modem/modem.js';
import { ControlFailure } from './failure.js';
import type { TerminalOpened } from './messages.js';
import { WebSocketPort } from './websocket-port.js';

/** Of one modem, and of all. */
const mostOfOne = 4;
const mostOfAll = 64;

export class Terminals {
  /** Cut because they did not read. */
  cut = 0;
  readonly #open = new Map<Modem, number>();

  get count(): number {
    return [...this.#open.values()].reduce((sum, count) => sum + count, 0);
  }

  /** @throws ControlFailure (busy) */
  requireRoom(modem: Modem): void {
    const own = this.#open.get(modem) ?? 0;
    if (own < mostOfOne && this.count < mostOfAll) return;
    throw new ControlFailure('busy', 'all terminals are taken', {
      found: own < mostOfOne ? `${mostOfAll} of all modems` : `${mostOfOne} of ${modem.name}`,
      hint: 'Close one.',
    });
  }

  /** @param peer where the client calls from */
  async open(socket: WebSocket, modem: Modem, peer: string): Promise<void> {
    this.#add(modem, 1);
    const port = new WebSocketPort(socket, peer, () => {
      this.cut += 1;
    });
    const closed = new Promise<void>(resolve => socket.once('close', () => resolve()));
    try {
      const channel = await modem.addChannel(port, 'guest');
      const opened: TerminalOpened = { modem: modem.name, channel: channel.index };
      socket.send(JSON.stringify(opened));
      port.attach();
      await closed;
      await modem.removeChannel(channel);
    } finally {
      this.#add(modem, -1);
    }
  }

  #add(modem: Modem, change: 1 | -1): void {
    const count = (this.#open.get(modem) ?? 0) + change;
    if (count === 0) this.#open.delete(modem);
    else this.#open.set(modem, count);
  }
}
