/** The result codes that V.250 gives a number, for the answers of V0 [V.250 5.7.1, table 1]. */
import type { ByteString } from '../base/bytes.js';

const numbers: ReadonlyMap<ByteString, number> = new Map([
  ['OK', 0],
  ['CONNECT', 1],
  ['RING', 2],
  ['NO CARRIER', 3],
  ['ERROR', 4],
  ['NO DIALTONE', 6],
  ['NO DIAL TONE', 6], // some modules spell it so
  ['BUSY', 7],
  ['NO ANSWER', 8],
]);

/** CONNECT with a rate. Modules have words of their own that begin alike (CONNECT OK, CONNECT FAIL) and have no number. */
const connectText = /^CONNECT \d/;

export function resultNumber(text: ByteString): number | undefined {
  return numbers.get(text) ?? (connectText.test(text) ? 1 : undefined);
}

/** Final result codes that stop a command line. */
export function isFailure(text: string): boolean {
  return /^(ERROR|FAIL|NO CARRIER|NO DIALTONE|BUSY|NO ANSWER|TimeOut|CMD .* ERR)$|(^|\W)(ERROR|FAIL)\b/.test(text);
}
