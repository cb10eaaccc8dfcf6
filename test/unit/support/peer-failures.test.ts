import { describe, expect, it } from 'vitest';
import type { CreateTestModem, TestModem } from '../../support/test-modem.js';
import { ask, failureOf, firstLine, peerWorld, tcp, tls, udp } from './peer-dialogue.js';
import { createSocketParrot } from './socket-parrot.js';

const world = peerWorld();

describe('a dialogue with peers that does not tell the truth is refused', () => {
  it("shows the peer's lines, and both byte strings escaped", async () => {
    const failure = await failureOf(world(), [
      ...tcp(),
      'p>| a\\x00',
      '<| \\r\\n+RX 1: a\\x00\\r\\n',
      ...ask('AT+SEND=1,\x01b'),
      '1p<| \\x01\\r\\n',
    ]);
    const line = (offset: number) => String(firstLine + offset).padStart(6);
    expect(failure.message).toBe(
      [
        `parrot.at:${firstLine + 7}: link 1: the peer received something else (on aedes, split: whole)`,
        '',
        '  parrot.at',
        `${line(0)}  > AT+TCP=peer`,
        `${line(1)}  < OK`,
        `${line(2)}  < CONNECT 1`,
        `${line(3)}  p>| a\\x00`,
        `${line(4)}  <| \\r\\n+RX 1: a\\x00\\r\\n`,
        `${line(5)}  > AT+SEND=1,\x01b`,
        `${line(6)}  < OK`,
        `${line(7)}  1p<| \\x01\\r\\n`,
        '',
        '  expected: \\x01\\r\\n',
        '  actual:   \\x01b',
      ].join('\n'),
    );
  });

  const sends = (text: string, link = 1) => ask(`AT+SEND=${link},${text}`);
  const ends = ask('AT+END=1', 'CLOSED 1');
  const resets = ask('AT+RESET=1');
  const stream = 'a link over TCP or TLS';

  const cases: [string, string[], string, string][] = [
    ['other bytes', [...tcp(), ...sends('pong'), 'p<| ping'], 'ping', 'pong'],
    ['other bytes over TLS', [...tls(), ...sends('pong'), 'p<| ping'], 'ping', 'pong'],
    ['bytes that do not come', [...tcp(), ...sends('ping'), 'p<| pings'], 'pings', 'ping'],
    ['no bytes', [...tcp(), 'p<| ping'], 'ping', 'nothing'],
    ['a byte more at the end', [...tcp(), ...sends('pings'), 'p<| ping'], 'nothing', 's'],
    ['bytes before time moves', [...tcp(), 'p< opens', ...sends('a'), '~ 1s', 'p<| a'], 'nothing', 'a'],
    ['bytes before the peer sends', [...tcp(), ...sends('a'), 'p>| b', 'p<| a', '< +RX 1: b'], 'nothing', 'a'],
    ['bytes before a fault', [...tcp(), ...sends('a'), '! peer closes', 'p<| a'], 'nothing', 'a'],
    ['bytes before another client publishes', [...tcp(), 'p< opens', ...sends('a'), 'b> t | x'], 'nothing', 'a'],
    ['bytes on another link', [...tcp(1), ...tcp(2), ...sends('a', 1), '2p<| a'], 'a', 'nothing'],
    ['bytes of the modem before the peer sends', [...tcp().slice(0, 2), 'p>| a'], 'nothing', '\\r\\nCONNECT 1\\r\\n'],

    ['a link at the end', tcp(), 'nothing', 'p< opens'],
    ['a second link at the end', [...tcp(1), 'p< opens', ...tcp(2)], 'nothing', 'p< opens'],
    ['a link before time moves', [...tcp(), '~ 1s', 'p< opens'], 'nothing', 'p< opens'],
    ['no link', ['p< opens'], 'link 1', 'no link'],
    ['no link to send on', ['p>| a'], 'link 1', 'no link'],
    ['no second link', [...tcp(), 'p< opens', 'p< opens'], 'link 2', 'link 1 is the newest'],
    ['no third link', [...tcp(), '! peer resets 3'], 'link 3', 'link 1 is the newest'],

    ['the end of a link', [...tcp(), 'p< opens', ...ends], 'nothing', 'p< closes'],
    ['the end of a link twice', [...tcp(), ...ends, 'p< closes', 'p< closes'], 'p< closes', 'nothing'],
    ['no end of a link', [...tcp(), 'p< closes'], 'p< closes', 'nothing'],
    ['FIN for RST', [...tcp(), ...ends, 'p< resets'], 'p< resets', 'p< closes'],
    ['RST for FIN', [...tcp(), ...resets, 'p< closes'], 'p< closes', 'p< resets'],
    ['RST for FIN over TLS', [...tls(), ...resets, 'p< closes'], 'p< closes', 'p< resets'],
    ['bytes before FIN', [...tcp(), ...sends('bye'), ...ends, 'p< closes'], 'p< closes', 'bye, then p< closes'],
    ['bytes that FIN cuts off', [...tcp(), ...sends('bye'), ...ends, 'p<| byes'], 'byes', 'bye, then p< closes'],
    [
      'a link that takes no more',
      [...tcp(), '! peer closes', '< CLOSED 1', 'p< closes', 'p>| a'],
      'a link that is open',
      'one that has ended',
    ],

    ['two datagrams for one', [...udp(), ...sends('ab'), ...sends('cd'), 'p<| abcd'], 'abcd', 'ab | cd'],
    ['a part of a datagram', [...udp(), ...sends('ab'), 'p<| a'], 'a', 'ab'],
    ['one more datagram', [...udp(), ...sends('a'), ...sends(''), 'p<| a'], 'nothing', '(empty)'],
    ['no datagram', [...udp(), 'p<| a'], 'link 1', 'no link'],
    ['FIN over UDP', [...udp(), ...sends('a'), 'p<| a', 'p< closes'], stream, 'one over UDP'],
    ['a stall over UDP', [...udp(), ...sends('a'), 'p<| a', '! peer stalls'], stream, 'one over UDP'],
    ['a move over TCP', [...tcp(), '! peer moves'], 'a link over UDP', 'one over TCP or TLS'],

    ['no server', ['! peer connects 80'], 'a server of the modem on port 80', 'none'],
  ];
  it.each(cases)('%s', async (_, lines, expected, actual) => {
    expect((await failureOf(world(), lines)).difference).toMatchObject({ expected, actual });
  });

  const withServer =
    (listeningAt: TestModem['listeningAt']): CreateTestModem =>
    async plan => ({ ...(await createSocketParrot(plan)), listeningAt });

  it('a server that refuses', async () => {
    const [address] = await world().place([{ pattern: '*', target: { kind: 'endpoint', name: 'refused' } }]);
    const failure = await failureOf(world(), ['! peer connects 80'], { createModem: withServer(() => address) });
    expect(failure.difference.actual).toBe('ECONNREFUSED');
  });

  it('a test modem that cannot tell where it listens', async () => {
    const failure = await failureOf(world(), ['! peer connects 80'], { createModem: withServer(undefined) });
    expect(failure.difference.summary).toContain('it has no `listeningAt`');
  });
});
