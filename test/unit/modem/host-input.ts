/**
 * What a host may send, as fast-check sees it: noise, the signs that mean something to a command line or a data phase, and
 * lines made from the dialect's own grammar, with right arguments and with wrong ones.
 */
import fc from 'fast-check';
import { type ByteString, fromBuffer } from '../../../src/base/bytes.js';
import type { CommandEntry, Dialect, SetForm } from '../../../src/grammar/dialect.js';
import type { Slot } from '../../../src/grammar/forms.js';
import type { Parameter, ParameterType, Span } from '../../../src/grammar/parameters.js';

const noise = fc.uint8Array({ minLength: 1, maxLength: 40 }).map(bytes => fromBuffer(Buffer.from(bytes)));

const signs = fc
  .array(
    fc.constantFrom(
      ...['A', 'T', 'a', 't', 'AT', '+', '&', '=', '?', '=?', ',', ';', '"', '\\', '/', 'A/', 'E0', 'E1', 'S3?'],
      ...[
        '\r',
        '\n',
        '\r\n',
        '\b',
        '\x7f',
        '\0',
        '\x1a',
        '\x1b',
        '\xff',
        '\xe6',
        ' ',
        '0',
        '1',
        '255',
        '-1',
        '>',
        '+++',
      ],
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map(parts => parts.join(''));

/** What a host gets wrong in an argument. */
const wrongArguments = [
  ...[
    '',
    '""',
    '"',
    '"open',
    '"a"b',
    'a"b"',
    '-1',
    '0',
    '99',
    '65536',
    '4294967296',
    '999999999999999999',
    '1e3',
    '0x10',
  ],
  ...[
    '1.5',
    'NaN',
    '"../../etc/passwd"',
    '"/"',
    '"a\0b"',
    '"\xff\xfe"',
    '"\xe6\xb8\xa9"',
    '"+/#"',
    '"#"',
    '\\',
    '"\\"',
  ],
  ...['"\\0', '?', '=', ';', '"a,b"', '  ', '"constructor"', '"__proto__"', '{outcome}', '"{@ready}"', '[', ']'],
  `"${'x'.repeat(300)}"`,
];

export interface InputOptions {
  mostPieces?: number;
  /** Only these. */
  commands?: RegExp;
}

/** Any host input: pieces of all kinds in a row, some glued, some ended by a line end. */
export function hostInput(
  dialect: Dialect,
  { mostPieces = 8, commands = /./ }: InputOptions = {},
): fc.Arbitrary<ByteString> {
  const command = commandOf([...dialect.commands.values()].filter(({ name }) => commands.test(name)));
  const line = fc.tuple(command, lineEnd).map(parts => parts.join(''));
  const piece = fc.oneof(
    { weight: 5, arbitrary: line },
    { weight: 1, arbitrary: noise },
    { weight: 2, arbitrary: signs },
    { weight: 1, arbitrary: chainOf(command) },
  );
  return fc.array(piece, { minLength: 1, maxLength: mostPieces }).map(pieces => pieces.join(''));
}

/** Offsets at which a write is cut. */
export const splitsOf = (bytes: ByteString): fc.Arbitrary<number[]> =>
  fc.oneof(
    fc.constant(Array.from(bytes, (_, i) => i + 1)),
    fc.array(fc.nat(bytes.length), { maxLength: 8 }).map(ends => ends.sort((a, b) => a - b)),
  );

const lineEnd = fc.constantFrom('\r', '\r\n', '\r\n', '\r\r', '');

const chainOf = (command: fc.Arbitrary<ByteString>): fc.Arbitrary<ByteString> =>
  fc
    .array(command, { minLength: 2, maxLength: 3 })
    .map(commands => `${commands.map((command, i) => (i === 0 ? command : command.slice(2))).join(';')}\r\n`);

function commandOf(entries: readonly CommandEntry[]): fc.Arbitrary<ByteString> {
  return fc.constantFrom(...entries).chain(entry => formOf(entry).map(form => `AT${entry.name}${form}`));
}

function formOf(entry: CommandEntry): fc.Arbitrary<ByteString> {
  const plain = fc.constantFrom('', '?', '=?', '=', '=,', '=1');
  if (entry.set.length === 0) return plain;
  const set = fc.constantFrom(...entry.set).chain(form => argumentsOf(form));
  const sign = /^[+*]/.test(entry.name) || /^S\d/.test(entry.name) ? '=' : '';
  return fc.oneof(
    { weight: 1, arbitrary: plain },
    { weight: 4, arbitrary: set.map(args => sign + args.join(',')) },
    { weight: 2, arbitrary: set.chain(spoilt).map(args => sign + args.join(',')) },
  );
}

/** One argument is wrong, too many or too few. */
function spoilt(args: readonly ByteString[]): fc.Arbitrary<readonly ByteString[]> {
  const place = fc.nat(Math.max(0, args.length - 1));
  const wrong = fc.constantFrom(...wrongArguments);
  return fc.oneof(
    fc.tuple(place, wrong).map(([at, value]) => args.map((arg, i) => (i === at ? value : arg))),
    place.map(count => args.slice(0, count)),
    wrong.map(value => [...args, value]),
  );
}

function argumentsOf({ shape, parameters }: SetForm): fc.Arbitrary<ByteString[]> {
  const written = (slot: Slot) =>
    slot.kind === 'literal' ? fc.constant(`"${slot.name}"`) : argumentOf(parameters.get(slot.name), slot.mustQuote);
  const required = shape.slots.filter(slot => !slot.optional);
  const repeated = shape.repeat?.slots ?? [];
  return fc
    .tuple(fc.boolean(), fc.nat(2))
    .chain(([isWhole, rows]) =>
      fc.tuple(
        ...[...(isWhole ? shape.slots : required), ...Array.from({ length: rows }, () => repeated).flat()].map(written),
      ),
    );
}

function argumentOf(parameter: Parameter | undefined, mustQuote: boolean): fc.Arbitrary<ByteString> {
  if (!parameter) return fc.constant('1');
  const { type } = parameter;
  if (type.kind === 'number') return numberOf(type.spans);
  return textOf(type).chain(text => fc.constantFrom(`"${text}"`, `"${text}"`, mustQuote ? `"${text}"` : text));
}

const numberOf = (spans: readonly Span[]): fc.Arbitrary<ByteString> =>
  fc
    .constantFrom(...spans)
    .chain(({ from, to = from + 100 }) =>
      fc.oneof(fc.integer({ min: from, max: Math.min(to, from + 20) }), fc.constantFrom(from, Math.min(to, 20_000))),
    )
    .map(String);

function textOf(type: Exclude<ParameterType, { kind: 'number' }>): fc.Arbitrary<ByteString> {
  switch (type.kind) {
    case 'word':
      return fc.constantFrom(...type.words);
    case 'url':
      return fc.constantFrom('tcp://broker.example:1883', 'tcp://broker.example');
    case 'host':
      return fc.constantFrom('broker.example', '127.0.0.1', 'nowhere.invalid', '::1');
    case 'file':
      return fc.constantFrom('a', 'ca.pem', 'a.bin');
    default:
      return fc.constantFrom(
        'a',
        'a/b',
        'hello',
        '\xe6\xb8\xa9\xe5\xba\xa6',
        '1234',
        'a'.repeat(Math.min(64, type.length.to ?? 64)),
      );
  }
}
