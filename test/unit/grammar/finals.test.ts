/** Which exchanges end on every path, and which forms can be reached. */
import { describe, expect, test } from 'vitest';
import { dialectOf } from './grammars.js';

function refusal(commands: string): string | undefined {
  try {
    dialectOf(`
settings: { shape: { word: long|short|none, default: long }, unset: { range: 0..1 } }
parameters: { n: 0..2, m: { range: 0..100, default: 0 }, text: text, link: { range: 0..4, only: { shape: long } } }
errors: { own: ERROR }
commands: ${commands}
`);
    return undefined;
  } catch (error) {
    return (error as Error).message.split('\n')[0]!.replace(/^\S+ /, '');
  }
}

describe('an exchange', () => {
  const open = 'do: mqtt.open, with: { host: "\'h\'", port: 1 }';
  const publish = 'do: mqtt.publish, with: { topic: text, payload: text }';

  test.each([
    ['{ final: OK }', true],
    ['{ error: own }', true],
    ['{ info: a }', false],
    ['[{ info: a }, { final: OK }, { urc: b }]', true],
    ['{ steps: [{ final: OK }] }', true],
    ['{ steps: [{ info: a }] }', false],
    ['{ each: mqtt.clients, final: OK }', false],
    ['{ online: socket }', true],
    ['{ when: { n: 0 }, final: OK }', false],
    ['[{ when: { n: 0 }, final: A }, { unless: { n: 0 }, final: B }]', true],
    ['[{ when: { n: 0 }, final: A }, { unless: { n: 1 }, final: B }]', false],
    ['[{ when: { m: 0..49 }, final: A }, { when: { m: 51..100 }, final: B }]', false],
    ['[{ when: { n: 0 }, final: A }, { when: { n: 1..2 }, final: B }]', true],
    ['[{ when: { n: 0 }, final: A }, { when: { n: 1 }, final: B }]', false],
    ['[{ when: { n: 0 }, steps: [{ final: A }] }, { when: { n: 1|2 }, error: own }]', true],
    ['[{ when: { m: 0 }, final: A }, { when: { m: 1..100 }, final: B }]', true],
    ['[{ when: { text: given }, final: A }, { when: { text: omitted }, final: B }]', true],
    ['[{ when: { text: some }, final: A }, { when: { text: none }, final: B }]', true],
    ['[{ when: { text: a }, final: A }, { when: { text: b }, final: B }]', false],
    ['[{ when: { shape: long|none }, final: A }, { when: { shape: short }, final: B }]', true],
    ['[{ when: { shape: long }, final: A }, { when: { shape: short }, final: B }]', false],
    ['[{ when: { unset: 0 }, final: A }, { when: { unset: 1 }, final: B }]', false],
    [
      '[{ when: { mqtt.state: up }, final: A }, { when: { mqtt.state: idle|dialling|linked|connecting|closing|lost }, final: B }]',
      true,
    ],
    ['[{ when: { signal.rssi: 0..99 }, final: A }, { when: { signal.rssi: 100.. }, final: B }]', false],
    ['[{ when: { clock.synchronised: true }, final: A }, { when: { clock.synchronised: false }, final: B }]', true],
    [
      '[{ when: { n: 0, shape: long }, final: A }, { when: { n: 0 }, unless: { shape: long }, final: B }, { unless: { n: 0 }, final: C }]',
      true,
    ],
    ['[{ when: { n: 0, shape: long }, final: A }, { unless: { n: 0 }, final: C }]', false],
    [`{ ${open}, linked: { final: OK } }`, true],
    [`{ ${open}, ok: { final: OK } }`, true],
    [`{ ${open}, linked: { info: a } }`, false],
    [`{ ${open}, refused: { final: OK } }`, false],
    [`{ ${publish}, sent: { final: OK } }`, false],
    [`{ ${publish}, sent: { final: A }, acknowledged: { final: B }, completed: { final: C } }`, true],
    [`{ ${publish}, sent: { final: A }, ok: { final: B } }`, true],
  ])('%s ends: %s', (exchange, ends) => {
    const expected = ends ? undefined : 'a path of the exchange ends without a final result';
    expect(refusal(`{ '+X': { set: '<n>,<m>[,<text>]', exchange: ${exchange} } }`)).toBe(expected);
  });

  test('an optional argument may be absent, a required one not', () => {
    const exchange = '[{ when: { n: 0 }, final: A }, { when: { n: 1..2 }, final: B }]';
    expect(refusal(`{ '+X': { set: '<n>', exchange: ${exchange} } }`)).toBeUndefined();
    expect(refusal(`{ '+X': { set: '[<n>]', exchange: ${exchange} } }`)).toBe(
      'a path of the exchange ends without a final result',
    );
    expect(refusal(`{ '+X': { set: '[<n>]', parameters: { n: 0..2 = 1 }, exchange: ${exchange} } }`)).toBeUndefined();
  });
});

describe('forms behind others', () => {
  const forms = (...texts: string[]) => `{ '+X': { exchange: { final: OK }, set: [${texts.join(', ')}] } }`;

  test.each([
    [["'<n>'", "'<m>'"], false],
    [["'<n>'", "'<n>,<m>'"], true],
    [["'<n>[,<m>]'", "'<n>,<m>'"], false],
    [["'<n>,<m>'", "'<n>[,<m>]'"], true],
    [["'<text>'", '\'<"text">\''], false],
    [['\'<"text">\'', "'<text>'"], true],
    [['\'"UDP",<n>\'', "'<text>,<n>'"], true],
    [["'<text>,<n>'", '\'"UDP",<n>\''], false],
    [['\'"UDP",<n>\'', '\'"TCP",<n>\''], true],
    [['\'"UDP",<n>\'', '\'"udp",<m>\''], false],
    [["{ form: '<n>', when: { shape: long } }", "'<n>'"], true],
    [["{ form: '<n>', when: { shape: long } }", "{ form: '<m>', when: { shape: long } }"], false],
    [["{ form: '<n>', when: { shape: long } }", "{ form: '<m>', when: { shape: short } }"], true],
    [["'<n>[,<m>]*3'", "'<n>,<m>,<m>'"], false],
    [["'<n>[,<m>]*3'", "'<n>,<m>,<m>,<m>,<m>'"], true],
    [["'<n>,<m>[,<text>,<text>]*2'", "'<n>,<m>,<text>'"], true],
    [["'[<link>,]<n>'", "'<n>'"], true],
    [["'[<link>,]<n>'", "'[<link>,]<m>'"], false],
    [["'[<link>,]<n>'", "'[<link>,]<n>,<m>'"], true],
  ])('%j can be reached: %s', (texts, reached) => {
    expect(refusal(forms(...texts))).toBe(reached ? undefined : 'a form that can never be reached');
  });
});
