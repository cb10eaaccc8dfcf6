/**
 * Bytes on the AT side are latin1 strings: one character a byte, whatever the byte. Only the MQTT and Wi-Fi edge turns
 * them into text, with `utf8FromBytes`.
 */
export type ByteString = string;

export const toBuffer = (bytes: ByteString): Buffer => Buffer.from(bytes, 'latin1');
export const fromBuffer = (buffer: Buffer): ByteString => buffer.toString('latin1');

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text that the bytes spell in UTF-8, or undefined where they spell none. */
export function utf8FromBytes(bytes: ByteString): string | undefined {
  if (isAscii(bytes)) return bytes;
  try {
    return strict.decode(toBuffer(bytes));
  } catch {
    return undefined;
  }
}

export function utf8ToBytes(text: string): ByteString {
  return isAscii(text) ? text : fromBuffer(Buffer.from(text, 'utf8'));
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** For people: control bytes and bytes above 0x7E as `\r`, `\n`, `\x1A`; the rest as it is. */
export function visible(bytes: ByteString): string {
  let out = '';
  for (const char of bytes) {
    const code = char.charCodeAt(0);
    if (char === '\r') out += '\\r';
    else if (char === '\n') out += '\\n';
    else if (char === '\\') out += '\\\\';
    else if (code < 0x20 || code > 0x7e) out += `\\x${hexByte(code)}`;
    else out += char;
  }
  return out;
}

/** Two digits. */
export const hexByte = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');

/** Control, format (bidi overrides too) and line-separating characters, and halves of a pair. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Text of a stranger, for a terminal: what could move its cursor, or fake a line, becomes `\u001B`. The escapes are
 * those of JSON, so a line of JSON stays one.
 */
export function visibleText(text: string): string {
  return text.replace(unprintable, found => found.split('').map(escapeUnit).join(''));
}

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;

/** Characters of one line that a person is to read. */
const longestLine = 400;

export const shorten = (text: string): string =>
  text.length > longestLine ? `${text.slice(0, longestLine)}… (${text.length} characters)` : text;
