/**
 * The entries that try the format hardest: forms by argument count, failures told in four shapes, sub-names asked by
 * omission, arguments that exist with a setting alone. Played on the built-in grammars, those that answer nothing yet
 * (`status: absent`) brought to life in a copy.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { dialectOperations } from '../../../src/dialects/index.js';
import type { Dialect } from '../../../src/grammar/dialect.js';
import type { Library, Raw, Source } from '../../../src/grammar/document.js';
import { builtInLibrary } from '../../../src/grammar/library.js';
import { loadDialect } from '../../../src/grammar/load.js';
import { BareModule, type Circumstances } from './bare-module.js';
import { libraryOf } from './grammars.js';

const operations = Object.fromEntries(Object.entries(dialectOperations).map(([name, { spec }]) => [name, spec]));
let library: Library;

beforeAll(async () => {
  const builtIn = await builtInLibrary();
  library = libraryOf(Object.fromEntries(builtIn.names().map(name => [name, alive(builtIn.find(name)!)])));
});

function alive({ file, document }: Source): Source {
  const copy = structuredClone(document);
  for (const section of [copy.commands, copy.urcs]) {
    for (const entry of Object.values((section ?? {}) as Raw)) if (entry !== null) delete (entry as Raw).status;
  }
  return { file, document: copy };
}

const dialect = (name: string, overrides = {}): Dialect => loadDialect(name, library, { operations, overrides });

/** What reaches the host, without what is done for it. */
const written = (notes: readonly string[]): string[] =>
  notes.filter(note => /^(?:info|final|urc|raw|prompt|cme)/.test(note));

/** The text of the form that the arguments choose, or the word of the refusal. */
function formFor(module: BareModule, line: string): string {
  const chosen = module.choose(line);
  const [name = ''] = line.split('=');
  return typeof chosen === 'string' ? chosen : module.dialect.commands.get(name)!.set[chosen]!.text;
}

describe('+CMQTTSUB by argument count', () => {
  const collected = '<client_index>[,<dup>]';
  const inCommand = '<client_index>,<"topic">,<qos>[,<dup>]';
  const afterPrompt = '<client_index>,<length>,<qos>[,<dup>]';

  test.each([
    ['+CMQTTSUB=0', collected],
    ['+CMQTTSUB=0,1', collected],
    ['+CMQTTSUB=0,9,1', afterPrompt],
    ['+CMQTTSUB=0,9,1,0', afterPrompt],
    ['+CMQTTSUB=0,"topic",1', inCommand],
    ['+CMQTTSUB=2', 'bad-range'],
    ['+CMQTTSUB=0,9,1,0,0', 'bad-count'],
    ['+CMQTTSUB=0,1025,1', 'too-long'],
  ])('%s', (line, form) => {
    expect(formFor(new BareModule(dialect('simcom-a76xx')), line)).toBe(form);
  });

  test('one argument subscribes to what was collected before', () => {
    const module = new BareModule(dialect('simcom-a76xx'), { facts: { 'mqtt.state': 'up' }, data: ['one', 'twice'] });
    for (const [name, value] of [
      ['service', 'started'],
      ['CMQTTACCQ@0', true],
    ] as const)
      module.kept.set(name, value);
    expect(written(module.answer('+CMQTTSUB=0'))).toEqual(['info +CMQTTSUB: 0,18', 'final ERROR (failure)']);
    expect(written(module.answer('+CMQTTSUBTOPIC=0,3,1'))).toEqual(['prompt', 'final OK']);
    module.answer('+CMQTTSUBTOPIC=0,5,2');
    const rows = [
      { topic: 'one', qos: 1 },
      { topic: 'twice', qos: 2 },
    ];
    expect(written(module.answer('+CMQTTSUB=0'))).toEqual(['final OK', 'urc +CMQTTSUB: 0,0']);
    const asked = module.requests.find(request => 'name' in request && request.name === 'mqtt.subscribe');
    expect(asked).toMatchObject({ with: { topics: rows } });
    expect(module.kept.has('subtopics@0')).toBe(false);
  });
});

describe('the four shapes of a +CMQTTCONNECT that fails', () => {
  const command = '+CMQTTCONNECT=0,"tcp://broker.example:1883",60,1';

  function connect(shape: string, circumstances: Circumstances = {}): string[] {
    const module = new BareModule(dialect('simcom-a76xx', { 'connect-failure': shape }), {
      facts: { 'mqtt.state': 'idle' },
      ...circumstances,
    });
    module.kept.set('service', 'started');
    module.kept.set('CMQTTACCQ@0', true);
    return written(module.answer(command));
  }

  const failing = (outcome: string): Circumstances => ({
    facts: { 'mqtt.state': 'idle' },
    outcomes: { 'mqtt.open': [outcome] },
  });

  test.each([
    ['ok-then-line', 'refused', ['final OK', 'urc +CMQTTCONNECT: 0,3']],
    ['line-then-error', 'refused', ['info +CMQTTCONNECT: 0,3', 'final ERROR (failure)']],
    ['error-then-line', 'refused', ['final ERROR (failure)', 'urc +CMQTTCONNECT: 0,3']],
    ['error', 'refused', ['final ERROR (failure)']],
    ['by-cause', 'refused', ['info +CMQTTCONNECT: 0,3', 'final ERROR (failure)']],
    ['by-cause', 'dns-failed', ['final OK', 'urc +CMQTTCONNECT: 0,25']],
  ])('%s, %s', (shape, outcome, expected) => {
    expect(connect(shape, failing(outcome))).toEqual(expected);
  });

  test('one that does not fail', () => {
    expect(connect('by-cause')).toEqual(['final OK', 'urc +CMQTTCONNECT: 0,0']);
  });

  test('one that the broker refuses: OK for the link, then the code of the CONNACK', () => {
    const rejected = {
      outcomes: { 'mqtt.connect': [{ outcome: 'rejected', code: 5 }] },
      facts: { 'mqtt.state': 'idle' },
    };
    expect(connect('line-then-error', rejected)).toEqual(['final OK', 'urc +CMQTTCONNECT: 0,31']);
  });
});

describe('+QMTCFG: sub-names, asked by omission', () => {
  const module = () => new BareModule(dialect('quectel'));

  test.each([
    ['+QMTCFG="keepalive",0', ['info +QMTCFG: "keepalive",120', 'final OK']],
    ['+QMTCFG="timeout",0', ['info +QMTCFG: "timeout",5,3,0', 'final OK']],
    ['+QMTCFG="recv/mode",5', ['info +QMTCFG: "recv/mode",0,0', 'final OK']],
    ['+QMTCFG="will",0', ['info +QMTCFG: "will",0', 'final OK']],
    ['+QMTCFG="keepalive",0,60', ['final OK']],
    ['+QMTCFG="KEEPALIVE",0,60', ['final OK']],
    ['+QMTCFG="keepalive",0,3601', ['final ERROR (failure)']],
    ['+QMTCFG="keepalive",6', ['final ERROR (failure)']],
    ['+QMTCFG="keepalives",0', ['final ERROR (failure)']],
    ['+QMTCFG="timeout",0,5,3,0,1', ['final ERROR (failure)']],
    ['+QMTCFG="timeout"', ['final ERROR (failure)']],
  ])('%s', (line, expected) => {
    expect(written(module().answer(line))).toEqual(expected);
  });

  test('what is set is asked back, of that client alone; what is left out stays', () => {
    const set = module();
    set.answer('+QMTCFG="timeout",1,30,2,1');
    set.answer('+QMTCFG="timeout",1,20');
    set.answer('+QMTCFG="will",1,1,2,0,"gone","it is"');
    expect(written(set.answer('+QMTCFG="timeout",1'))).toEqual(['info +QMTCFG: "timeout",20,2,1', 'final OK']);
    expect(written(set.answer('+QMTCFG="timeout",0'))).toEqual(['info +QMTCFG: "timeout",5,3,0', 'final OK']);
    expect(written(set.answer('+QMTCFG="will",1'))).toEqual(['info +QMTCFG: "will",1,2,0,"gone","it is"', 'final OK']);
  });
});

describe('+CIPSTART by +CIPMUX', () => {
  /** What it does and writes; what it remembers is left aside. */
  function start(mux: 0 | 1, line: string, outcome = 'connected', wifi = 'addressed'): string[] {
    const module = new BareModule(dialect('esp8266'), {
      facts: { 'wifi.state': wifi, 'socket.state': 'idle' },
      outcomes: { 'socket.open': [outcome] },
    });
    module.answer(`+CIPMUX=${mux}`);
    return module.answer(line).filter(note => !note.startsWith('set '));
  }

  const tcp = 'do socket.open kind=tcp host=h port=80 keepalive=0';

  test.each([
    [0, '+CIPSTART="TCP","h",80', [tcp, 'info CONNECT', 'final OK']],
    [1, '+CIPSTART=4,"TCP","h",80', [tcp, 'info 4,CONNECT', 'final OK']],
    [
      0,
      '+CIPSTART="SSL","h",443,60',
      ['do socket.open kind=tls host=h port=443 keepalive=60', 'info CONNECT', 'final OK'],
    ],
    [0, '+CIPSTART="UDP","h",53', ['do socket.open kind=udp host=h port=53 mode=0', 'info CONNECT', 'final OK']],
    [
      1,
      '+CIPSTART=0,"UDP","h",53,1112,2',
      ['do socket.open kind=udp host=h port=53 local=1112 mode=2', 'info 0,CONNECT', 'final OK'],
    ],
  ] as const)('CIPMUX=%i: %s', (mux, line, expected) => {
    expect(start(mux, line)).toEqual(expected);
  });

  test.each([
    ['a link id without CIPMUX', 0, '+CIPSTART=0,"TCP","h",80', ['final ERROR (failure)']],
    ['no link id with it', 1, '+CIPSTART="TCP","h",80', ['info ID ERROR', 'final ERROR (failure)']],
    ['a link id out of range', 1, '+CIPSTART=5,"TCP","h",80', ['info ID ERROR', 'final ERROR (failure)']],
    ['another type', 0, '+CIPSTART="SCTP","h",80', ['info Link type ERROR', 'final ERROR (failure)']],
    ['a port out of range', 0, '+CIPSTART="TCP","h",70000', ['final ERROR (failure)']],
  ] as const)('%s is refused', (_, mux, line, expected) => {
    expect(start(mux, line).slice(-expected.length)).toEqual(expected);
    expect(start(mux, line)).not.toContain(tcp);
  });

  test.each([
    ['dns-failed', [tcp, 'info DNS Fail', 'final ERROR (failure)']],
    ['already', [tcp, 'info ALREADY CONNECTED', 'final ERROR (failure)']],
    ['refused', [tcp, 'final ERROR (failure)', 'urc 4,CLOSED']],
  ])('a link that fails: %s', (outcome, expected) => {
    expect(start(1, '+CIPSTART=4,"TCP","h",80', outcome)).toEqual(expected);
  });

  test('without an address of its own there is no link', () => {
    expect(start(0, '+CIPSTART="TCP","h",80', 'connected', 'joined')).toEqual(['info no ip', 'final ERROR (failure)']);
  });

  test('what comes in says its link, with CIPMUX alone', () => {
    const module = new BareModule(dialect('esp8266'), { facts: { 'socket.state': 'idle' } });
    const event = { bytes: 'ab', length: 2, address: '10.0.0.1', port: 80 };
    expect(module.hear('socket.data', event, { link: 3 })).toEqual(['raw urc \\r\\n+IPD,2:ab']);
    module.answer('+CIPMUX=1');
    expect(module.hear('socket.data', event, { link: 3 })).toEqual(['raw urc \\r\\n+IPD,3,2:ab']);
    expect(module.hear('socket.closed', {}, { link: 3 })).toEqual(['urc 3,CLOSED']);
  });
});
