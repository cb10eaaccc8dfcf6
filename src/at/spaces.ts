/** Spaces outside quotes, which most modules ignore [V.250 5.2.1]. No other white space reaches a command line. */
import type { ByteString } from '../base/bytes.js';
import type { LineStyle } from './style.js';

/** The first place from `at` on where no ignored space stands. */
export function skipSpaces(text: ByteString, at: number, style: LineStyle): number {
  if (style.spaces === 'kept') return at;
  while (text[at] === ' ') at++;
  return at;
}

/** `end` moved back over ignored spaces, but not before `start`. */
export function trimEnd(text: ByteString, start: number, end: number, style: LineStyle): number {
  if (style.spaces === 'kept') return end;
  while (end > start && text[end - 1] === ' ') end--;
  return end;
}
