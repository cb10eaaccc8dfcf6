import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../../src/base/errors.js';
import { parseTranscript } from '../../../src/transcripts/parse.js';
import type { Item } from '../../../src/transcripts/transcript.js';

const itemsOf = (...lines: string[]) => parseTranscript(`dialect: luat\n\n${lines.join('\n')}\n`, 'a.at').items;
const line = (text: string) => ({ layout: 'line', pieces: [{ bytes: text }] });

describe('the header', () => {
  it('holds every key', () => {
    const text = `
# how a session looks
dialect: luat
name: greenhouse
date: 2026-01-31T12:00:00.250Z
given: luat/connected
set: style.busy=drop
set: URC=a=b
route: broker.example:8883=tls-mutual
route: other.example=refuse-5
route: server.example=peer-tls
route: *=[::1]:1883
file: ca.crt=test/fixtures/certs/ca.pem
ap: attic,secret,1
ap: 温度
sim: pin
power: every-open
echo: on
end: \\r\\n
timing: real
secrets: masked
brokers: aedes

> AT
`;
    expect(parseTranscript(text, 'a.at').header).toEqual({
      dialect: 'luat',
      name: 'greenhouse',
      date: Date.UTC(2026, 0, 31, 12, 0, 0, 250),
      given: 'luat/connected',
      settings: [
        { name: 'style.busy', value: 'drop' },
        { name: 'URC', value: 'a=b' },
      ],
      routes: [
        { pattern: 'broker.example:8883', target: { kind: 'endpoint', name: 'tls-mutual' } },
        { pattern: 'other.example', target: { kind: 'refuse', code: 5 } },
        { pattern: 'server.example', target: { kind: 'endpoint', name: 'peer-tls' } },
        { pattern: '*', target: { kind: 'address', host: '::1', port: 1883 } },
      ],
      files: [{ name: 'ca.crt', path: 'test/fixtures/certs/ca.pem' }],
      accessPoints: [{ ssid: 'attic', password: 'secret,1' }, { ssid: '温度' }],
      sim: 'pin',
      power: 'every-open',
      echo: 'on',
      end: '\r\n',
      timing: 'real',
      secrets: 'masked',
      brokers: ['aedes'],
    });
  });

  it('ends at the first blank line, with CR LF as well', () => {
    const transcript = parseTranscript('dialect: luat\r\n\r\n> AT\r\n< OK\r\n', 'a.at');
    expect(transcript.items.map(item => [item.kind, item.line])).toEqual([
      ['host', 3],
      ['modem', 4],
    ]);
  });
});

describe('an item', () => {
  const at = { line: 3, channel: 1 };
  const cases: [string, Item | object][] = [
    ['> AT+X="a\\r"', { kind: 'host', ...at, sends: line('AT+X="a\\r"') }],
    ['>', { kind: 'host', ...at, sends: { layout: 'line', pieces: [] } }],
    ['>  AT ', { kind: 'host', ...at, sends: line(' AT ') }],
    ['> 温', { kind: 'host', ...at, sends: line('\xE6\xB8\xA9') }],
    [
      '>| a\\r\\n\\t\\\\\\x1A温',
      { kind: 'host', ...at, sends: { layout: 'exact', bytes: 'a\r\n\t\\\x1A\xE6\xB8\xA9' } },
    ],
    ['>{ file ca.pem }', { kind: 'host', ...at, sends: { layout: 'file', file: 'ca.pem' } }],
    [
      '> AT+FSWRITE="c",0,{size ca.pem},15',
      {
        kind: 'host',
        ...at,
        sends: { layout: 'line', pieces: [{ bytes: 'AT+FSWRITE="c",0,' }, { sizeOf: 'ca.pem' }, { bytes: ',15' }] },
      },
    ],
    [
      '< +X: {port 2},{port 0}',
      {
        kind: 'modem',
        ...at,
        sends: { layout: 'framed', pieces: [{ bytes: '+X: ' }, { portOf: 2 }, { bytes: ',{port 0}' }] },
      },
    ],
    ['2> AT', { kind: 'host', ...at, channel: 2, sends: line('AT') }],
    ['< OK', { kind: 'modem', ...at, sends: { layout: 'framed', pieces: [{ bytes: 'OK' }] } }],
    ['<- +X: {"a":1}', { kind: 'modem', ...at, sends: line('+X: {"a":1}') }],
    ['<| \\r\\n>', { kind: 'modem', ...at, sends: { layout: 'exact', bytes: '\r\n>' } }],
    ['2<-', { kind: 'modem', ...at, channel: 2, sends: { layout: 'line', pieces: [] } }],
    [
      'b> t/1 | a | b',
      { kind: 'publish', line: 3, message: { topic: 't/1', qos: 0, retain: false, payload: 'a | b' } },
    ],
    [
      'b< 温 qos=2 retain |',
      { kind: 'delivery', line: 3, message: { topic: '温', qos: 2, retain: true, payload: '' } },
    ],
    [
      'b< a\\x20b | \\x00',
      { kind: 'delivery', line: 3, message: { topic: 'a b', qos: 0, retain: false, payload: '\0' } },
    ],
    ['p>| a\\r\\x00', { kind: 'peer-sends', line: 3, sends: { layout: 'exact', bytes: 'a\r\0' } }],
    ['2p>{ file ca.pem }', { kind: 'peer-sends', line: 3, link: 2, sends: { layout: 'file', file: 'ca.pem' } }],
    ['9p<| 温', { kind: 'peer-receives', line: 3, link: 9, receives: { layout: 'exact', bytes: '\xE6\xB8\xA9' } }],
    ['p<{ file ca.pem }', { kind: 'peer-receives', line: 3, receives: { layout: 'file', file: 'ca.pem' } }],
    ['p< opens', { kind: 'peer-sees', line: 3, event: 'opens' }],
    ['p< closes', { kind: 'peer-sees', line: 3, event: 'closes' }],
    ['3p< resets', { kind: 'peer-sees', line: 3, link: 3, event: 'resets' }],
    ['~ 500ms', { kind: 'pause', line: 3, milliseconds: 500 }],
    ['~ 1.5s', { kind: 'pause', line: 3, milliseconds: 1500 }],
    ['~< 12ms', { kind: 'pause', line: 3, milliseconds: 12, isAnswering: true }],
    ['~ 2m', { kind: 'pause', line: 3, milliseconds: 120_000 }],
    ['! broker resets', { kind: 'fault', line: 3, fault: { kind: 'broker', does: 'resets' } }],
    ['! peer closes', { kind: 'fault', line: 3, fault: { kind: 'peer', does: 'closes' } }],
    ['! peer resets 2', { kind: 'fault', line: 3, fault: { kind: 'peer', does: 'resets', link: 2 } }],
    ['! peer moves', { kind: 'fault', line: 3, fault: { kind: 'peer', does: 'moves' } }],
    ['! peer floods 300', { kind: 'fault', line: 3, fault: { kind: 'peer-floods', size: 300 } }],
    ['! peer floods 2k 3', { kind: 'fault', line: 3, fault: { kind: 'peer-floods', size: 2048, link: 3 } }],
    ['! peer floods 64M', { kind: 'fault', line: 3, fault: { kind: 'peer-floods', size: 67_108_864 } }],
    ['! peer connects 8080', { kind: 'fault', line: 3, fault: { kind: 'peer-connects', port: 8080 } }],
    ['! pdp lost', { kind: 'fault', line: 3, fault: { kind: 'pdp-lost' } }],
    ['! pdp lost 5', { kind: 'fault', line: 3, fault: { kind: 'pdp-lost', cid: 5 } }],
    ['! registration denied', { kind: 'fault', line: 3, fault: { kind: 'registration', state: 'denied' } }],
    ['! wifi back', { kind: 'fault', line: 3, fault: { kind: 'wifi', does: 'back' } }],
    ['! dte detaches', { kind: 'fault', line: 3, fault: { kind: 'dte', does: 'detaches', channel: 1 } }],
    ['! dte attaches 2', { kind: 'fault', line: 3, fault: { kind: 'dte', does: 'attaches', channel: 2 } }],
    ['! power off', { kind: 'fault', line: 3, fault: { kind: 'power', to: 'off' } }],
    [
      '! fault at.urc place=echo text=+CREG: 2, x',
      { kind: 'fault', line: 3, fault: { kind: 'injected', request: 'at.urc place=echo text=+CREG: 2, x' } },
    ],
    ['! fault over', { kind: 'fault', line: 3, fault: { kind: 'lifted' } }],
    ['! fault over line.chop', { kind: 'fault', line: 3, fault: { kind: 'lifted', name: 'line.chop' } }],
    ['! sim absent', { kind: 'fault', line: 3, fault: { kind: 'sim', state: 'absent' } }],
  ];

  it.each(cases)('%s', (text, item) => {
    expect(itemsOf(text, '> AT')[0]).toEqual(item);
  });

  it('keeps a comment', () => {
    expect(itemsOf('# why', '> AT')[0]).toEqual({ kind: 'comment', line: 3, text: 'why' });
  });
});

describe('a mistake is refused with place, found, expected and hint', () => {
  const body = (text: string) => `dialect: luat\n\n> AT\n${text}\n`;
  const cases: [string, string, string, Partial<OperatorError['details']>][] = [
    ['a header key', 'dialct: luat\n\n> AT', '1:1', { found: 'dialct', hint: 'Did you mean `dialect`?' }],
    ['no blank line', 'dialect: luat\n> AT', '2:1', { hint: 'Put a blank line between the header and the dialogue.' }],
    ['a key twice', 'dialect: luat\ndialect: w800\n\n> AT', '2:1', { found: 'dialect' }],
    ['an empty value', 'dialect:\n\n> AT', '1:9', { found: 'nothing' }],
    ['a value', 'dialect: luat\nsim: redy\n\n> AT', '2:6', { found: 'redy', hint: 'Did you mean `ready`?' }],
    ['a date', 'dialect: luat\ndate: 2026-01-31 12:00\n\n> AT', '2:7', { found: '2026-01-31 12:00' }],
    ['a date that is none', 'dialect: luat\ndate: 2026-13-31T12:00:00Z\n\n> AT', '2:7', {}],
    ['a broker', 'dialect: luat\nbrokers: aedes, mosqito\n\n> AT', '2:17', { found: 'mosqito' }],
    ['a setting', 'dialect: luat\nset: echo\n\n> AT', '2:6', { found: 'echo' }],
    ['a route', 'dialect: luat\nroute: a=tls-expird\n\n> AT', '2:10', { hint: 'Did you mean `tls-expired`?' }],
    ['a route port', 'dialect: luat\nroute: a=b:70000\n\n> AT', '2:10', { expected: '1 to 65535' }],
    ['a file', 'dialect: luat\nfile: ca=\n\n> AT', '2:7', { found: 'ca=' }],
    ['an escape in end', 'dialect: luat\nend: \\q\n\n> AT', '2:6', { found: '\\q' }],
    ['a peer target', 'dialect: luat\nroute: a=peer-tsl\n\n> AT', '2:10', { hint: 'Did you mean `peer-tls`?' }],
    [
      'a peer in the header',
      'dialect: luat\n2p< opens',
      '2:1',
      { found: '2p< opens', hint: 'Put a blank line between the header and the dialogue.' },
    ],
    ['no dialect', 'echo: on\n\n> AT', '1:1', { found: 'nothing' }],
    ['no dialogue', 'dialect: luat\n\n# nothing\n', '1:1', { found: 'nothing' }],
    [
      'a marker',
      body('AT'),
      '4:1',
      { found: 'AT', expected: '>, >|, >{, <, <-, <|, <{, b>, b<, p>|, p>{, p<, p<|, p<{, ~, ~<, ! or #' },
    ],
    ['no blank after the marker', body('<OK'), '4:2', { found: 'OK' }],
    ['a port', body('9> AT'), '4:1', { found: '9', expected: '1 to 4' }],
    ['exact nothing', body('<|'), '4:3', { found: 'nothing' }],
    ['an escape', body('>| ab\\x1'), '4:6', { found: '\\x1' }],
    ['a file item', body('>{ ca.pem }'), '4:2', { found: '{ ca.pem }' }],
    ['a message', body('b> t/1 hello'), '4:4', { found: 't/1 hello' }],
    ['a flag', body('b> t/1 qos=3 | x'), '4:8', { found: 'qos=3' }],
    ['a topic that is no UTF-8', body('b< \\xFF | x'), '4:4', { found: '\\xFF' }],
    ['a line of a peer', body('p> hello'), '4:3', { found: ' hello', expected: 'p>| bytes or p>{ file NAME }' }],
    ['no bytes of a peer', body('2p>|'), '4:5', { found: 'nothing' }],
    ['an escape of a peer', body('2p<| a\\q'), '4:7', { found: '\\q' }],
    ['a file of a peer', body('p<{ ca.pem }'), '4:3', { found: '{ ca.pem }' }],
    ['no blank after p<', body('p<closes'), '4:3', { found: 'closes' }],
    ['what a peer sees', body('p< close'), '4:4', { found: 'close', hint: 'Did you mean `closes`?' }],
    ['nothing that a peer sees', body('p<'), '4:3', { found: 'nothing' }],
    ['a number of what opens', body('2p< opens'), '4:5', { expected: 'p< opens' }],
    ['link 0', body('0p>| x'), '4:1', { found: '0', expected: '1 to 9' }],
    ['a time', body('~ 5'), '4:3', { found: '5' }],
    ['a time of an answer', body('~< 5'), '4:4', { found: '5' }],
    ['a fault', body('! broker close'), '4:3', { hint: 'Did you mean `! broker closes`?' }],
    ['a fault without a name', body('! fault'), '4:3', { found: 'fault' }],
    ['a fault of a peer', body('! peer close 2'), '4:3', { hint: 'Did you mean `! peer closes`?' }],
    ['a flood', body('! peer flood 1k'), '4:3', { hint: 'Did you mean `! peer floods`?' }],
    ['a link of a fault', body('! peer stalls 10'), '4:3', { expected: '`peer stalls [LINK]`; LINK is 1 to 9' }],
    [
      'a port to connect to',
      body('! peer connects 70000'),
      '4:3',
      { expected: '`peer connects PORT`; PORT is 1 to 65535' },
    ],
    ['no port to connect to', body('! peer connects'), '4:3', { found: 'peer connects' }],
    ['a number too many', body('! peer connects 80 1'), '4:3', { found: 'peer connects 80 1' }],
    [
      'a size',
      body('! peer floods 1K'),
      '4:3',
      { expected: '`peer floods SIZE [LINK]`; SIZE is 1 to 64M; LINK is 1 to 9' },
    ],
    ['a flood too large', body('! peer floods 65M'), '4:3', { found: 'peer floods 65M' }],
    ['a link with a unit', body('! peer closes 1k'), '4:3', { found: 'peer closes 1k' }],
    ['a number after a fault', body('! power on 1'), '4:3', { found: 'power on 1', expected: '`power on`' }],
    ['a port of a fault', body('! dte detaches 5'), '4:3', { expected: '`dte detaches [CHANNEL]`; CHANNEL is 1 to 4' }],
  ];

  it.each(cases)('%s', (_, text, place, details) => {
    const mistake = mistakeIn(text);
    expect(mistake.code).toBe('transcript');
    expect(mistake.message.startsWith(`x.at:${place}: `)).toBe(true);
    expect(mistake.details).toMatchObject(details);
    expect(mistake.details.expected ?? mistake.details.found).toBeTruthy();
  });
});

function mistakeIn(text: string): OperatorError {
  try {
    parseTranscript(text, 'x.at');
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}
