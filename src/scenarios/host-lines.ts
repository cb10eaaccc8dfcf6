/** The last lines of a host, secrets hidden: what somebody wants to see who waited for another one in vain. */
import type { Modem } from '../modem/modem.js';

const mostKept = 5;
const longest = 60;

export class HostLines {
  readonly #lines: { at: number; text: string }[] = [];
  readonly stop: () => void;
  #count = 0;

  /** @param elapsed milliseconds from the start of the scenario */
  constructor(modem: Modem, elapsed: () => number) {
    this.stop = modem.dialogue.on(({ from, text }) => {
      if (from !== 'host') return;
      this.#count += 1;
      this.#lines.push({ at: elapsed(), text: text.length > longest ? `${text.slice(0, longest)}…` : text });
      if (this.#lines.length > mostKept) this.#lines.shift();
    });
  }

  since(instant: number): string {
    const lines = this.#lines.filter(({ at }) => at >= instant).map(({ text }) => text);
    if (lines.length === 0) return 'the host said nothing';
    const isAll = this.#count === lines.length || lines.length < this.#lines.length;
    return `the host said ${isAll ? '' : '… '}${lines.join(', ')}`;
  }
}
