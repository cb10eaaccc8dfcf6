/**
 * The text of a transcript → header and items, with line numbers. Pure: opens no file, follows no `given`. Refuses the
 * first mistake with an OperatorError (code `transcript`) that points at it.
 */
import { parseHeader } from './header.js';
import { itemFrom } from './items.js';
import { refuse, type Span } from './mistakes.js';
import type { Transcript } from './transcript.js';

/** @param file how the text is called in messages */
export function parseTranscript(text: string, file: string): Transcript {
  const lines = text
    .split(/\r?\n/)
    .map((content, index): Span => ({ file, line: index + 1, column: 1, text: content }));
  const start = lines.findIndex(isSaying);
  const blank = lines.findIndex((line, index) => index > start && isBlank(line));
  const end = blank < 0 ? lines.length : blank;
  const header = parseHeader(lines.slice(0, end).filter(isSaying));
  const items = lines
    .slice(end)
    .filter(line => !isBlank(line))
    .map(itemFrom);
  requireSubstance({ file, header, items });
  return { file, header, items };
}

const isBlank = ({ text }: Span) => text.trim() === '';
const isSaying = (line: Span) => !isBlank(line) && !line.text.startsWith('#');

function requireSubstance({ file, header, items }: Transcript): void {
  const top: Span = { file, line: 1, column: 1, text: '' };
  if (header.dialect === undefined && header.given === undefined) {
    refuse(top, 'the header names no dialect', {
      expected: '`dialect: NAME`, or `given: TRANSCRIPT` to take it from there',
    });
  }
  if (items.every(item => item.kind === 'comment')) {
    refuse(top, 'no dialogue follows the header', { expected: 'a blank line, then items such as `> AT` and `< OK`' });
  }
}
