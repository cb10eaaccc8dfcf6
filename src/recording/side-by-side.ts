/**
 * A real module and an emulated one, told the same by one host: answer by answer, what the two have said since. The emulated
 * one hears a line when the real one has it whole, and never delays it.
 */
import type { ByteString } from '../base/bytes.js';
import { escapesFromBytes } from '../transcripts/escapes.js';
import type { DifferenceReport } from './difference-report.js';
import { differencesOf } from './differences.js';
import { type HostUnit, withoutEnd } from './host-talk.js';
import type { ModemUnit } from './modem-talk.js';
import type { DialogueListener } from './recorder.js';

/** The emulated modem, as its host has it. */
export interface Counterpart {
  write(bytes: ByteString): void;
  /** What it has said since it was last asked. */
  take(): ByteString;
  setEcho(echo: 'on' | 'off'): void;
}

export interface SideBySideParts {
  counterpart: Counterpart;
  report: DifferenceReport;
  /** Takes secrets out of what the host says. */
  hide: (bytes: ByteString) => ByteString;
}

/** Bytes of one answer that are compared. */
const mostCompared = 256 * 1024;

const finalResult = /^(?:OK|ERROR|\+CM[ES] ERROR:.*)\r?$/m;

export class SideBySide implements DialogueListener {
  readonly #parts: SideBySideParts;
  /** What the host said last; nothing is compared before it has spoken. */
  #asked: ByteString | undefined;
  #real: ByteString = '';
  /** The host's first words, until the real module's answer shows whether it echoes: no manual tells that. */
  #held: ByteString | undefined;
  #isBegun = false;

  constructor(parts: SideBySideParts) {
    this.#parts = parts;
  }

  host({ bytes }: HostUnit): void {
    this.#compare();
    this.#asked = bytes;
    if (this.#isBegun) return this.#parts.counterpart.write(bytes);
    this.#isBegun = true;
    this.#held = bytes;
  }

  modem({ bytes }: ModemUnit): void {
    if (this.#asked === undefined) return;
    if (this.#real.length < mostCompared) this.#real += bytes;
    if (this.#held === undefined) return;
    if (bytes.startsWith(withoutEnd(this.#held))) this.#release('on');
    else if (finalResult.test(bytes)) this.#release('off');
  }

  began(): void {}

  happened(): void {}

  /** The last answer is compared. */
  end(): void {
    this.#compare();
    this.#asked = undefined;
  }

  #release(echo: 'on' | 'off'): void {
    const held = this.#held!;
    this.#held = undefined;
    const { counterpart } = this.#parts;
    counterpart.setEcho(echo);
    // What it said by itself while it was starting.
    counterpart.take();
    counterpart.write(held);
  }

  #compare(): void {
    if (this.#asked === undefined) return;
    if (this.#held !== undefined) this.#release('off');
    const { counterpart, report, hide } = this.#parts;
    const emulated = counterpart.take();
    const command = escapesFromBytes(hide(withoutEnd(this.#asked)));
    report.answered(command, differencesOf(this.#real.slice(0, mostCompared), emulated.slice(0, mostCompared)));
    this.#real = '';
  }
}
