/** Where the command line writes: results to stdout, all else to stderr. Commands get it, so that a test can listen. */
import type { Writable } from 'node:stream';

export interface Output {
  /** One line, or several, of a result. */
  result(text: string): void;
  /** One line, or several, for people: what went wrong, the log, the live dialogue. */
  note(text: string): void;
}

/** Bytes that may wait for a reader of stderr. Modems wait for nobody, and memory is bounded. */
const mostWaiting = 1024 * 1024;

export class StreamOutput implements Output {
  #dropped = 0;

  constructor(
    readonly results: Writable,
    readonly notes: Writable,
  ) {}

  result(text: string): void {
    this.results.write(`${text}\n`);
  }

  note(text: string): void {
    if (this.notes.writableLength > mostWaiting) {
      this.#dropped += 1;
      return;
    }
    if (this.#dropped > 0) this.notes.write(`(${this.#dropped} messages are lost: nobody read them)\n`);
    this.#dropped = 0;
    this.notes.write(`${text}\n`);
  }
}

/** Where stdout is what a module says: what people are told goes beside it. */
export const besideStdout = (output: Output): Output => ({
  result: text => output.note(text),
  note: text => output.note(text),
});

/** A reader that has seen enough (`atmodem list | head -1`) is no failure; what comes later goes nowhere. */
export function tolerateClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** Columns as wide as their widest cell; the last one as it is. */
export function columns(rows: readonly (readonly string[])[], indent = ''): string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  return rows.map(row => (indent + row.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')).trimEnd());
}
