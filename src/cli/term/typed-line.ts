/** From a line that a person typed to the bytes that go to the modem. Pure. */
import type { ByteString } from '../../base/bytes.js';

export const lineEnds = { cr: '\r', crlf: '\r\n', lf: '\n' } as const satisfies Record<string, ByteString>;
export type LineEnd = keyof typeof lineEnds;

const byteNotation = /\\\\(?=x)|\\x([0-9A-Fa-f]{2})/g;
const bytesAlone = /^(?:\\x[0-9A-Fa-f]{2})+$/;

/**
 * `\x1A` is that byte, and a line of such bytes alone gets no line end: it closes data, or cancels it. Any other
 * backslash is the command's own; `\\x` is for who wants a backslash before an x.
 */
export function bytesOfLine(typed: ByteString, end: ByteString): ByteString {
  const bytes = withBytes(typed);
  return bytesAlone.test(typed) ? bytes : bytes + end;
}

export const withBytes = (typed: ByteString): ByteString =>
  typed.replace(byteNotation, (_, hex?: string) =>
    hex === undefined ? '\\' : String.fromCharCode(Number.parseInt(hex, 16)),
  );
