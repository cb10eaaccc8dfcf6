/** `style` of a grammar: how lines are framed and read, with the defaults of V.250. */
import type { Style } from './dialect.js';
import type { Node } from './node.js';

interface StyleKey<K extends keyof Style> {
  property: K;
  initial: Style[K];
  /** Undefined where the value is not one of its kind; the node has said so. */
  read(node: Node): Style[K] | undefined;
}

const words = <K extends keyof Style, W extends Style[K] & string>(
  property: K,
  initial: W,
  ...others: W[]
): StyleKey<K> => ({
  property,
  initial,
  read: node => node.word(`value of ${String(node.key)}`, [initial, ...others]),
});

/** Bounds may be moved, not taken away: input is hostile. */
const largestAmount = 1024 * 1024;

const amount = (
  property: 'lineLimit' | 'maximumArguments' | 'maximumCommands',
  initial: number,
): StyleKey<typeof property> => ({
  property,
  initial,
  read: node => node.whole(1, largestAmount),
});

const flag = (property: 'dataEcho' | 'chain' | 'urcBetween', initial: boolean): StyleKey<typeof property> => ({
  property,
  initial,
  read: node => node.flag(),
});

const keys = {
  framing: words('framing', 'v250', 'esp'),
  lines: words('lines', 'v250', 'esp'),
  'blank-line': words('blankLine', 'ignored', 'refused'),
  'line-limit': amount('lineLimit', 1024),
  arguments: amount('maximumArguments', 64),
  commands: amount('maximumCommands', Number.POSITIVE_INFINITY),
  echo: words('echo', 'line', 'all', 'cr-crlf'),
  'data-echo': flag('dataEcho', true),
  'lf-at-prompt': words('lfAtPrompt', 'swallow', 'payload', 'as-host'),
  chain: flag('chain', true),
  strings: words('strings', 'plain', 'v250', 'backslash'),
  'comma-in-string': words('commaInString', 'kept', 'splits'),
  'hex-string-mark': {
    property: 'hexStringMark',
    initial: '',
    read: node => node.text('what stands in front of the quotes of a string in hex'),
  } satisfies StyleKey<'hexStringMark'>,
  spaces: words('spaces', 'ignored', 'kept'),
  'quoted-numbers': {
    property: 'quotedNumbers',
    initial: true,
    read: node => {
      const word = node.word('value of quoted-numbers', ['accepted', 'refused']);
      return word && word === 'accepted';
    },
  } satisfies StyleKey<'quotedNumbers'>,
  prompt: {
    property: 'prompt',
    initial: '\r\n>',
    read: node => node.text('the bytes of a prompt'),
  } satisfies StyleKey<'prompt'>,
  busy: {
    property: 'busy',
    initial: 'queue',
    read: node => {
      const text = node.text('queue, drop, or the text to answer with');
      return text === undefined || text === 'queue' || text === 'drop' ? text : { text };
    },
  } satisfies StyleKey<'busy'>,
  'busy-sending': {
    property: 'busySending',
    initial: undefined,
    read: node => node.text('the text to answer with while bytes are being sent'),
  } satisfies StyleKey<'busySending'>,
  'profile-at-power-on': words('profileAtPowerOn', 'recalled', 'ignored'),
  'urc-between': flag('urcBetween', false),
  'urc-gap': {
    property: 'urcGap',
    initial: 'by-timing',
    read: node => (node.raw === 'by-timing' ? node.raw : node.whole(0)),
  } satisfies StyleKey<'urcGap'>,
  'urc-port': words('urcPort', 'issuer', 'all', 'first'),
};

export const styleKeys = Object.keys(keys);

/** @param base what holds where `style` says nothing */
export function readStyle(node: Node, base: Style = initialStyle()): Style {
  node.entries('a map of key: value');
  node.knowsKeys('key of `style`', styleKeys);
  const style: Record<string, unknown> = { ...base };
  for (const [key, { property, read }] of Object.entries(keys)) {
    const value = node.get(key).isGiven ? read(node.get(key)) : undefined;
    if (value !== undefined) style[property] = value;
  }
  return style as unknown as Style;
}

const initialStyle = () =>
  Object.fromEntries(Object.values(keys).map(({ property, initial }) => [property, initial])) as unknown as Style;
