/** What a comparison tells, one command after the other, and what came of it in the end. */
import { type ByteString, shorten } from '../base/bytes.js';
import { formatItem } from '../transcripts/format.js';
import type { Item } from '../transcripts/transcript.js';
import type { Difference } from './differences.js';

export interface ReportParts {
  /** What the two sides are called: `real` and `emulated`. */
  sides: { expected: string; actual: string };
  /** One line, or several. */
  tell: (text: string) => void;
  /** Takes secrets out. */
  hide?: (bytes: ByteString) => ByteString;
}

export class DifferenceReport {
  readonly #parts: ReportParts;
  #alike = 0;
  #otherValues = 0;
  #otherwise = 0;

  constructor(parts: ReportParts) {
    this.#parts = parts;
  }

  /** One thing that the host said was answered. @param command as it is told */
  answered(command: string, differences: readonly Difference[]): void {
    if (differences.length === 0) this.#alike += 1;
    else if (differences.every(({ kind }) => kind === 'value')) this.#otherValues += 1;
    else this.#otherwise += 1;
    if (differences.length === 0) return;
    const rows = differences.flatMap(difference => this.#rowsOf(difference));
    const width = Math.max(...rows.map(([label]) => label.length));
    const { expected, actual } = this.#parts.sides;
    const sideWidth = Math.max(expected.length, actual.length);
    const lines = rows.map(([label, side, text]) => `  ${label.padEnd(width)}  ${side.padEnd(sideWidth)}  ${text}`);
    this.#parts.tell([shorten(command), ...lines].join('\n'));
  }

  /** `12 answers: 10 alike, 1 with other values, 1 otherwise` */
  get summary(): string {
    const all = this.#alike + this.#otherValues + this.#otherwise;
    const answers = `${all} answer${all === 1 ? '' : 's'}`;
    return `${answers}: ${this.#alike} alike, ${this.#otherValues} with other values, ${this.#otherwise} otherwise`;
  }

  /** @param strict other values count too */
  isSame(strict: boolean): boolean {
    return this.#otherwise === 0 && (!strict || this.#otherValues === 0);
  }

  #rowsOf(difference: Difference): [label: string, side: string, text: string][] {
    const { expected, actual } = this.#parts.sides;
    switch (difference.kind) {
      case 'missing':
        return [['only', expected, this.#shown(difference.expected)]];
      case 'extra':
        return [['only', actual, this.#shown(difference.actual)]];
      default:
        return [
          [`another ${difference.kind}`, expected, this.#shown(difference.expected)],
          ['', actual, this.#shown(difference.actual)],
        ];
    }
  }

  #shown(item: Item): string {
    return shorten(formatItem(this.#hidden(item)));
  }

  #hidden(item: Item): Item {
    const { hide } = this.#parts;
    if (!hide || item.kind !== 'modem' || item.sends.layout === 'file') return item;
    const { sends } = item;
    if (sends.layout === 'exact') return { ...item, sends: { ...sends, bytes: hide(sends.bytes) } };
    const pieces = sends.pieces.map(piece => ('bytes' in piece ? { bytes: hide(piece.bytes) } : piece));
    return { ...item, sends: { ...sends, pieces } };
  }
}
