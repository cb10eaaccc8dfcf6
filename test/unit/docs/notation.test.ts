import { describe, expect, test } from 'vitest';
import { conditionText, exchangeLines, refusalsIn, refusalText } from '../../../src/docs/notation.js';

const words = {
  lines: { opened: '+OPEN: {@code}', code: '{outcome|result}' },
  errors: {
    'not-open': { cme: 601, text: 'MQTT not connected' },
    'bad-arguments': 'ERR',
    shut: ['SHUT', 'ERROR'],
    noted: [{ when: { command: '+A' }, set: { last: 1 } }, { final: 'ERROR' }],
  },
};

describe('an exchange as lines', () => {
  test.each([
    ['an information line', { info: ['a', 'b'] }, ['<  a', '<  b']],
    ['a final result', { final: 'OK' }, ['<  OK']],
    ['a URC, its named lines put in', { urc: '{@opened}' }, ['<< +OPEN: {outcome|result}']],
    ['exact bytes', { raw: '\r\n{x}' }, ['<| \\r\\n{x}']],
    ['a prompt', 'prompt', ['<| prompt']],
    ['a prompt of its own', { prompt: '\r\n> ' }, ['<| \\r\\n> ']],
    ['a refusal', { error: 'not-open' }, ['<  +CME ERROR: 601 (MQTT not connected)    (not-open)']],
    ['what is remembered', { set: { link: "'up'", host: null } }, ["*  remember link = 'up', host"]],
    [
      'an act for another than the command names',
      { at: { cid: 'pdpcid' }, set: { context: 1 } },
      ['at cid = pdpcid:', '    *  remember context = 1'],
    ],
    ['data by count', { data: 'bytes', count: 'length' }, ['>  bytes: length bytes']],
    [
      'data that is told of, and given up, while it comes',
      { data: 'bytes', count: 'length', silence: '30s', echo: false, acknowledge: { every: 1024, bytes: 'A' } },
      ['>  bytes: length bytes, given up after 30s without a byte'],
    ],
    [
      'data by its end',
      { data: 'bytes', until: ['1A'], cancel: ['1B'], cancelled: { final: 'OK' } },
      ['>  bytes: up to the byte 1A, 1B cancels', '    cancelled: <  OK'],
    ],
    [
      'an act with its outcomes',
      {
        do: 'mqtt.open',
        with: { host: null, port: 1883 },
        within: '75s',
        failed: { urc: 'FAIL' },
        ok: [{ urc: 'A' }, { urc: 'B' }],
      },
      [
        '*  mqtt.open  host, port = 1883  (within 75s)',
        '    failed: << FAIL',
        '    ok:',
        '        << A',
        '        << B',
      ],
    ],
    [
      'a link that port and host share',
      { online: 'socket', packet: '20ms', guard: '1s', escaped: { final: 'OK' }, lost: { final: 'NO CARRIER' } },
      ['*  online data on socket, a packet after 20ms without a byte', '    escaped: <  OK', '    lost: <  NO CARRIER'],
    ],
    ['a condition', { when: { CIPMUX: 0 }, info: 'x' }, ['when CIPMUX is 0:', '    <  x']],
    [
      'a repetition',
      { each: 'topics', unless: { n: 1 }, info: 'x' },
      ['unless n is 1, for each of topics:', '    <  x'],
    ],
  ])('%s', (_, step, lines) => {
    expect(exchangeLines([step], words)).toEqual(lines);
  });
});

test('conditions read as sentences', () => {
  expect(conditionText({ 'mqtt.state': 'up|linked', MCONFIG: 'given', path: 'omitted' })).toBe(
    'mqtt.state is up or linked, MCONFIG is given, path is not given',
  );
});

test.each([
  ['not-open', '+CME ERROR: 601 (MQTT not connected)'],
  ['bad-range', 'ERR'],
  ['shut', 'SHUT / ERROR'],
  ['noted', 'ERROR'],
  ['never-heard-of', 'ERROR'],
])('%s prints %s', (word, text) => {
  expect(refusalText(word, words)).toBe(text);
});

test('refusals are found wherever they stand', () => {
  expect(refusalsIn([{ do: 'x', failed: [{ error: 'a' }] }, { steps: [{ when: {}, error: 'b' }] }])).toEqual([
    'a',
    'b',
  ]);
});
