import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTranscript } from '../../../src/transcripts/parse.js';
import { Corrections } from '../../support/corrections.js';
import { ReplayFailure } from '../../support/replay-report.js';
import { runTranscript } from '../../support/run-transcript.js';
import { type Split, splits } from '../../support/splits.js';
import { World } from '../../support/world.js';
import { createParrot } from './parrot.js';

let world: World;
beforeAll(async () => {
  world = await World.start('aedes');
});
afterAll(() => world.stop());

interface Extras {
  split?: Split;
  corrections?: Corrections;
}

function play(
  lines: string[],
  { split = 'whole', corrections }: Extras = {},
  header = 'dialect: parrot',
): Promise<void> {
  const transcript = parseTranscript([...header.split('\n'), '', ...lines].join('\n'), 'parrot.at');
  return runTranscript(transcript, { world, split, corrections, createModem: createParrot, patience: 300 });
}

async function failureOf(lines: string[], header?: string): Promise<ReplayFailure> {
  const failure: unknown = await play(lines, {}, header).catch((error: unknown) => error);
  if (failure instanceof ReplayFailure) return failure;
  throw new Error(`no ReplayFailure but ${failure}`);
}

describe('a transcript that tells the truth passes', () => {
  const dialogue = [
    '# everything a dialogue may hold',
    '> AT',
    '< OK',
    '2>| AT\\rAT\\r',
    '2< OK',
    '2<| \\r\\nOK\\r\\n',
    '> AT+SIZE=ca.pem',
    '< OK',
    '< {size ca.pem}',
    '> AT+LATER',
    '< OK',
    '~ 499ms',
    '~ 1ms',
    '< +LATER',
    '> AT+LATER',
    '~< 20ms',
    '< OK',
    '~< 480ms',
    '< +LATER',
    '> AT+DIAL',
    '< OK',
    '< CONNECT OK',
    'b> to/parrot qos=1 | hello\\x1A',
    '<| \\r\\n+MSUB: to/parrot,hello\\x1A\\r\\n',
    '> AT+PUB=from/parrot,one',
    '< OK',
    'b< from/parrot qos=1 | one',
    '> AT+PUB=from/parrot,two,retain',
    '< OK',
    'b< from/parrot qos=1 retain | two',
    '! pdp lost 3',
    '< PDP 3',
    '! wifi back',
    '< WIFI back',
    '! broker closes',
    '< CLOSED',
  ];
  it.each(splits)('split: %s', split => play(dialogue, { split }));

  it('reads boot lines where the header names a power policy', () =>
    play(['< READY', '! dte detaches', '! dte attaches', '< READY'], {}, 'dialect: parrot\npower: every-open'));

  it('cuts a link with RST', () => play(['> AT+DIAL', '< OK', '< CONNECT OK', '! broker resets', '< CLOSED']));

  it('holds everything back while the broker is silent', () =>
    play([
      ...['> AT+DIAL', '< OK', '< CONNECT OK', '! broker silent', 'b> to/parrot | held', '~ 10s'],
      ...['! broker back', '< +MSUB: to/parrot,held'],
    ]));

  it.each(['tls', 'tls-alpn', 'tls-mutual', 'wss'])('reaches no MQTT in the clear at %s', async target => {
    const failure = await failureOf(['> AT+DIAL', '< OK', '< CONNECT OK'], `dialect: parrot\nroute: *=${target}`);
    expect(failure.difference.actual).toBe('nothing');
  });
});

describe('a transcript that does not is refused', () => {
  it('shows the dialogue, and both byte strings escaped', async () => {
    const failure = await failureOf(['# why', '> AT', '< OK', '> AT+ERR', '< OK', '> AT']);
    expect(failure.message).toBe(
      [
        'parrot.at:7: the modem answered otherwise (on aedes, split: whole)',
        '',
        '  parrot.at',
        '     3  # why',
        '     4  > AT',
        '     5  < OK',
        '     6  > AT+ERR',
        '     7  < OK',
        '',
        '  expected: \\r\\nOK\\r\\n',
        '  actual:   \\r\\nERROR\\r\\n',
      ].join('\n'),
    );
  });

  const cases: [string, string[], string, string][] = [
    ['bytes that do not come', ['> AT', '< OK', '< +MORE'], '\\r\\n+MORE\\r\\n', 'nothing'],
    ['bytes that come late', ['> AT+SOON', '< OK'], 'nothing', '\\r\\n+SOON\\r\\n'],
    ['bytes before the next line', ['> AT+SOON', '< OK', '> AT', '< +SOON', '< OK'], 'nothing', '\\r\\n+SOON\\r\\n'],
    ['bytes before time moves', ['> AT+SOON', '< OK', '~ 1s', '< +SOON'], 'nothing', '\\r\\n+SOON\\r\\n'],
    ['a byte less', ['> AT', '<| \\r\\nOK\\r'], 'nothing', '\\n'],
    ['a timer that is not due', ['> AT+LATER', '< OK', '~ 499ms', '< +LATER'], '\\r\\n+LATER\\r\\n', 'nothing'],
    ['another port', ['> AT', '2< OK'], '\\r\\nOK\\r\\n', 'nothing'],
  ];
  it.each(cases)('%s', async (_, lines, expected, actual) => {
    expect((await failureOf(lines)).difference).toMatchObject({ expected, actual });
  });

  const connected = ['> AT+DIAL', '< OK', '< CONNECT OK'];
  const publish = (payload: string) => [`> AT+PUB=t,${payload}`, '< OK'];
  const messages: [string, string[], string, string][] = [
    ['a payload', [...publish('one'), 'b< t qos=1 | two'], 'b< t qos=1 | two', 'b< t qos=1 | one'],
    ['a QoS', [...publish('one'), 'b< t qos=2 | one'], 'b< t qos=2 | one', 'b< t qos=1 | one'],
    ['no message', ['b< t | one'], 'b< t | one', 'no message'],
    ['one more', [...publish('one'), 'b< t qos=1 | one', ...publish('two')], 'no message', 'b< t qos=1 | two'],
    ['not retained', [...publish('one'), 'b< t qos=1 retain | one'], 'b< t retain | one', 'no message'],
    ['retained', [...publish('one,retain'), 'b< t qos=1 | one'], 'no message', 'b< t retain | one'],
  ];
  it.each(messages)('at the broker: %s', async (_, lines, expected, actual) => {
    expect((await failureOf([...connected, ...lines])).difference).toMatchObject({ expected, actual });
  });
});

describe('a transcript leaves nothing to the next', () => {
  // The parrot's link with a kept session has a retained will, and it is cut without DISCONNECT.
  const kept = ['> AT+DIAL=keep', '< OK', '< CONNECT OK'];

  it('no session', async () => {
    await play(kept);
    await play(['> AT', '< OK', 'b> to/parrot qos=1 | nobody keeps this for the parrot', ...kept]);
  });

  it('no retained message', async () => {
    await play([...kept, '> AT+PUB=left,behind,retain', '< OK', 'b< left qos=1 retain | behind']);
    expect(await world.observer.takeRetained()).toEqual(new Map());
  });

  it('no will', async () => {
    await play(kept);
    await play(['> AT', '< OK', '! broker closes']);
    expect(world.observer.rest('will')).toEqual([]);
    expect(await world.observer.takeRetained()).toEqual(new Map());
  });
});

describe('UPDATE=1', () => {
  it('puts what came in the place of wrong lines, and nothing else', async () => {
    const before = ['> AT+ERR', '< OK', '# stays', '<- more', '', '> AT+SOON', '< OK', '> AT+ECHO', '< OK', '< on'];
    const after = ['> AT+ERR', '< ERROR', '# stays', '', '> AT+SOON', '< OK', '< +SOON', '> AT+ECHO', '< OK', '< off'];
    const corrections = new Corrections();
    await play(before, { corrections });
    const text = (lines: string[]) => ['dialect: parrot', '', ...lines].join('\n');
    expect(corrections.applyTo('parrot.at', text(before))).toBe(text(after));
  });
});
