/** What passes between host, modem and broker, for people: one event a line, secrets hidden, control bytes escaped. */

import type { CommandLine } from '../at/command-line.js';
import { type ByteString, shorten, visible } from '../base/bytes.js';
import type { Dialect } from '../grammar/dialect.js';
import { type Place, secretPlaces, unreadArguments } from '../grammar/secret-places.js';

export interface DialogueLine {
  /** Wall time, ms since 1970. */
  at: number;
  modem: string;
  channel: number;
  /** `fault`: what was done to the run on purpose. */
  from: 'host' | 'modem' | 'broker' | 'fault';
  /** For `broker`: towards it or from it. */
  direction?: 'in' | 'out';
  /** For `modem`: nobody asked for it. */
  urc?: true;
  text: string;
}

/** A command line as a log may show it: secret arguments are `***`, and so is all that might be one. */
export function hideSecrets(body: ByteString, line: CommandLine, dialect: Dialect): string {
  return shorten(visible(withoutPlaces(body, secretPlaces(body, line, dialect))));
}

/** A line that no command line could be read from: it may be one that lost a byte. */
export function hideUnread(line: ByteString): string {
  const place = unreadArguments(line);
  return shorten(visible(withoutPlaces(line, place ? [place] : [])));
}

const withoutPlaces = (text: ByteString, places: readonly Place[]): ByteString =>
  places.reduceRight((shown, { start, end }) => `${shown.slice(0, start)}***${shown.slice(end)}`, text);

/** What the modem says may repeat a secret that it was told. */
export function hideValues(text: ByteString, secrets: ReadonlySet<string>): string {
  let shown = text;
  for (const secret of secrets) if (secret.length > 2) shown = shown.replaceAll(secret, '***');
  return shorten(visible(shown));
}
