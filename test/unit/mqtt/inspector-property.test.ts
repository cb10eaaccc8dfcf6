/** Whatever passes, and however it is cut: right packets are told like the dialogue's own, and nothing throws. */
import fc from 'fast-check';
import { generate, type Packet } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { LinkInspector } from '../../../src/mqtt/inspector.js';
import { describePacket } from '../../../src/mqtt/packet-text.js';
import { connect, shown, told } from './hand-made.js';

/** Small: behind a cut, an id such as C0 00 would be a packet itself. */
const id = fc.integer({ min: 1, max: 0xff });
const topic = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }).filter(text => !/[+#]/.test(text));
const qos = fc.constantFrom(0 as const, 1 as const, 2 as const);
const word = fc.string({ minLength: 1, maxLength: 20 });
/** Payloads that look like no packet, wherever they are cut. */
const text = fc.oneof(word, fc.json({ maxDepth: 2 }), fc.string({ minLength: 130, maxLength: 3000 }));
const firsts = fc.record({
  cmd: fc.constant('connect' as const),
  protocolVersion: fc.constant(4 as const),
  clientId: word,
  username: fc.option(word, { nil: undefined }),
  keepalive: fc.nat(0xffff),
  clean: fc.boolean(),
});
const publications = (payload: fc.Arbitrary<string | Buffer>) =>
  fc.record({ qos, topic, payload, messageId: id, retain: fc.boolean() }).map(({ messageId, ...rest }) => ({
    cmd: 'publish' as const,
    dup: false,
    ...rest,
    ...(rest.qos > 0 && { messageId }),
    payload: Buffer.from(rest.payload),
  }));
const packets = (payload: fc.Arbitrary<string | Buffer>) =>
  fc.oneof(
    { weight: 4, arbitrary: publications(payload) },
    fc.record({
      cmd: fc.constant('subscribe' as const),
      messageId: id,
      subscriptions: fc.array(fc.record({ topic, qos }), { minLength: 1, maxLength: 4 }),
    }),
    fc.record({
      cmd: fc.constant('unsubscribe' as const),
      messageId: id,
      unsubscriptions: fc.array(topic, { minLength: 1, maxLength: 4 }),
    }),
    fc.record({ cmd: fc.constantFrom('puback', 'pubrec', 'pubrel', 'pubcomp'), messageId: id }),
    fc.constant({ cmd: 'pingreq' as const }),
  ) as fc.Arbitrary<Packet>;
const dialogues = (payload: fc.Arbitrary<string | Buffer>) =>
  fc.tuple(firsts, fc.array(packets(payload), { maxLength: 8 })).map(([first, others]): Packet[] => [first, ...others]);
/** Bytes with an id in front of JSON are a hint, and none of what is meant here. */
const anyBytes = fc.uint8Array({ maxLength: 3000 }).map(payload => Buffer.from(payload.map(byte => byte || 1)));

const lines = (all: Packet[]) => all.map(packet => `> ${describePacket(packet)}`);

test('packets of mqtt-packet are described alike, however many share a write', () => {
  const grouped = dialogues(anyBytes).chain(all =>
    fc.tuple(fc.constant(all), fc.array(fc.boolean(), { minLength: all.length, maxLength: all.length })),
  );
  fc.assert(
    fc.property(grouped, ([all, breaks]) => {
      const writes: Buffer[][] = [[]];
      all.forEach((packet, index) => {
        if (breaks[index]) writes.push([]);
        writes.at(-1)!.push(generate(packet));
      });
      expect(told(...writes.map(write => Buffer.concat(write)))).toEqual(lines(all));
    }),
  );
});

test('packets of text are described alike, wherever a write ends', () => {
  fc.assert(
    fc.property(dialogues(text), fc.array(fc.nat(), { maxLength: 12 }), (all, cuts) => {
      expect(told(...split(Buffer.concat(all.map(packet => generate(packet))), cuts))).toEqual(lines(all));
    }),
  );
});

test('what a broker sends is described alike, wherever TCP cuts it', () => {
  const sent = fc.array(
    fc.oneof(
      publications(anyBytes) as fc.Arbitrary<Packet>,
      fc.record({
        cmd: fc.constant('connack' as const),
        returnCode: fc.nat(5),
        sessionPresent: fc.boolean(),
      }) as fc.Arbitrary<Packet>,
      fc.record({
        cmd: fc.constant('suback' as const),
        messageId: id,
        granted: fc.array(fc.constantFrom(0, 1, 2, 128), { minLength: 1, maxLength: 4 }),
      }) as fc.Arbitrary<Packet>,
      fc.constant<Packet>({ cmd: 'pingresp' }),
    ),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(sent, fc.array(fc.nat(), { maxLength: 12 }), (all, cuts) => {
      const inspector = new LinkInspector();
      inspector.sent(connect);
      const chunks = split(Buffer.concat(all.map(packet => generate(packet))), cuts);
      expect(chunks.flatMap(chunk => inspector.received(chunk)).map(({ text }) => text)).toEqual(
        all.map(describePacket),
      );
    }),
  );
});

test('any bytes in any pieces never throw, and make one line each', () => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map(random => Buffer.from(random)),
    packets(anyBytes).map(packet => generate(packet)),
    fc.constant(connect),
    fc.tuple(fc.nat(connect.length - 1), fc.nat(255)).map(([at, byte]) => {
      const copy = Buffer.from(connect);
      copy[at] = byte;
      return copy;
    }),
  );
  const event = fc.record({ way: fc.constantFrom('sent' as const, 'received' as const), chunk: noise });
  fc.assert(
    fc.property(fc.boolean(), fc.array(event, { maxLength: 10 }), (greets, events) => {
      const inspector = new LinkInspector();
      const all = [
        ...(greets ? inspector.sent(connect) : []),
        ...events.flatMap(({ way, chunk }) => inspector[way](chunk)),
        ...inspector.ended(),
      ];
      for (const found of all) expect(shown(found)).toMatch(/^[^\x00-\x1f\x7f]{1,700}$/);
      expect(inspector.sent(connect)).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

function split(whole: Buffer, cuts: number[]): Buffer[] {
  const at = [...new Set(cuts.map(cut => cut % (whole.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((begin, index) => whole.subarray(begin, [...at, whole.length][index]));
}
