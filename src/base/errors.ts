/**
 * What the operator did wrong: a message with the place, what was found, what was expected and what to do.
 * What the host does wrong is never an exception; it is a word, which `errors:` of the grammar prints.
 */
export type OperatorErrorCode = 'usage' | 'config' | 'grammar' | 'port' | 'broker' | 'state' | 'control' | 'transcript';

const whileRunning: readonly OperatorErrorCode[] = ['port', 'broker', 'state', 'control'];

export interface Place {
  file: string;
  /** From 1. */
  line?: number;
  /** From 1. */
  column?: number;
}

export interface OperatorErrorDetails {
  place?: Place;
  /** The modem that it is about, by name. */
  modem?: string;
  found?: string;
  expected?: string;
  /** What to do about it, as a sentence. */
  hint?: string;
  cause?: unknown;
}

export class OperatorError extends Error {
  override readonly name = 'OperatorError';

  constructor(
    readonly code: OperatorErrorCode,
    readonly summary: string,
    readonly details: OperatorErrorDetails = {},
  ) {
    super(describe(summary, details), { cause: details.cause });
  }

  /** 2 for wrong usage, config or grammar; 1 for what fails while running. */
  get exitCode(): 1 | 2 {
    return whileRunning.includes(this.code) ? 1 : 2;
  }
}

/** `file:line:column`, as editors and terminals make it clickable. */
export function formatPlace({ file, line, column }: Place): string {
  return [file, line, line === undefined ? undefined : column].filter(part => part !== undefined).join(':');
}

function describe(summary: string, { place, found, expected, hint }: OperatorErrorDetails): string {
  const lines = [place ? `${formatPlace(place)}: ${summary}` : summary];
  if (found !== undefined) lines.push(`  found:    ${found}`);
  if (expected !== undefined) lines.push(`  expected: ${expected}`);
  if (hint !== undefined) lines.push(`  ${hint}`);
  return lines.join('\n');
}
