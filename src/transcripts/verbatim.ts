/** What items have in common behind their markers: one blank, or bytes with escapes, or a file. */
import { bytesFromEscapes } from './escapes.js';
import { from, refuse, type Span } from './mistakes.js';
import type { Verbatim } from './transcript.js';

/** Every way in which a line of a dialogue may begin. */
export const markers = '>, >|, >{, <, <-, <|, <{, b>, b<, p>|, p>{, p<, p<|, p<{, ~, ~<, ! or #';

/** What follows a marker and its one blank. An empty line may lose the blank: editors cut it. */
export function afterBlank(line: Span, marked: number): Span {
  if (line.text.length === marked) return from(line, marked);
  if (line.text.charAt(marked) === ' ') return from(line, marked + 1);
  return refuse(from(line, marked), `one blank must follow \`${line.text.slice(0, marked)}\``, { expected: markers });
}

/** `| bytes` or `{ file NAME }`; undefined where neither begins. @param marked where it would */
export function verbatimFrom(line: Span, marked: number): Verbatim | undefined {
  switch (line.text.charAt(marked)) {
    case '|':
      return exactFrom(afterBlank(line, marked + 1));
    case '{':
      return fileFrom(from(line, marked));
    default:
      return undefined;
  }
}

function exactFrom(span: Span): Verbatim {
  if (span.text === '') refuse(span, 'no bytes stand here', { expected: 'bytes, with escapes such as \\r\\n' });
  return { layout: 'exact', bytes: bytesFromEscapes(span) };
}

function fileFrom(span: Span): Verbatim {
  const match = /^\{ *file +(\S+) *\}\s*$/.exec(span.text);
  return match
    ? { layout: 'file', file: match[1]! }
    : refuse(span, 'no file is named here', { expected: '{ file NAME }' });
}
