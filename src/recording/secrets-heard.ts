/**
 * A masked transcript against a host that says its real secrets: where a mask stands, anything may be said, and what was
 * said there is said back wherever the transcript has that mask. Pure.
 */
import type { ByteString } from '../base/bytes.js';
import { withoutEnd } from './host-talk.js';

/** As `masks.ts` makes them: `*****`, `****2`. */
const mask = /\*+\d*/g;
/** Shorter ones stand for too much: they are known only as part of their line. */
const shortest = 3;
/** What is said back. The oldest makes room. */
const mostKnown = 256;

export class SecretsHeard {
  /** Masks, and masked lines, with what they stand for. */
  readonly #known = new Map<ByteString, ByteString>();

  constructor(readonly isMasked: boolean) {}

  /** @returns how many bytes of `heard` are what stands there; undefined where they are something else */
  match(expected: ByteString, heard: ByteString): number | 'more' | undefined {
    if (this.#isPlain(expected)) return matchPlain(expected, heard);
    const text = withoutEnd(expected);
    const end = expected.slice(text.length);
    return end === '' ? this.#matchData(expected, heard) : this.#matchLine(text, end, heard);
  }

  /** With the secrets that were heard in the place of their masks. */
  restore(bytes: ByteString): ByteString {
    if (this.#isPlain(bytes)) return bytes;
    let restored = bytes;
    for (const [masked, secret] of [...this.#known].sort(([a], [b]) => b.length - a.length))
      restored = restored.replaceAll(masked, () => secret);
    return restored;
  }

  #isPlain(bytes: ByteString): boolean {
    return !this.isMasked || !bytes.includes('*');
  }

  /** A secret of another length is one too. */
  #matchLine(text: ByteString, end: ByteString, heard: ByteString): number | 'more' | undefined {
    const [head = '', ...rest] = text.split(mask);
    if (!heard.startsWith(head)) return head.startsWith(heard) ? 'more' : undefined;
    const place = heard.indexOf(end, head.length);
    if (place < 0) return /[\r\n]/.test(heard.slice(head.length, -1)) ? undefined : 'more';
    const secrets = between(heard.slice(head.length, place), rest);
    if (!secrets) return undefined;
    this.#learn(text, heard.slice(0, place));
    for (const [i, [masked]] of [...text.matchAll(mask)].entries()) this.#learn(masked, secrets[i]!);
    return place + end.length;
  }

  /** Nothing tells where data ends but its length. */
  #matchData(expected: ByteString, heard: ByteString): number | 'more' | undefined {
    const length = Math.min(expected.length, heard.length);
    for (let i = 0; i < length; i++) {
      const isMask = expected[i] === '*' || /\*\d*$/.test(expected.slice(Math.max(0, i - 3), i + 1));
      if (!isMask && expected[i] !== heard[i]) return undefined;
    }
    if (heard.length < expected.length) return 'more';
    this.#learn(expected, heard.slice(0, expected.length));
    return expected.length;
  }

  #learn(masked: ByteString, secret: ByteString): void {
    if (masked.length < shortest) return;
    this.#known.delete(masked);
    this.#known.set(masked, secret);
    if (this.#known.size > mostKnown) this.#known.delete(this.#known.keys().next().value!);
  }
}

function matchPlain(expected: ByteString, heard: ByteString): number | 'more' | undefined {
  if (heard.startsWith(expected)) return expected.length;
  return expected.startsWith(heard) ? 'more' : undefined;
}

/** What stands before each of these texts, which come in order and fill the rest; undefined where they do not. */
function between(bytes: ByteString, texts: readonly ByteString[]): ByteString[] | undefined {
  const found: ByteString[] = [];
  let at = 0;
  for (const [i, text] of texts.entries()) {
    const isLast = i === texts.length - 1;
    const place = isLast ? bytes.length - text.length : bytes.indexOf(text, at);
    if (place < at || !bytes.startsWith(text, place)) return undefined;
    found.push(bytes.slice(at, place));
    at = place + text.length;
  }
  return found;
}
