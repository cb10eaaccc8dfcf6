/** An exchange performed: what is written in which order, whose the port is, and how failures end it. */
import { describe, expect, test } from 'vitest';
import { BareModule, type Circumstances } from './bare-module.js';
import { dialectOf } from './grammars.js';

function play(exchange: string, circumstances: Circumstances = {}, line = '+X=1'): string[] {
  return moduleWith(exchange, circumstances).answer(line);
}

function moduleWith(exchange: string, circumstances: Circumstances = {}): BareModule {
  const text = `
errors: { failed: FAILED, other: [why, OTHER], coded: { cme: 767, text: Operation failed } }
parameters: { n: 0..9, text: bytes }
tables: { word: { ok: fine, failed: bad, refused: closed } }
state: { seen: { range: 0..9, factory: 0 } }
commands:
  '+X': { set: '<n>[,<text>]', exchange: ${exchange} }
`;
  return new BareModule(dialectOf(text), circumstances);
}

const open = 'do: mqtt.open, with: { host: "\'h\'", port: 1 }';
const opened = 'do mqtt.open host=h port=1';
const publish = 'do: mqtt.publish, with: { topic: "\'t\'", payload: text, qos: n }';

describe('whose the port is', () => {
  test('the command’s until its last final result, then URCs', () => {
    const exchange = '[{ info: a }, { raw: b }, { final: OK }, { info: c }, { raw: d }, { urc: e }]';
    expect(play(exchange)).toEqual(['info a', 'raw b', 'final OK', 'urc c', 'raw urc d', 'urc e']);
  });

  test('a final result before another does not release it', () => {
    const exchange = '[{ final: CONNECT }, { info: a }, { final: OK }, { info: b }]';
    expect(play(exchange)).toEqual(['final CONNECT (more follows)', 'info a', 'final OK', 'urc b']);
  });

  test('a failure before another final result ends the exchange', () => {
    const exchange = '[{ when: { n: 1 }, final: ERROR }, { info: a }, { final: OK }]';
    expect(play(exchange)).toEqual(['final ERROR (failure)']);
    expect(play(exchange, {}, '+X=2')).toEqual(['info a', 'final OK']);
  });

  test('a final result that only a failure would bring is no other', () => {
    const exchange = `[{ final: OK }, { ${open}, refused: { final: LATE } }, { urc: up }]`;
    expect(play(exchange)).toEqual(['final OK', opened, 'urc up']);
  });

  test('the last line of a list, a group and a good outcome', () => {
    expect(play('[{ steps: [{ info: [a, b] }, { final: OK }] }, { urc: c }]')).toEqual([
      'info a',
      'info b',
      'final OK',
      'urc c',
    ]);
    expect(play(`[{ ${open}, linked: { final: LINKED } }]`)).toEqual([opened, 'final LINKED']);
  });
});

describe('online data state', () => {
  const exchange = (more = '') => `[{ final: CONNECT }, { online: socket${more} }, { when: { n: 9 }, final: NEVER }]`;

  test('ends the exchange without a word, what stands below it too', () => {
    expect(play(exchange())).toEqual(['final CONNECT (more follows)', 'online', 'release']);
  });

  test.each(['escaped', 'lost', 'failed'])('%s: with the steps of that outcome', outcome => {
    const steps = `, ${outcome}: [{ info: '{outcome}' }, { final: OK }, { urc: after }]`;
    expect(play(exchange(steps), { outcomes: { online: [outcome] } })).toEqual([
      'final CONNECT (more follows)',
      'online',
      `info ${outcome}`,
      'final OK',
      'urc after',
    ]);
  });

  test.each([
    ['', { guard: 1000, guardAfter: 1000, gap: 1000, limit: 2048, packet: undefined }],
    [', guard: 2s, guard-after: 500ms, limit: 9', { guard: 2000, guardAfter: 500, gap: 2000, limit: 9 }],
    [', packet: 20ms, limit: n', { packet: 20, limit: 7 }],
    [', limit: text', { limit: 2048 }],
  ])('asks for what is written, else for the usual:%s', (more, request) => {
    const module = moduleWith(exchange(more));
    module.answer('+X=7');
    expect(module.requests).toEqual([expect.objectContaining({ escape: '+++', ...request })]);
  });

  test('that cannot begin is refused', () => {
    expect(play(exchange(), { outcomes: { online: ['failed'] } })).toEqual([
      'final CONNECT (more follows)',
      'online',
      'final FAILED (failure)',
    ]);
  });
});

describe('outcomes', () => {
  const ends = (outcome: string) => ({ outcomes: { 'mqtt.open': [{ outcome, cause: 'why' }] } });

  test('an ok one goes on, with its own steps first, else those of its family', () => {
    expect(play(`[{ ${open}, linked: { info: own }, ok: { info: any } }, { final: OK }]`)).toEqual([
      opened,
      'info own',
      'final OK',
    ]);
    expect(play(`[{ ${open}, ok: { info: any } }, { final: OK }]`)).toEqual([opened, 'info any', 'final OK']);
  });

  test('a failed one ends, with its own steps, else those of its family', () => {
    const exchange = `[{ ${open}, refused: { error: other }, failed: { info: '{outcome} {cause} {outcome|word}' } }, { final: OK }]`;
    expect(play(exchange, ends('refused'))).toEqual([opened, 'info why', 'final OTHER (failure)']);
    expect(play(exchange, ends('dns-failed'))).toEqual([opened, 'info dns-failed why bad', 'final FAILED (failure)']);
  });

  test('an unmapped failure is `failed` above the last final result, and silence below it', () => {
    expect(play(`[{ ${open} }, { final: OK }]`, ends('timeout'))).toEqual([opened, 'final FAILED (failure)']);
    expect(play(`[{ final: OK }, { ${open} }, { urc: up }]`, ends('timeout'))).toEqual(['final OK', opened]);
  });

  test('a cancelled act ends in silence below, whatever `failed` says', () => {
    const below = `[{ final: OK }, { ${open}, failed: { urc: lost } }, { urc: up }]`;
    expect(play(below, ends('lost'))).toEqual(['final OK', opened, 'urc lost']);
    expect(play(below, ends('cancelled'))).toEqual(['final OK', opened]);
    expect(play(below.replace('failed:', 'cancelled: { urc: gone }, failed:'), ends('cancelled'))).toEqual([
      'final OK',
      opened,
      'urc gone',
    ]);
  });

  test('a lenient failure counts only where it is mapped', () => {
    const subscribe = 'do: mqtt.subscribe, with: { topic: "\'t\'" }';
    const already = { outcomes: { 'mqtt.subscribe': ['already'] } };
    expect(play(`[{ ${subscribe} }, { final: OK }]`, already).at(-1)).toBe('final OK');
    expect(play(`[{ ${subscribe}, already: { error: other } }, { final: OK }]`, already).at(-1)).toBe(
      'final OTHER (failure)',
    );
    expect(play(`[{ ${subscribe}, failed: { error: other } }, { final: OK }]`, already).at(-1)).toBe('final OK');
  });

  test('progress is written while the act goes on', () => {
    const told: Circumstances = {
      progress: { 'mqtt.publish': [{ outcome: 'retried', count: 1 }, { outcome: 'received' }] },
      outcomes: { 'mqtt.publish': ['completed'] },
    };
    const exchange = `[{ final: OK }, { ${publish}, retried: { urc: 'again {count}' }, received: { urc: PUBREC }, completed: { urc: PUBCOMP } }]`;
    expect(play(exchange, told, '+X=2,"m"')).toEqual([
      'final OK',
      'do mqtt.publish topic=t payload=m qos=2',
      'urc again 1',
      'urc PUBREC',
      'urc PUBCOMP',
    ]);
  });

  test('the fields of a result are there from then on', () => {
    const made: Circumstances = { outcomes: { 'mqtt.connect': [{ outcome: 'connected', session: true }] } };
    const exchange = `[{ do: mqtt.connect, with: { client-id: "'c'" } }, { info: '{session}' }, { final: OK }]`;
    expect(play(exchange, made)).toEqual(['do mqtt.connect client-id=c', 'info true', 'final OK']);
  });
});

describe('refusing', () => {
  test.each([
    ['{ error: failed }', ['final FAILED (failure)']],
    ['{ error: other }', ['info why', 'final OTHER (failure)']],
    ['{ error: coded }', ['cme 767 Operation failed']],
  ])('%s', (step, expected) => {
    expect(play(`[${step}, { info: never }, { final: OK }]`)).toEqual(expected);
  });

  test('once the port is free there is nothing to refuse', () => {
    const exchange = `[{ final: OK }, { ${open}, refused: { error: failed } }, { urc: never }]`;
    expect(play(exchange, { outcomes: { 'mqtt.open': ['refused'] } })).toEqual(['final OK', opened]);
  });
});

describe('data', () => {
  const prompted = '[prompt, { data: text, count: n }, { info: "{text.length} {text}" }, { final: OK }]';

  test('a prompt, then what was typed', () => {
    expect(play(prompted, { data: ['abc'] })).toEqual(['prompt', 'info 3 abc', 'final OK']);
    expect(play(prompted.replace('prompt,', "{ prompt: '> ' },"), { data: ['abc'] })[0]).toBe('prompt > ');
  });

  test('what is asked for', () => {
    const exchange = `[{ data: text, until: [1A, '0x0D'], cancel: 1B, idle: 5s, within: n, silence: 500ms, limit: 9, secret: true }, { final: OK }]`;
    const module = new BareModule(
      dialectOf(`commands: { '+X': { set: <n>, parameters: { n: 1..9 }, exchange: ${exchange} } }`),
    );
    module.answer('+X=7');
    expect(module.requests[0]).toMatchObject({
      count: undefined,
      until: [0x1a, 0x0d],
      cancel: [0x1b],
      idle: 5000,
      within: 7000,
      silence: 500,
      limit: 9,
      secret: true,
    });
  });

  test.each([
    ['', 7000],
    ['unit: s', 7000],
    ['unit: ms', 7],
    ['unit: 100ms', 700],
  ])('a time in the parameter’s unit: %s', (unit, within) => {
    const exchange = '[{ data: text, count: 1, within: n }, { final: OK }]';
    const module = new BareModule(
      dialectOf(`commands: { '+X': { set: <n>, parameters: { n: { range: 1..9, ${unit} } }, exchange: ${exchange} } }`),
    );
    module.answer('+X=7');
    expect(module.requests[0]).toMatchObject({ within });
  });

  test('cancelled and timed out: mapped, or `failed`', () => {
    const cancelled = { data: [{ outcome: 'cancelled', bytes: 'ab' }] };
    const timeout = { data: [{ outcome: 'timeout', bytes: 'ab' }] };
    expect(play(prompted, cancelled)).toEqual(['prompt', 'final FAILED (failure)']);
    const mapped = prompted.replace(
      'count: n',
      'count: n, cancelled: { final: OK }, timeout: { final: "late {text}" }',
    );
    expect(play(mapped, cancelled)).toEqual(['prompt', 'final OK']);
    expect(play(mapped, timeout)).toEqual(['prompt', 'final late ab']);
  });

  test('a codec takes it apart, or refuses it', () => {
    const exchange = '[{ data: text, count: n, decode: "\'hex\'" }, { info: "{text}" }, { final: OK }]';
    expect(play(exchange, { data: ['3132'] })).toEqual(['info 12', 'final OK']);
    expect(play(exchange, { data: ['313'] })).toEqual(['final FAILED (failure)']);
  });
});

describe('repeating', () => {
  const entries = [{ fields: { topic: 'a', qos: 1 } }, { fields: { topic: 'b', qos: 0 } }];
  const lists = { 'mqtt.subscriptions': entries };

  test('for every entry, under its own condition', () => {
    const exchange = "[{ each: mqtt.subscriptions, info: '{topic} {qos}' }, { final: OK }]";
    expect(play(exchange, { lists })).toEqual(['info a 1', 'info b 0', 'final OK']);
    expect(play(exchange.replace('info:', 'when: { qos: 1 }, info:'), { lists })).toEqual(['info a 1', 'final OK']);
    expect(play(exchange)).toEqual(['final OK']);
  });

  test('for the entries of a result, and for plain values', () => {
    const taken = {
      outcomes: { 'mailbox.take': [{ outcome: 'taken', messages: entries.map(entry => entry.fields) }] },
    };
    expect(play("[{ do: mailbox.take }, { each: messages, info: '{topic}' }, { final: OK }]", taken).slice(1)).toEqual([
      'info a',
      'info b',
      'final OK',
    ]);
    const granted = { outcomes: { 'mqtt.subscribe': [{ outcome: 'subscribed', granted: [0, 128] }] } };
    const exchange =
      "[{ do: mqtt.subscribe, with: { topic: \"'t'\" } }, { each: granted, info: '{value}' }, { final: OK }]";
    expect(play(exchange, granted).slice(1)).toEqual(['info 0', 'info 128', 'final OK']);
  });

  test('what an entry brings is gone after it', () => {
    const exchange = "[{ each: mqtt.subscriptions, set: { seen: qos } }, { info: '{seen}' }, { final: OK }]";
    expect(play(exchange, { lists })).toEqual(['set seen=1', 'set seen=0', 'info 0', 'final OK']);
  });

  test.each([
    ['abcdefg', 'by: 3', ['3 abc true', '3 def false', '1 g false']],
    ['abcdefg', 'by: 3, less: n', ['2 ab true', '3 cde false', '2 fg false']],
    ['abcdef', 'by: 3', ['3 abc true', '3 def false']],
    ['ab', 'by: 3, less: 9', ['1 a true', '1 b false']],
    ['', 'by: 3', ['0  true']],
  ])('for every piece of %j, %s', (text, how, expected) => {
    const exchange = `[{ each: text, ${how}, info: '{length} {bytes} {first}' }, { final: OK }]`;
    expect(play(exchange, {}, `+X=1,"${text}"`)).toEqual([...expected.map(line => `info ${line}`), 'final OK']);
  });
});

describe('remembering and waiting', () => {
  test('in the order written', () => {
    expect(
      play(
        '[{ set: { seen: n } }, { after: 500ms }, { info: "{seen}" }, { clear: seen }, { info: "{seen}" }, { final: OK }]',
      ),
    ).toEqual(['set seen=1', 'wait 500 ms', 'info 1', 'clear seen', 'info 0', 'final OK']);
  });

  test('raw bytes of a group written together are one write', () => {
    expect(play('[{ together: true, steps: [{ raw: [a, b] }, { when: { n: 1 }, raw: c }] }, { final: OK }]')).toEqual([
      'raw abc',
      'final OK',
    ]);
    expect(play('[{ steps: [{ raw: [a, b] }, { when: { n: 1 }, raw: c }] }, { final: OK }]')).toEqual([
      'raw ab',
      'raw c',
      'final OK',
    ]);
  });

  test('`unless` with `when`: both count', () => {
    const exchange = '[{ when: { n: 1..5 }, unless: { n: 3 }, info: a }, { final: OK }]';
    expect([1, 3, 6].map(n => play(exchange, {}, `+X=${n}`).length)).toEqual([2, 1, 1]);
  });
});
