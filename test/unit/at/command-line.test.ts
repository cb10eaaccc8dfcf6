import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type Command, parseCommandLine } from '../../../src/at/command-line.js';
import { type LineStyle, v250Style } from '../../../src/at/style.js';
import { fromBuffer } from '../../../src/base/bytes.js';

const single: LineStyle = { ...v250Style, chain: false, spaces: 'kept', strings: 'backslash', commaInString: 'splits' };

/** The command as it would be typed in full, so that a table reads like a manual. */
function spell({ name, form, args }: Command): string {
  switch (form) {
    case 'test':
      return `${name}=?`;
    case 'read':
      return `${name}?`;
    case 'set':
      return `${name}=${args}`;
    case 'execute':
      return name;
  }
}

const commandsOf = (body: string, style = v250Style) => parseCommandLine(body, style).commands.map(spell);

describe('the most commands of a line', () => {
  const three: LineStyle = { ...v250Style, maximumCommands: 3 };

  it.each(['+A;+B?;+C=1', 'E0Q0;+C;', 'E0'])('%s is within it', body => {
    expect(parseCommandLine(body, three).fault).toBeUndefined();
  });

  it.each(['+A;+B?;+C=1;+D', 'E0Q0V1X4'])('%s is past it, and none of it runs', body => {
    expect(parseCommandLine(body, three)).toMatchObject({ commands: [], fault: 'bad-line' });
  });
});

describe('commands of a line [V.250 5.2.2]', () => {
  test.each([
    ['', []],
    ['   ', []],
    ['I', ['I']],
    ['e0', ['E=0']],
    ['E', ['E']],
    ['E0Q0V1', ['E=0', 'Q=0', 'V=1']],
    ['V1 Q0 E0', ['V=1', 'Q=0', 'E=0']],
    ['E 0', ['E=0']],
    ['E?', ['E?']],
    ['&F', ['&F']],
    ['&F0&W', ['&F=0', '&W']],
    ['&C1&D2', ['&C=1', '&D=2']],
    ['&D=?', ['&D=?']],
    ['Z', ['Z']],
    ['S3=13', ['S3=13']],
    ['S3=', ['S3=']],
    ['S3?', ['S3?']],
    ['S003?', ['S3?']],
    ['S0=?', ['S0=?']],
    ['S7', ['S7']],
    ['S3=13 S4=10', ['S3=13', 'S4=10']],
    ['D*99***1#', ['D=*99***1#']],
    ['D 12345; ', ['D=12345;']],
    ['D', ['D']],
    ['E0DT5+CSQ;', ['E=0', 'D=T5+CSQ;']],
    ['+CSQ', ['+CSQ']],
    ['+csq', ['+CSQ']],
    ['+CREG?', ['+CREG?']],
    ['+CREG=?', ['+CREG=?']],
    ['+CREG=', ['+CREG=']],
    ['+CREG=2', ['+CREG=2']],
    ['+X=?1', ['+X=?1']],
    ['+CSQ;', ['+CSQ']],
    ['+CSQ;+CREG?', ['+CSQ', '+CREG?']],
    ['+CMEE=2;+CREG=1', ['+CMEE=2', '+CREG=1']],
    ['E0+CMEE=1;+CREG?', ['E=0', '+CMEE=1', '+CREG?']],
    ['+IPR=115200;&W', ['+IPR=115200', '&W']],
    [
      'E1Q0S0=1S3=13V1X4;+IFC=0,0;+IPR=115200',
      ['E=1', 'Q=0', 'S0=1', 'S3=13', 'V=1', 'X=4', '+IFC=0,0', '+IPR=115200'],
    ],
    [
      '^SYSINFO;*PSSTK?;$QCRMCALL=1;#SGACT=1,1;%RESTART',
      ['^SYSINFO', '*PSSTK?', '$QCRMCALL=1', '#SGACT=1,1', '%RESTART'],
    ],
    ['+CGDCONT=1,"IP","a;b";+CSQ', ['+CGDCONT=1,"IP","a;b"', '+CSQ']],
    ['+X="open;+CSQ', ['+X="open;+CSQ']],
    ['+X="a\\";+CSQ', ['+X="a\\"', '+CSQ']],
    [' + CREG = 2 ; + CSQ ', ['+CREG=2', '+CSQ']],
    ['+CPIN ?', ['+CPIN?']],
    ['+CREG = ?', ['+CREG=?']],
    ['+X= 1 2 , "a b" ;', ['+X=1 2 , "a b"']],
  ])('%j', (body, commands) => {
    expect(parseCommandLine(body, v250Style).fault).toBeUndefined();
    expect(commandsOf(body)).toEqual(commands);
  });

  it('an escaped quote does not end a string', () => {
    const style: LineStyle = { ...v250Style, strings: 'backslash' };
    expect(commandsOf('+X="a\\";b";+CSQ', style)).toEqual(['+X="a\\";b"', '+CSQ']);
  });

  test.each([
    ['?', [], 0],
    ['123', [], 0],
    [';', [], 0],
    ['+', [], 1],
    ['&', [], 1],
    ['&1', [], 1],
    ['+CSQ;;+CREG?', ['+CSQ'], 5],
    ['+CSQ;+CREG?x', ['+CSQ'], 11],
    ['+CSQ"', [], 4],
    ['+CREG?+CSQ', [], 6],
    ['E0\xe9', ['E=0'], 2],
    ['E0=1', ['E=0'], 2],
  ])('%j is bad', (body, before, at) => {
    expect(parseCommandLine(body, v250Style)).toMatchObject({ fault: 'bad-line', at });
    expect(commandsOf(body)).toEqual(before);
  });
});

describe('a module that takes one command a line', () => {
  test.each([
    ['E0', ['E=0']],
    ['+GMR', ['+GMR']],
    ['+CWMODE=?', ['+CWMODE=?']],
    ['+MQTTPUB=0,"t","a;b",0,0', ['+MQTTPUB=0,"t","a;b",0,0']],
    ['+X=1;+Y', ['+X=1;+Y']],
    ['+X= 1 ', ['+X= 1 ']],
  ])('%j', (body, commands) => expect(commandsOf(body, single)).toEqual(commands));

  test.each([
    ['E0Q1', 2],
    ['E0;', 2],
    ['+GMR;', 4],
    ['+GMR ', 4],
    [' +GMR', 0],
  ])('%j runs nothing', (body, at) => {
    expect(parseCommandLine(body, single)).toEqual({ commands: [], fault: 'bad-line', at });
  });
});

describe('places in the body', () => {
  it('let a log hide the arguments of one command', () => {
    const body = 'E0 + CPIN = "1234" ; S3=13 ; +CSQ';
    const hidden = parseCommandLine(body, v250Style).commands.map(
      ({ start, end, argsStart }) => `${body.slice(start, argsStart)}[${body.slice(argsStart, end)}]`,
    );
    expect(hidden).toEqual(['E[0]', '+ CPIN = ["1234"]', 'S3=[13]', '+CSQ[]']);
  });

  const signs = fc.constantFrom(...'ES&+*DZ0129=?;," \\AT', '\r', '\xff');
  const bodies = fc.oneof(
    fc.array(signs, { maxLength: 40 }).map(chars => chars.join('')),
    fc.uint8Array({ maxLength: 40 }).map(bytes => fromBuffer(Buffer.from(bytes))),
  );
  const styles = fc
    .record({
      chain: fc.boolean(),
      strings: fc.constantFrom('plain' as const, 'v250' as const, 'backslash' as const),
      commaInString: fc.constantFrom('kept' as const, 'splits' as const),
      spaces: fc.constantFrom('ignored' as const, 'kept' as const),
    })
    .map(some => ({ ...v250Style, ...some }));

  it('are right for any body, and no body is too much', () => {
    fc.assert(
      fc.property(bodies, styles, (body, style) => {
        const line = parseCommandLine(body, style);
        let last = 0;
        for (const { name, args, start, end, argsStart } of line.commands) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(argsStart).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(body.length);
          expect(body.slice(argsStart, end)).toBe(args);
          expect(body.slice(start, argsStart).toUpperCase().startsWith(name[0]!)).toBe(true);
          last = end;
        }
        if (line.fault !== undefined) expect(line.at).toBeGreaterThanOrEqual(last);
        if (line.fault === undefined) expect(body.slice(last).replace(/[ ;]/g, '')).toBe('');
      }),
      { numRuns: 1000 },
    );
  });

  it('a line of known commands is read back whole', () => {
    const extended = fc.tuple(
      fc.stringMatching(/^\+[A-Z][A-Z0-9]{0,6}$/),
      fc.constantFrom('', '?', '=?', '=1,"a;b"', '='),
    );
    fc.assert(
      fc.property(fc.array(extended), commands => {
        const typed = commands.map(([name, rest]) => name + rest);
        expect(commandsOf(typed.join(';'))).toEqual(typed);
      }),
    );
  });
});
