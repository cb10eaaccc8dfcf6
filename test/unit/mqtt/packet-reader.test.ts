import fc from 'fast-check';
import { generate, type Packet } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { type PacketFault, PacketReader } from '../../../src/mqtt/packet-reader.js';
import type { IncomingPacket } from '../../../src/mqtt/packets.js';

function read(chunks: Buffer[], limit = 1_000_000): { packets: IncomingPacket[]; fault: PacketFault | undefined } {
  const packets: IncomingPacket[] = [];
  const reader = new PacketReader(limit, packet => packets.push(packet));
  let fault: PacketFault | undefined;
  for (const chunk of chunks) fault = reader.push(chunk);
  return { packets, fault };
}

function split(bytes: Buffer, cuts: number[]): Buffer[] {
  const at = [...new Set(cuts.map(cut => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((begin, index) => bytes.subarray(begin, [...at, bytes.length][index]));
}

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('what a broker may not send', () => {
  test.each([
    ['a CONNECT', '10 00', 'type 1'],
    ['a SUBSCRIBE', '82 05 00 01 00 01 61', 'type 8'],
    ['a PINGREQ', 'c0 00', 'type 12'],
    ['a DISCONNECT', 'e0 00', 'type 14'],
    ['type 0', '00 00', 'type 0'],
    ['text', '48 54 54 50 2f 31', 'flags 8 in a packet of type 4'],
    ['a length of five bytes', '30 80 80 80 80 01', 'more than four bytes'],
    ['a PUBACK of 3 bytes', '40 03 00 01 00', '3 bytes in a packet of type 4'],
    ['a PUBACK of none', '40 00', '0 bytes in a packet of type 4'],
    ['a CONNACK of 1 byte', '20 01 00', '1 bytes in a packet of type 2'],
    ['a SUBACK without codes', '90 02 00 01', '2 bytes in a packet of type 9'],
    ['a PINGRESP with a body', 'd0 01 00', '1 bytes in a packet of type 13'],
    ['packet id 0', '40 02 00 00', 'without a packet id'],
    ['QoS 3', '36 05 00 01 61 00 01', 'flags 6 in a packet of type 3'],
    ['an empty topic', '30 02 00 00', 'in a packet of type 3|empty topic'],
    ['an empty topic with a payload', '30 03 00 00 78', 'empty topic'],
    ['a topic that is no UTF-8', '30 04 00 01 ff 78', 'not UTF-8'],
    ['a topic longer than the packet', '30 04 00 09 61 62', 'topic'],
    [
      'a QoS 1 message that ends before its id, with the next packet behind it',
      '32 03 00 01 61 d0 00',
      'ends inside its header',
    ],
    ['a SUBACK code that is none', '90 03 00 01 07', 'suback'],
    ['flags that are reserved', '41 02 00 01', 'flag'],
  ])('%s', (_, bytes, detail) => {
    const { packets, fault } = read([hex(bytes)]);
    expect(packets).toEqual([]);
    expect(fault).toMatchObject({ cause: 'protocol-error', detail: expect.stringMatching(new RegExp(detail, 'i')) });
  });

  test('a fault is found in any split, after the packets before it', () => {
    const bytes = Buffer.concat([hex('d0 00'), generate({ cmd: 'puback', messageId: 5 }), hex('c0 00 d0 00')]);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const { packets, fault } = read([bytes.subarray(0, cut), bytes.subarray(cut)]);
      expect(packets.map(({ cmd }) => cmd)).toEqual(['pingresp', 'puback']);
      expect(fault?.cause).toBe('protocol-error');
    }
  });
});

describe('the limit', () => {
  test('256 MB are refused at their announcement: nothing is buffered', () => {
    const packets: IncomingPacket[] = [];
    const reader = new PacketReader(1_000, packet => packets.push(packet));
    expect(reader.push(hex('d0 00 30 ff ff ff 7f'))).toMatchObject({
      cause: 'too-large',
      detail: expect.stringContaining('268435455'),
    });
    expect(packets).toHaveLength(1);
    // A reader that had buffered them would deliver a message at the end.
    const megabyte = Buffer.alloc(1_000_000);
    for (let i = 0; i < 270; i++) expect(reader.push(megabyte)?.cause).toBe('too-large');
    expect(packets).toHaveLength(1);
  });

  test('is on the remaining length, to the byte', () => {
    const packet = (size: number) =>
      generate({ cmd: 'publish', topic: 't', payload: Buffer.alloc(size), qos: 0, dup: false, retain: false });
    expect(read([packet(97)], 100).fault).toBeUndefined();
    expect(read([packet(98)], 100).fault?.cause).toBe('too-large');
  });
});

describe('properties', () => {
  const id = fc.integer({ min: 1, max: 65_535 });
  const bool = fc.boolean();
  const topic = fc.string({ minLength: 1, unit: 'grapheme' });
  const payload = fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes));
  const packets = fc.oneof(
    fc.record({
      cmd: fc.constant('connack' as const),
      returnCode: fc.integer({ min: 0, max: 5 }),
      sessionPresent: bool,
    }),
    fc.record({
      cmd: fc.constant('publish' as const),
      topic,
      payload,
      qos: fc.constant(0 as const),
      dup: bool,
      retain: bool,
    }),
    fc.record({
      cmd: fc.constant('publish' as const),
      topic,
      payload,
      qos: fc.constantFrom(1, 2),
      dup: bool,
      retain: bool,
      messageId: id,
    }),
    fc.record({ cmd: fc.constantFrom('puback', 'pubrec', 'pubrel', 'pubcomp'), messageId: id }) as fc.Arbitrary<Packet>,
    fc.record({
      cmd: fc.constant('suback' as const),
      messageId: id,
      granted: fc.array(fc.constantFrom(0, 1, 2, 128), { minLength: 1 }),
    }),
    fc.record({ cmd: fc.constant('unsuback' as const), messageId: id, granted: fc.constant([]) }),
    fc.constant({ cmd: 'pingresp' as const }),
  ) as fc.Arbitrary<Packet>;

  test('good packets come out whole and in order in any split', () => {
    fc.assert(
      fc.property(fc.array(packets, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 12 }), (sent, cuts) => {
        const bytes = Buffer.concat(sent.map(packet => generate(packet)));
        const { packets: got, fault } = read(split(bytes, cuts));
        expect(fault).toBeUndefined();
        expect(got).toHaveLength(sent.length);
        for (const [index, packet] of got.entries()) expect(generate(packet)).toEqual(generate(sent[index]!));
      }),
    );
  });

  test('any bytes in any split never throw, and mean the same in every split', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes)),
      packets.map(packet => generate(packet)),
    );
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 12 }), (parts, cuts) => {
        const bytes = Buffer.concat(parts);
        const whole = read([bytes]);
        const pieces = read(split(bytes, cuts));
        expect(pieces.packets.map(packet => packet.cmd)).toEqual(whole.packets.map(packet => packet.cmd));
        expect(pieces.fault?.cause).toBe(whole.fault?.cause);
      }),
      { numRuns: 1_000 },
    );
  });
});
