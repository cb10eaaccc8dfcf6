/** How a reader of transcripts says what is wrong, and where. */
import { OperatorError, type OperatorErrorDetails } from '../base/errors.js';

/** A stretch of one line of the file, and the column at which it begins there. */
export interface Span {
  file: string;
  line: number;
  /** From 1, in characters of the line. */
  column: number;
  text: string;
}

/** The same span from its n-th character on. */
export const from = (span: Span, start: number): Span => slice(span, start, span.text.length);

export const slice = (span: Span, start: number, end: number): Span => ({
  ...span,
  column: span.column + start,
  text: span.text.slice(start, end),
});

export function trimmed(span: Span): Span {
  const start = span.text.length - span.text.trimStart().length;
  return slice(span, start, Math.max(start, span.text.trimEnd().length));
}

/** Never returns. Says what stands there unless told otherwise. */
export function refuse(span: Span, summary: string, details: Omit<OperatorErrorDetails, 'place'> = {}): never {
  const { file, line, column, text } = span;
  const found = text === '' ? 'nothing' : text;
  throw new OperatorError('transcript', summary, { place: { file, line, column }, found, ...details });
}

/** Turns `did you mean x?` into a sentence, and nothing into no hint. */
export function hint(question: string): { hint?: string } {
  return question === '' ? {} : { hint: question.charAt(0).toUpperCase() + question.slice(1) };
}
