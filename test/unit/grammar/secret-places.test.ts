import { describe, expect, test } from 'vitest';
import { parseCommandLine } from '../../../src/at/command-line.js';
import { openDialect } from '../../../src/dialects/open.js';
import { asksForSecret, secretPlaces, unreadArguments } from '../../../src/grammar/secret-places.js';

describe('where a line holds secrets', () => {
  test.each([
    ['luat', '+CPIN="1234"', ['"1234"']],
    ['luat', '+CSQ;+CPIN=1234;+MCONFIG="a","b","c"', ['1234', '"c"']],
    ['luat', '+MCONFIG="a"', []],
    ['luat', '+MCONFIG="a","b","c","d","e","f","g","h","i"', ['"a","b","c","d","e","f","g","h","i"']],
    ['luat', '+NOSUCH=1,"2"', ['1,"2"']],
    ['luat', '+CPIN="1234', ['"1234']],
    ['w800', '+CWJAP="lab","hunter2"', ['"hunter2"']],
  ])('%s %s', async (name, body, secrets) => {
    const dialect = await openDialect(name);
    const places = secretPlaces(body, parseCommandLine(body, dialect.style), dialect);
    expect(places.map(({ start, end }) => body.slice(start, end))).toEqual(secrets);
  });

  test('a place says what is written there, without quotes and escapes', async () => {
    const dialect = await openDialect('esp-at');
    const body = '+CWJAP="lab","a\\"b"';
    expect(secretPlaces(body, parseCommandLine(body, dialect.style), dialect)).toEqual([
      { start: 13, end: body.length, value: 'a"b' },
    ]);
  });

  test('what cannot be read is secret from its = on', () => {
    expect(unreadArguments('T+CPIN="1')).toEqual({ start: 7, end: 9 });
    expect(unreadArguments('T+CPIN?')).toBeUndefined();
  });
});

describe('which commands ask for a secret as data', () => {
  test.each([
    ['w800', '+MQTTLONGPASSWORD=0,8', true],
    ['w800', '+MQTTLONGCLIENTID=0,8', false],
    ['simcom-a76xx', '+CCERTDOWN="key.pem",1000', true],
    ['simcom-a76xx', '+CMQTTPAYLOAD=0,5', false],
    ['luat', '+NOSUCH=1', false],
  ])('%s %s: %s', async (name, body, asks) => {
    const dialect = await openDialect(name);
    const [command] = parseCommandLine(body, dialect.style).commands;
    expect(asksForSecret(command!, dialect)).toBe(asks);
  });
});
