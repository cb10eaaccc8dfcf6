/**
 * What of a modem's line may differ between two modules that behave alike: numbers, addresses, times, signal, identity. The
 * shape of a line is what is left when these are taken out. Pure.
 */
import { isFailure } from '../at/result-codes.js';
import type { ByteString } from '../base/bytes.js';

/** The name of what a line tells: its digits are its own. */
const responseName = /^\r?\n?[+^*#$%&][A-Z0-9_]+[:=]/i;

/** A number of a failure is no value but says which one it is. */
export function shapeOf(line: ByteString): ByteString {
  if (isFailure(line.trim())) return line;
  const [name = ''] = responseName.exec(line) ?? [];
  return name + withoutValues(line.slice(name.length));
}

const withoutValues = (text: ByteString): ByteString =>
  text
    .replace(/\b[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}\b/gi, 'MAC')
    .replace(/"(?=[0-9a-f]*\d)[0-9a-f]{2,}"/gi, '"#"')
    .replace(/(?<=^|[\s,:="])[-+](?=\d)/g, '')
    // Of a time zone.
    .replace(/(?<=\d)[-+](?=\d)/g, '±')
    .replace(/\d+/g, '#');
