import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { splitArguments } from '../../../src/at/arguments.js';
import { type LineStyle, v250Style } from '../../../src/at/style.js';
import { fromBuffer } from '../../../src/base/bytes.js';

const escaped: LineStyle = { ...v250Style, strings: 'backslash', commaInString: 'splits', spaces: 'kept' };
const hex: LineStyle = { ...v250Style, strings: 'v250' };

/** `-` omitted, `"x"` quoted, `x` bare. */
function spell(args: string, style: LineStyle): string[] {
  const shapes = { omitted: () => '-', quoted: (value: string) => `"${value}"`, bare: (value: string) => value };
  return splitArguments(args, style).arguments.map(({ kind, value }) => shapes[kind](value));
}

describe('arguments [V.250 5.4.2]', () => {
  test.each([
    ['', []],
    ['  ', []],
    ['1', ['1']],
    ['1,2', ['1', '2']],
    ['1,,2', ['1', '-', '2']],
    ['1,', ['1', '-']],
    [',', ['-', '-']],
    [',1', ['-', '1']],
    ['""', ['""']],
    ['1,"IP","cmnet"', ['1', '"IP"', '"cmnet"']],
    ['1,"IP","cmnet",,', ['1', '"IP"', '"cmnet"', '-', '-']],
    ['"a,b",c', ['"a,b"', 'c']],
    ['broker.example,1883', ['broker.example', '1883']],
    [' 1 , "a b" , c d ,', ['1', '"a b"', 'c d', '-']],
    ['ab"c,d"', ['ab"c', 'd"']],
    ['"\\22\\"', ['"\\22\\"']],
    ['"\xe6\xb8\xa9"', ['"\xe6\xb8\xa9"']],
  ])('%j', (args, expected) => {
    expect(splitArguments(args, v250Style).fault).toBeUndefined();
    expect(spell(args, v250Style)).toEqual(expected);
  });

  test.each([
    ['"say \\22hi\\22"', '"say "hi""'],
    ['"\\5C\\5c"', '"\\\\"'],
    ['"\\0D\\0A\\00"', '"\r\n\0"'],
    ['"a\\zz\\2"', '"a\\zz\\2"'],
  ])('hex escapes: %s', (args, value) => expect(spell(args, hex)).toEqual([value]));

  test.each([
    ['"\\"{\\"timestamp\\":\\"20201121085253\\"}\\""', '""{"timestamp":"20201121085253"}""'],
    ['"a\\,b\\\\c\\d"', '"a,b\\cd"'],
  ])('backslash escapes: %s', (args, value) => expect(spell(args, escaped)).toEqual([value]));

  test.each([
    ['{hex}"E6B8A9"', ['"\xe6\xb8\xa9"']],
    ['0, {hex}"2c22" ,1', ['0', '",""', '1']],
    ['{hex}"E6B"', ['{hex}"E6B"']],
    ['{hex}"wrong"', ['{hex}"wrong"']],
    ['{hex}""', ['{hex}""']],
    ['{hex}x,"{hex}41"', ['{hex}x', '"{hex}41"']],
    ['{hex}"41', []],
  ])('in hex behind a mark: %s', (args, expected) =>
    expect(spell(args, { ...v250Style, hexStringMark: '{hex}' })).toEqual(expected),
  );

  test.each([
    ['a string is not closed', '1,"abc', v250Style, 'unterminated', 2, ['1']],
    ['an escape hides the closing quote', '"abc\\"', escaped, 'unterminated', 0, []],
    ['a bare comma stands in a string', '0,"a,b"', escaped, 'unterminated', 2, ['0']],
    ['text follows a string', '1,"a"b', v250Style, 'after-string', 5, ['1']],
    ['quotes of a JSON text are not escaped', '0,"t","{"a":1}"', escaped, 'after-string', 9, ['0', '"t"']],
    ['a space follows a string, where spaces count', '"a" ,1', escaped, 'after-string', 3, []],
    ['there are too many', '1,2,3', { ...v250Style, maximumArguments: 2 }, 'too-many', 4, ['1', '2']],
    ['the one too many is omitted', '1,2,', { ...v250Style, maximumArguments: 2 }, 'too-many', 4, ['1', '2']],
  ] as const)('refuses when %s', (_, args, style, fault, at, before) => {
    expect(splitArguments(args, style)).toMatchObject({ fault, at });
    expect(spell(args, style)).toEqual(before);
  });

  it('as many as are allowed are allowed', () => {
    expect(spell('1,2', { ...v250Style, maximumArguments: 2 })).toEqual(['1', '2']);
  });
});

describe('any bytes', () => {
  const bytes = fc.uint8Array({ maxLength: 20 }).map(array => fromBuffer(Buffer.from(array)));
  const quoters: [string, LineStyle, (value: string) => string][] = [
    ['hex escapes', hex, value => value.replace(/["\\]/g, char => (char === '"' ? '\\22' : '\\5C'))],
    ['backslash escapes', escaped, value => value.replace(/["\\,]/g, '\\$&')],
  ];

  it.each(quoters)('come back from quotes with %s', (_, style, quote) => {
    fc.assert(
      fc.property(fc.array(bytes, { minLength: 1, maxLength: 8 }), values => {
        const args = values.map(value => `"${quote(value)}"`).join(',');
        expect(spell(args, style)).toEqual(values.map(value => `"${value}"`));
      }),
    );
  });

  it('are split or refused, with places that hold', () => {
    const signs = fc.array(fc.constantFrom('"', ',', '\\', ' ', 'a', '2', '\xff')).map(chars => chars.join(''));
    const styles = fc.constantFrom(v250Style, hex, escaped, { ...v250Style, maximumArguments: 3 });
    fc.assert(
      fc.property(fc.oneof(signs, bytes), styles, (args, style) => {
        const list = splitArguments(args, style);
        let last = 0;
        for (const { kind, value, start, end } of list.arguments) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(kind === 'omitted').toBe(start === end);
          if (kind === 'bare') expect(args.slice(start, end)).toBe(value);
          if (kind === 'quoted') expect(args[start]! + args[end - 1]!).toBe('""');
          last = end;
        }
        expect(list.arguments.length).toBeLessThanOrEqual(style.maximumArguments);
        if (list.fault !== undefined) expect(list.at).toBeGreaterThanOrEqual(last);
      }),
      { numRuns: 1000 },
    );
  });
});
