/** What is secret in a recording: where it stands, and wherever it comes again. */
import { describe, expect, test } from 'vitest';
import { openDialect } from '../../../src/dialects/open.js';
import { Masks } from '../../../src/recording/masks.js';
import type { Happening } from '../../../src/recording/recorder.js';
import { formatItem } from '../../../src/transcripts/format.js';
import { itemsOf, type Said, type SaidAt } from './said.js';

const masksOf = async (dialect: string, known: string[] = [], others: string[] = []) =>
  new Masks({
    dialect: await openDialect(dialect),
    others: await Promise.all(others.map(name => openDialect(name))),
    known: () => known,
  });

/** The lines that are recorded of this. */
async function recorded(dialect: string, said: readonly Said[], others?: string[]): Promise<string[]> {
  return itemsOf(
    said.map((each): SaidAt => [0, ...each]),
    await masksOf(dialect, [], others),
  ).map(formatItem);
}

describe('a line', () => {
  test.each([
    ['luat', 'AT+CSQ', 'AT+CSQ'],
    ['luat', 'AT+MPUB="a",0,0,"no secret"', 'AT+MPUB="a",0,0,"no secret"'],
    ['luat', 'AT+MCONFIG="id","user","hunter2"', 'AT+MCONFIG="id","user","*******"'],
    ['luat', 'AT+MCONFIG="id","user",""', 'AT+MCONFIG="id","user",""'],
    ['luat', 'AT+CSQ;+CPIN=1234;+CSQ', 'AT+CSQ;+CPIN=****;+CSQ'],
    ['luat', 'at+cpin="1234"', 'at+cpin="****"'],
    ['luat', 'AT+CPIN="1234","5678"', 'AT+CPIN="****","***2"'],
    ['luat', 'AT+NOSUCH=1,"two"', 'AT+NOSUCH=*,"***"'],
    ['luat', 'AT+MCONFIG="id","user","hunter2', 'AT+MCONFIG="**","****","*******'],
    ['luat', 'T+CPIN="1234"', 'T+CPIN="****"'],
    ['luat', 'a=b', 'a=b'],
  ])('of %s: %s', async (dialect, line, shown) => {
    expect(await recorded(dialect, [['>', `${line}\r`]])).toEqual([`> ${shown}`]);
  });

  test('of a command that the dialect does not know shows what those hide that do', async () => {
    const line: Said[] = [['>', 'AT+CWJAP="lab","hunter2"\r']];
    expect(await recorded('v250', line, ['w800', 'luat'])).toEqual(['> AT+CWJAP="lab","*******"']);
    expect(await recorded('v250', [['>', 'AT+CSQ=1\r']], ['luat'])).toEqual(['> AT+CSQ=1']);
    expect(await recorded('v250', line, ['luat'])).toEqual(['> AT+CWJAP="***","*******"']);
  });
});

describe('a secret that comes again', () => {
  const login: Said = ['>', 'AT+MCONFIG="id","user","hunter2"\r'];

  test.each<[string, Said[], string[]]>([
    [
      'in the echo',
      [login, ['<', 'AT+MCONFIG="id","user","hunter2"\r\r\nOK\r\n']],
      ['<| AT+MCONFIG="id","user","*******"\\r', '< OK'],
    ],
    ['in an answer', [login, ['<', '\r\n+MCONFIG: "hunter2"\r\n']], ['< +MCONFIG: "*******"']],
    ['in another line', [login, ['>', 'AT+MPUB="hunter2",0,0,"x"\r']], ['> AT+MPUB="*******",0,0,"x"']],
    ['in data', [login, ['<', '\r\n> '], ['>', 'my hunter2\x1A']], ['<| \\r\\n>\\x20', '>| my *******\\x1A']],
  ])('%s', async (_, said, lines) => {
    expect((await recorded('luat', said)).slice(1)).toEqual(lines);
  });

  test('has the same mask, and another one has another', async () => {
    const join = (password: string): Said => ['>', `AT+CWJAP="lab","${password}"\r\n`];
    const said = [join('hunter2'), join('hunter3'), join('hunter2'), join('secret')];
    expect(await recorded('w800', said)).toEqual([
      '> AT+CWJAP="lab","*******"',
      '> AT+CWJAP="lab","******2"',
      '> AT+CWJAP="lab","*******"',
      '> AT+CWJAP="lab","******"',
    ]);
  });

  test('is hidden before a shorter one that stands in it', async () => {
    const said: Said[] = [
      ['>', 'AT+CPIN=1234\r'],
      ['>', 'AT+MCONFIG="a","b","x1234y"\r'],
      ['<', '\r\nx1234y 1234\r\n'],
    ];
    expect((await recorded('luat', said)).at(-1)).toBe('< ****** ****');
  });

  test('shows where it is too short to be no accident', async () => {
    const said: Said[] = [
      ['>', 'AT+MCONFIG="a","b","OK"\r'],
      ['<', '\r\nOK\r\n'],
    ];
    expect(await recorded('luat', said)).toEqual(['> AT+MCONFIG="a","b","**"', '< OK']);
  });

  test('is hidden without its escapes too', async () => {
    const said: Said[] = [
      ['>', 'AT+CWJAP="lab","a\\"bcd"\r\n'],
      ['<', '+CWJAP:a"bcd\r\n'],
    ];
    expect(await recorded('esp-at', said)).toEqual(['> AT+CWJAP="lab","******"', '<- +CWJAP:*****']);
  });

  test('is known from elsewhere', async () => {
    const masks = await masksOf('luat', ['hunter2']);
    expect(masks.hide('+X: hunter2')).toBe('+X: *******');
  });

  test('is hidden in what the broker passes on', async () => {
    const masks = await masksOf('luat', ['hunter2']);
    const item: Happening = {
      kind: 'publish',
      line: 0,
      message: { topic: 'to/hunter2', payload: 'hunter2!', qos: 1, retain: false },
    };
    expect(formatItem(masks.hideIn(item))).toBe('b> to/******* qos=1 | *******!');
  });

  test('is forgotten after 256 others', async () => {
    const masks = await masksOf('luat');
    for (let i = 100; i < 400; i++) masks.maskOf(`secret ${i}`);
    expect(masks.hide('secret 100')).toBe('secret 100');
    expect(masks.hide('secret 399')).not.toContain('secret');
  });
});

describe('data', () => {
  test('is hidden whole where it is asked for as a secret', async () => {
    const said: Said[] = [
      ['>', 'AT+MQTTLONGPASSWORD=0,7\r\n'],
      ['<', '\r\nOK\r\n\r\n>'],
      ['>', 'hunter2'],
      ['<', '\r\nOK\r\n'],
      ['>', 'AT+MQTTUSERCFG?\r\n'],
      ['<', '+MQTTUSERCFG:0,1,"hunter2"\r\n'],
    ];
    expect(await recorded('w800', said)).toEqual([
      '> AT+MQTTLONGPASSWORD=0,7',
      '< OK',
      '<| \\r\\n>',
      '>| *******',
      '< OK',
      '> AT+MQTTUSERCFG?',
      '<- +MQTTUSERCFG:0,1,"*******"',
    ]);
  });

  test('is hidden where no prompt was seen, and a line follows', async () => {
    const said: Said[] = [
      ['>', 'AT+MQTTLONGPASSWORD=0,7\r\n'],
      ['<', '\r\nOK\r\n'],
      ['>', 'hunter2\r\n'],
      ['>', 'AT\r\n'],
    ];
    expect((await recorded('w800', said)).slice(2)).toEqual(['> *******', '> AT']);
  });
});

describe('a line that something comes between', () => {
  test('shows nothing of its arguments', async () => {
    const said: Said[] = [
      ['>', 'AT+MCONFIG="id","user","hun'],
      ['<', 'AT+MCONFIG="id","user","hun'],
      ['<', '\r\nRING\r\n'],
      ['>', 'ter2"\r'],
      ['<', 'ter2"\r\r\nOK\r\n'],
      ['>', 'AT+MPUB="hunter2",0,0,"x"\r'],
    ];
    const lines = await recorded('luat', said);
    expect(lines.join('\n')).not.toMatch(/hun|ter2|user/);
    expect(lines.map(line => line.length).slice(0, 2)).toEqual([30, 30]);
    expect(lines.at(-1)).toBe('> AT+MPUB="*******",0,0,"x"');
  });

  test('shows them where none can be secret', async () => {
    const said: Said[] = [
      ['>', 'AT+CREG=1'],
      ['<', '\r\nRING\r\n'],
      ['>', ';+CSQ\r'],
    ];
    expect(await recorded('luat', said)).toEqual(['>| AT+CREG=1', '< RING', '> ;+CSQ']);
  });
});
