import { describe, expect, it } from 'vitest';
import { Corrections } from '../../support/corrections.js';
import { splits } from '../../support/splits.js';
import { ask, firstLine, peerWorld, play, tcp, tls, udp } from './peer-dialogue.js';

const world = peerWorld();

describe.each(splits)('a dialogue with peers, split: %s', split => {
  const plays = (name: string, lines: readonly string[]) => it(name, () => play(world(), lines, { split }));

  describe.each([
    ['TCP', tcp],
    ['TLS', tls],
  ])('over %s', (_, open) => {
    plays('has bytes both ways', [
      ...open(),
      ...ask('AT+SEND=1,ping'),
      'p<| ping',
      'p>| pong\\x00',
      '<| \\r\\n+RX 1: pong\\x00\\r\\n',
    ]);

    plays('does not see how a stream was cut', [
      ...open(),
      ...ask('AT+SEND=1,abc'),
      ...ask('AT+SEND=1,def'),
      'p<| a',
      'p<| bcde',
      'p<| f',
    ]);

    plays('has files', [
      ...open(),
      ...ask('AT+FILE=1,ca.der'),
      'p<{ file ca.der }',
      'p>{ file ca.der }',
      ...['<| \\r\\n+RX 1: ', '<{ file ca.der }', '<| \\r\\n'],
    ]);

    plays('sees that a link opens, and that the modem closes it behind its last bytes', [
      ...open(),
      'p< opens',
      ...ask('AT+SEND=1,bye'),
      ...ask('AT+END=1', 'CLOSED 1'),
      'p<| bye',
      'p< closes',
    ]);

    plays('sees that the modem drops a link', [...open(), 'p>| a', '< +RX 1: a', ...ask('AT+DROP=1'), 'p< closes']);
    plays('sees that the modem resets a link', [...open(), 'p< opens', ...ask('AT+RESET=1'), 'p< resets']);

    plays('closes a link', [...open(), '! peer closes', '< CLOSED 1', 'p< closes']);
    plays('resets a link', [...open(), '! peer resets', '< FAILED 1 ECONNRESET']);

    plays('reads no more, and reads again', [
      ...open(),
      '! peer stalls',
      ...ask('AT+SEND=1,held'),
      ...ask('AT+END=1'),
      '~ 1s',
      '! peer reads',
      'p<| held',
      'p< closes',
      '< CLOSED 1',
    ]);

    plays('floods', [...open(), ...ask('AT+COUNT=1,1048577'), '! peer floods 1M', '! peer floods 1', '< COUNTED 1']);
  });

  plays('names links by their order', [
    ...tcp(1),
    ...tls(2),
    '2p>| two',
    '< +RX 2: two',
    '1p>| one',
    '< +RX 1: one',
    'p>| newest',
    '< +RX 2: newest',
    '! peer closes 1',
    '< CLOSED 1',
    '1p< closes',
    '! peer floods 1 2',
    '<| \\r\\n+RX 2: \\x00\\r\\n',
  ]);

  plays('goes on to a link that opens later', [
    ...tcp(1),
    'p< opens',
    ...ask('AT+END=1', 'CLOSED 1'),
    'p< closes',
    ...tcp(2),
    'p< opens',
    'p>| hello',
    '< +RX 2: hello',
  ]);

  plays('waits for what the modem sends in its time', [
    ...tcp(),
    'p< opens',
    ...ask('AT+LATER=1,late'),
    '~ 499ms',
    '~ 1ms',
    'p<| late',
  ]);

  plays('keeps the borders of datagrams, and answers who sent last', [
    ...udp(1),
    ...udp(2),
    ...ask('AT+SEND=1,one'),
    ...ask('AT+SEND=2,two'),
    'p<| one',
    'p<| two',
    'p>| three',
    '< +RX 2: three',
  ]);

  plays('lets a UDP peer move, and hears it at both places', [
    ...udp(),
    ...ask('AT+SEND=1,a'),
    'p<| a',
    'p>| b',
    '< +RX 1: b',
    '! peer moves',
    'p>| c',
    '< +RX 1 from elsewhere: c',
    ...ask('AT+SEND=1,home'),
    'p<| home',
    ...ask('AT+ANSWER=1,new place'),
    'p<| new place',
  ]);

  plays('has TCP beside UDP', [
    ...tcp(1),
    'p< opens',
    ...udp(2),
    ...ask('AT+SEND=2,a'),
    '2p<| a',
    '1p>| b',
    '< +RX 1: b',
    'p>| c',
    '< +RX 2: c',
  ]);

  plays("calls the modem's own server", [
    ...tcp(1),
    'p< opens',
    ...ask('AT+LISTEN=8080'),
    '! peer connects 8080',
    '< CALLER 2',
    'p>| hello',
    '< +RX 2: hello',
    ...ask('AT+SEND=2,welcome'),
    'p<| welcome',
    '! peer closes',
    '< CLOSED 2',
    'p< closes',
  ]);

  plays('names a port that only the run knows, in what the modem says and what the host sends', [
    ...tcp(1),
    'p< opens',
    ...ask('AT+PORT=1', 'PORT 1 {port 1}'),
    ...ask('AT+LISTEN=8080'),
    '! peer connects 8080',
    '< CALLER 2',
    ...ask('AT+PORT=2,{port 2}', 'RIGHT'),
    ...udp(3),
    ...ask('AT+SEND=3,a'),
    '3p<| a',
    '! peer moves',
    'p>| b',
    '< +RX 3 from elsewhere: b',
    ...ask('AT+PORT=3', 'PORT 3 {port 3}'),
  ]);
});

describe('no link comes to a peer', () => {
  it.each([
    ['whose certificate has expired', 'peer-tls-expired', 'CERT_HAS_EXPIRED'],
    ['whose certificate is for another host', 'peer-tls-wrong-host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['that wants a certificate', 'peer-tls-mutual,bare', 'ALERT_HANDSHAKE_FAILURE'],
  ])('%s', (_, target, code) => play(world(), ask(`AT+TLS=${target}`, `FAILED 1 ${code}`)));
});

it('a link comes to a peer that wants a certificate, and gets one', () =>
  play(world(), [...ask('AT+TLS=peer-tls-mutual', 'CONNECT 1'), 'p>| in', '< +RX 1: in']));

it('the endpoint `reset` resets a link at once', () =>
  play(world(), ask('AT+TCP=reset', 'CONNECT 1', 'FAILED 1 ECONNRESET')));

it('UPDATE=1 puts what came in the place of wrong lines, and keeps the lines of peers', async () => {
  const corrections = new Corrections();
  const right = [...tcp(), 'p>| in', '< +RX 1: in', ...ask('AT+SEND=1,out'), 'p<| out'];
  const wrong = right.with(4, '< +RX 1: it');
  await play(world(), wrong, { corrections });
  const text = (lines: readonly string[]) => [...Array(firstLine - 1).fill('header'), ...lines].join('\n');
  expect(corrections.applyTo('parrot.at', text(wrong))).toBe(text(right));
});
