import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escaped, options, subnegotiation, Telnet } from '../../../src/ports/telnet.js';

const [SE, SB, WILL, WONT, DO, DONT, IAC] = [0xf0, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff] as const;
const refused = 24; // terminal type

function telnet() {
  const heard = { data: [] as number[], sent: [] as string[], told: [] as string[] };
  const machine = new Telnet(
    { us: [options.binary, options.comPort], peer: [options.binary, options.comPort] },
    {
      data: bytes => void heard.data.push(...bytes),
      send: bytes => void heard.sent.push(bytes.toString('hex')),
      subnegotiation: (option, payload) => void heard.told.push(`${option}: ${payload.toString('hex')}`),
      agreed: option => void heard.told.push(`agreed ${option}`),
    },
  );
  return { ...heard, machine, feed: (...bytes: number[]) => machine.feed(Buffer.from(bytes)) };
}

describe('data', () => {
  it('passes as it is, but for FF, which stands twice', () => {
    const { feed, data } = telnet();
    feed(0x41, 0x0d, 0x00, 0x0d, 0x0a, IAC, IAC, 0x7f);
    expect(data).toEqual([0x41, 0x0d, 0x00, 0x0d, 0x0a, IAC, 0x7f]);
  });

  it('is what is left between commands that mean nothing here', () => {
    const { feed, data, sent } = telnet();
    feed(0x41, IAC, 0xf1, 0x54, IAC, 0xf3, 0x0d);
    expect(data).toEqual([0x41, 0x54, 0x0d]);
    expect(sent).toEqual([]);
  });
});

describe('an option', () => {
  it.each([
    ['WILL, of one that we let it have', [WILL, 44], [[DO, 44]], ['agreed 44']],
    ['DO, of one that we have', [DO, 0], [[WILL, 0]], ['agreed 0']],
    ['WILL, of another', [WILL, refused], [[DONT, refused]], []],
    ['DO, of another', [DO, refused], [[WONT, refused]], []],
    ['WONT, of one that was not in use', [WONT, 44], [], []],
    ['DONT, of one that was not in use', [DONT, refused], [], []],
  ])('%s', (_, command, answers, tells) => {
    const { feed, sent, told } = telnet();
    feed(IAC, ...command);
    expect(sent).toEqual(answers.map(answer => Buffer.from([IAC, ...answer]).toString('hex')));
    expect(told).toEqual(tells);
  });

  it('is answered once, however often it is offered, and again once it was ended', () => {
    const { feed, sent } = telnet();
    for (let i = 0; i < 3; i++) feed(IAC, WILL, 44);
    expect(sent).toEqual(['fffd2c']);
    feed(IAC, WONT, 44, IAC, WILL, 44);
    expect(sent).toEqual(['fffd2c', 'fffe2c', 'fffd2c']);
  });

  it('that we asked for is not answered again', () => {
    const { feed, machine, sent, told } = telnet();
    machine.ask('us', options.binary);
    machine.ask('us', options.binary);
    feed(IAC, DO, 0);
    expect(sent).toEqual(['fffb00']);
    expect(told).toEqual(['agreed 0']);
  });

  it('that we asked for may be refused', () => {
    const { feed, machine, sent, told } = telnet();
    machine.ask('peer', options.binary);
    feed(IAC, WONT, 0);
    expect(sent).toEqual(['fffd00']);
    expect(told).toEqual([]);
  });
});

describe('a subnegotiation', () => {
  it('is told of with its payload, FF standing for two', () => {
    const { feed, told, data } = telnet();
    feed(0x41, IAC, SB, 44, 1, 0, IAC, IAC, 0, IAC, SE, 0x54);
    expect(told).toEqual(['44: 0100ff00']);
    expect(data).toEqual([0x41, 0x54]);
  });

  it('that never ends costs no memory, and is forgotten', () => {
    const { feed, told, data } = telnet();
    feed(IAC, SB, 44);
    for (let i = 0; i < 100; i++) feed(...Array.from({ length: 100 }, () => 0x41));
    feed(IAC, SE, 0x54);
    expect(told).toEqual([]);
    expect(data).toEqual([0x54]);
  });

  it('that another command breaks off is forgotten, and the command counts', () => {
    const { feed, told, sent, data } = telnet();
    feed(IAC, SB, 44, 1, IAC, WILL, 44, 0x41);
    expect(told).toEqual(['agreed 44']);
    expect(sent).toEqual(['fffd2c']);
    expect(data).toEqual([0x41]);
  });

  it('without a byte is none', () => {
    const { feed, told } = telnet();
    feed(IAC, SB, IAC, SE);
    expect(told).toEqual([]);
  });
});

describe('wherever chunks end', () => {
  const bytes = fc.uint8Array({ maxLength: 40 }).map(array => Buffer.from(array));
  const piece = fc.oneof(
    bytes.map(data => ({ wire: escaped(data), data, told: [] as string[] })),
    bytes.map(payload => ({
      wire: subnegotiation(44, payload),
      data: Buffer.alloc(0),
      told: [`44: ${payload.toString('hex')}`],
    })),
    fc.constant({ wire: Buffer.of(IAC, WILL, refused), data: Buffer.alloc(0), told: [] as string[] }),
  );

  it('the same is heard', () => {
    fc.assert(
      fc.property(fc.array(piece), fc.infiniteStream(fc.integer({ min: 1, max: 7 })), (pieces, lengths) => {
        const { machine, data, told } = telnet();
        const wire = Buffer.concat(pieces.map(each => each.wire));
        for (let at = 0; at < wire.length; ) {
          const end = at + lengths.next().value!;
          machine.feed(wire.subarray(at, end));
          at = end;
        }
        expect(Buffer.from(data)).toEqual(Buffer.concat(pieces.map(each => each.data)));
        expect(told).toEqual(pieces.flatMap(each => each.told));
      }),
    );
  });

  it('noise is survived', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(SE, SB, WILL, WONT, DO, DONT, IAC, 0, 44, 0x41)), noise => {
        const { feed, sent } = telnet();
        feed(...noise);
        expect(sent.length).toBeLessThanOrEqual(noise.length);
        feed(IAC, SE, IAC, SE, IAC, WILL, refused);
        expect(sent.at(-1)).toBe(Buffer.of(IAC, DONT, refused).toString('hex'));
      }),
    );
  });
});
