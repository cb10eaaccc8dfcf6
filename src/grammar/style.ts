/** `style` of a grammar: how lines are framed and read, with the defaults of V.250. */
import type { Style } from './dialect.js';
import type { Raw } from './document.js';
import type { Path, Problems } from './problems.js';

type Reader = {
  words?: readonly string[];
  kind: 'word' | 'number' | 'boolean' | 'text' | 'busy' | 'gap';
  initial: unknown;
};

const keys: Readonly<Record<string, Reader>> = {
  framing: { kind: 'word', words: ['v250', 'esp'], initial: 'v250' },
  lines: { kind: 'word', words: ['v250', 'esp'], initial: 'v250' },
  'line-limit': { kind: 'number', initial: 1024 },
  arguments: { kind: 'number', initial: 64 },
  echo: { kind: 'word', words: ['line', 'all', 'cr-crlf'], initial: 'line' },
  'data-echo': { kind: 'boolean', initial: true },
  'lf-at-prompt': { kind: 'word', words: ['swallow', 'payload', 'as-host'], initial: 'swallow' },
  chain: { kind: 'boolean', initial: true },
  strings: { kind: 'word', words: ['plain', 'v250', 'backslash'], initial: 'plain' },
  'comma-in-string': { kind: 'word', words: ['kept', 'splits'], initial: 'kept' },
  spaces: { kind: 'word', words: ['ignored', 'kept'], initial: 'ignored' },
  'quoted-numbers': { kind: 'word', words: ['accepted', 'refused'], initial: 'accepted' },
  prompt: { kind: 'text', initial: '\r\n>' },
  busy: { kind: 'busy', initial: 'queue' },
  'profile-at-power-on': { kind: 'word', words: ['recalled', 'ignored'], initial: 'recalled' },
  'urc-between': { kind: 'boolean', initial: false },
  'urc-port': { kind: 'word', words: ['issuer', 'all', 'first'], initial: 'issuer' },
  'urc-gap': { kind: 'gap', initial: 'by-timing' },
};

export const styleKeys = Object.keys(keys);

export function readStyle(raw: Raw, problems: Problems, path: Path = ['style']): Style {
  const value = (key: string): unknown => checked(key, raw[key] ?? keys[key]!.initial, problems, [...path, key]);
  for (const key of Object.keys(raw))
    if (!(key in keys)) problems.unknown([...path, key], 'key of `style`', key, styleKeys);
  const busy = value('busy') as string;
  return {
    framing: value('framing') as Style['framing'],
    lines: value('lines') as Style['lines'],
    lineLimit: value('line-limit') as number,
    maximumArguments: value('arguments') as number,
    echo: value('echo') as Style['echo'],
    dataEcho: value('data-echo') as boolean,
    lfAtPrompt: value('lf-at-prompt') as Style['lfAtPrompt'],
    chain: value('chain') as boolean,
    strings: value('strings') as Style['strings'],
    commaInString: value('comma-in-string') as Style['commaInString'],
    spaces: value('spaces') as Style['spaces'],
    quotedNumbers: value('quoted-numbers') === 'accepted',
    prompt: value('prompt') as string,
    busy: busy === 'queue' || busy === 'drop' ? busy : { text: busy },
    profileAtPowerOn: value('profile-at-power-on') as Style['profileAtPowerOn'],
    urcBetween: value('urc-between') as boolean,
    urcPort: value('urc-port') as Style['urcPort'],
    urcGap: value('urc-gap') as Style['urcGap'],
  };
}

function checked(key: string, value: unknown, problems: Problems, path: Path): unknown {
  const { kind, words, initial } = keys[key]!;
  if (kind === 'number') {
    const n = Number(value);
    if (Number.isInteger(n) && n > 0) return n;
    problems.add(path, `\`${key}\` is a whole number above 0`, { found: String(value) });
    return initial;
  }
  if (kind === 'gap') {
    if (value === 'by-timing') return value;
    const ms = Number(value);
    if (Number.isInteger(ms) && ms >= 0) return ms;
    problems.add(path, `\`${key}\` is a number of ms, or by-timing`, { found: String(value) });
    return initial;
  }
  if (kind === 'boolean') return value === true || value === 'true';
  if (kind === 'word' && !words!.includes(String(value))) {
    problems.unknown(path, `value of \`${key}\``, String(value), words!);
    return initial;
  }
  return String(value);
}
