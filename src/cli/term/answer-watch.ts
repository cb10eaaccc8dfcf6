/**
 * When is a line answered? After its final result or a prompt, and a short quiet in which the URCs that belong to it come.
 * Where neither comes, patience ends. Lines that are pasted or piped wait for it, as a careful host does.
 */
import type { Clock, Timer } from '../../base/clock.js';

/** As people write final results: `OK`, `SEND OK`, `+MQTTPUB:FAIL`, `+CME ERROR: 3`, numbers after ATV0. */
const finalResult =
  /^(?:[0-8]|.*\b(?:OK|ERROR|FAIL|ERR)|\+CM[ES] ERROR: ?.*|ERR CODE:.*|CONNECT.*|busy .*|NO CARRIER|BUSY|NO ANSWER)$/;
const prompt = />\s*$/;

export interface Patience {
  /** How long nothing comes before all that belongs to an answer counts as come. */
  quiet: number;
  /** How long a line may go without an answer. */
  answer: number;
}

export class AnswerWatch {
  #timer: Timer | undefined;
  #settle: (() => void) | undefined;
  #isAnswered = false;
  #isAtPrompt = false;

  constructor(
    readonly clock: Clock,
    readonly patience: Patience,
  ) {}

  /** Call it before the line is sent. Data after a prompt need not be answered. */
  answered(): Promise<void> {
    const isData = this.#isAtPrompt;
    this.#isAnswered = isData;
    return this.#wait(isData ? this.patience.quiet : this.patience.answer);
  }

  quiet(): Promise<void> {
    this.#isAnswered = true;
    return this.#wait(this.patience.quiet);
  }

  heard(lines: readonly string[], unfinished: string): void {
    this.#isAtPrompt = prompt.test(unfinished);
    this.#isAnswered ||= this.#isAtPrompt || lines.some(line => finalResult.test(line));
    if (this.#settle && this.#isAnswered) this.#restart(this.patience.quiet);
  }

  #wait(ms: number): Promise<void> {
    return new Promise(resolve => {
      this.#settle = resolve;
      this.#restart(ms);
    });
  }

  #restart(ms: number): void {
    this.#timer?.cancel();
    this.#timer = this.clock.after(ms, () => {
      const settle = this.#settle;
      this.#settle = undefined;
      settle?.();
    });
  }
}
