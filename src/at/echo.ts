/**
 * What the module sends back for a byte typed in command state [V.250 6.2.4].
 *
 * A line runs at its S3, so its answer may be on the wire before the LF of a CRLF has arrived; and `ATE0` must still be
 * echoed whole. Where the LF is echoed at all, its echo therefore goes out with that of S3, and the LF itself is
 * swallowed in silence: the same bytes in the same order, however the host's writes were cut up.
 */
import type { ByteString } from '../base/bytes.js';
import { LF } from './control-bytes.js';
import type { EchoStyle } from './style.js';

export function echoOf(byte: number, lineEnd: number, style: EchoStyle): ByteString {
  const typed = String.fromCharCode(byte);
  const isLineEnd = byte === lineEnd;
  switch (style) {
    case 'line':
      return typed;
    case 'all':
      return isLineEnd && byte !== LF ? `${typed}\n` : typed;
    case 'cr-crlf':
      if (byte === LF) return '\r\n';
      return isLineEnd ? `${typed}\r\n` : typed;
  }
}
