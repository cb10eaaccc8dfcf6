/** What a text must be: the text itself, or `/a regular expression/` that is found in it. Pure. */
import { type ByteString, utf8FromBytes } from '../base/bytes.js';

export interface Pattern {
  /** As it was written. */
  readonly written: string;
  matches(text: string): boolean;
}

const expression = /^\/(.+)\/([imsu]*)$/s;

export const patternForms = 'a text, or a regular expression between slashes, such as /^1,/';

/** @returns undefined where the regular expression is none */
export function readPattern(written: string): Pattern | undefined {
  const [, source, flags] = expression.exec(written) ?? [];
  if (source === undefined) return { written, matches: text => text === written };
  try {
    const regex = new RegExp(source, flags);
    return { written, matches: text => regex.test(text) };
  } catch {
    return undefined;
  }
}

/** Patterns are written in UTF-8, and so is what a host says, as far as it is text; else each byte is a character. */
export const textOf = (bytes: ByteString): string => utf8FromBytes(bytes) ?? bytes;
