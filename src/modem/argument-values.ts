/** Arguments of operations as the core wants them: numbers, flags, bytes, text. */
import { type ByteString, toBuffer, utf8FromBytes } from '../base/bytes.js';
import { textOf, type Value } from '../grammar/values.js';

export const numberOf = (value: Value, otherwise: number): number => {
  const n = typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(n) ? n : otherwise;
};

/** The same for what may be left out, which then stays so. */
export const optionalNumber = (value: Value, otherwise: number): number | undefined =>
  value === undefined ? undefined : numberOf(value, otherwise);

/** @param absent what counts where nothing is given */
export function isOn(value: Value, absent = false): boolean {
  if (value === undefined) return absent;
  return value === true || (typeof value === 'number' && value !== 0) || value === 'true' || value === 'on';
}

export const bytesOf = (value: Value): ByteString => textOf(value);

export const bufferOf = (value: Value): Buffer => (Buffer.isBuffer(value) ? value : toBuffer(textOf(value)));

/** The UTF-8 text that the bytes spell, or undefined. */
export const textFrom = (value: Value): string | undefined => utf8FromBytes(textOf(value));
