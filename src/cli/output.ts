/** Where the command line writes: results to stdout, all else to stderr. Commands get it, so that a test can listen. */
export interface Output {
  /** One line, or several, of a result. */
  result(text: string): void;
  /** One line, or several, for people. */
  note(text: string): void;
}

export const processOutput: Output = {
  result: text => void process.stdout.write(`${text}\n`),
  note: text => void process.stderr.write(`${text}\n`),
};

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
  return rows.map(
    row =>
      indent +
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
  );
}
