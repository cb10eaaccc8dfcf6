/** The last lines of a run's dialogue, secrets hidden: what somebody wants to see first when it failed. */
import type { Daemon } from '../../daemon.js';
import type { DialogueLine } from '../../modem/dialogue.js';
import { dialogueText } from '../live-dialogue.js';

const mostKept = 40;

export class DialogueTail {
  readonly #lines: DialogueLine[] = [];
  readonly #byModem: boolean;
  readonly #byChannel: boolean;

  constructor({ modems }: Pick<Daemon, 'modems'>) {
    this.#byModem = modems.length > 1;
    this.#byChannel = modems.some(({ channels }) => channels.length > 1);
    for (const modem of modems) modem.dialogue.on(line => this.#keep(line));
  }

  get lines(): readonly string[] {
    return this.#lines.map(line => dialogueText(line, { byModem: this.#byModem, byChannel: this.#byChannel }));
  }

  #keep(line: DialogueLine): void {
    this.#lines.push(line);
    if (this.#lines.length > mostKept) this.#lines.shift();
  }
}
