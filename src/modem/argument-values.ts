/** Arguments of operations as the core wants them: numbers, flags, bytes, text. */
import { type ByteString, toBuffer, utf8FromBytes } from '../base/bytes.js';
import { textOf, type Value } from '../grammar/values.js';

export const numberOf = (value: Value, otherwise: number): number => {
  const n = typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(n) ? n : otherwise;
};

export const isOn = (value: Value): boolean =>
  value === true || (typeof value === 'number' && value !== 0) || value === 'true' || value === 'on';

export const bytesOf = (value: Value): ByteString => textOf(value);

export const bufferOf = (value: Value): Buffer => (Buffer.isBuffer(value) ? value : toBuffer(textOf(value)));

/** Undefined stays undefined; '' is text like another. */
export const optionalBytes = (value: Value): ByteString | undefined =>
  value === undefined ? undefined : textOf(value);

/** The UTF-8 text that the bytes spell, or undefined. */
export const textFrom = (value: Value): string | undefined => utf8FromBytes(textOf(value));
