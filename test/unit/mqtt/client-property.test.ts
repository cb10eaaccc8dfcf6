/** Whatever a broker sends and a network does: nothing is thrown, and every operation is answered once. */
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { generate, type Packet } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { silentLog } from '../../../src/base/log.js';
import { MqttClient } from '../../../src/mqtt/client.js';
import type { Result } from '../../../src/mqtt/outcomes.js';
import { options, publication, to, turn } from '../../support/mqtt.js';

/** The client's end of a link whose other end is the test. */
class TestLink extends Duplex {
  override _read(): void {}

  override _write(_chunk: Buffer, _encoding: string, done: () => void): void {
    done();
  }

  receive(bytes: Buffer): void {
    if (!this.destroyed) this.push(bytes);
  }
}

const id = fc.integer({ min: 1, max: 6 });
const qos = fc.constantFrom(0, 1, 2);
const flags = { dup: fc.boolean(), retain: fc.boolean() };
const message = fc.record({
  cmd: fc.constant('publish' as const),
  topic: fc.constantFrom('a', 'a/b', '温'),
  payload: fc.string(),
  qos,
  messageId: id,
  ...flags,
});
const answer = fc.oneof(
  fc.record({ cmd: fc.constantFrom('puback', 'pubrec', 'pubrel', 'pubcomp'), messageId: id }),
  fc.record({ cmd: fc.constant('suback'), messageId: id, granted: fc.constantFrom([0], [1], [0x80]) }),
  fc.record({ cmd: fc.constant('unsuback'), messageId: id, granted: fc.constant([]) }),
  fc.constantFrom({ cmd: 'pingresp' }, { cmd: 'connack', returnCode: 0, sessionPresent: true }),
);
const packet = fc.oneof(message, answer) as unknown as fc.Arbitrary<Packet>;

type Step =
  | { step: 'publish'; qos: 0 | 1 | 2 }
  | { step: 'subscribe' | 'unsubscribe' | 'pause' | 'resume' | 'drop' | 'disconnect' }
  | { step: 'packets'; packets: Packet[]; cut: number }
  | { step: 'noise'; bytes: Uint8Array }
  | { step: 'time'; ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ step: fc.constant('publish' as const), qos }) as fc.Arbitrary<Step> },
  {
    weight: 2,
    arbitrary: fc.record({
      step: fc.constantFrom('subscribe', 'unsubscribe', 'pause', 'resume'),
    }) as fc.Arbitrary<Step>,
  },
  {
    weight: 5,
    arbitrary: fc.record({
      step: fc.constant('packets' as const),
      packets: fc.array(packet, { maxLength: 5 }),
      cut: fc.nat(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ step: fc.constantFrom('drop', 'disconnect') }) as fc.Arbitrary<Step> },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('noise' as const), bytes: fc.uint8Array({ maxLength: 20 }) }) },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('time' as const), ms: fc.integer({ min: 0, max: 40_000 }) }) },
);

test('any sequence', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.boolean(), async (steps, clean) => {
      const clock = new ManualClock();
      const links: TestLink[] = [];
      const dial = () => {
        const link = new TestLink();
        links.push(link);
        return { done: Promise.resolve({ outcome: 'linked', link, address: '', port: 1 } as const), cancel: () => {} };
      };
      const client = new MqttClient({ clock, log: silentLog, dial });
      const results: (Result | Promise<Result>)[] = [];
      const link = () => links[links.length - 1]!;
      const connect = async () => {
        await client.open(to(1));
        results.push(client.connect(options({ clean, keepalive: 30, retry: { after: 5_000, times: 1 } })));
        link().receive(generate({ cmd: 'connack', returnCode: 0, sessionPresent: false }));
        await turn();
        await turn();
      };
      await connect();
      for (const one of steps) {
        if (client.state === 'lost' || client.state === 'idle') await connect();
        switch (one.step) {
          case 'publish':
            results.push(client.publish(publication('t', 'x', one.qos)));
            break;
          case 'subscribe':
            results.push(client.subscribe([{ topic: 't', qos: 1 }]));
            break;
          case 'unsubscribe':
            results.push(client.unsubscribe(['t']));
            break;
          case 'packets': {
            const bytes = Buffer.concat(one.packets.map(sent => generate(sent)));
            const cut = one.cut % (bytes.length + 1);
            link().receive(bytes.subarray(0, cut));
            link().receive(bytes.subarray(cut));
            break;
          }
          case 'noise':
            link().receive(Buffer.from(one.bytes));
            break;
          case 'time':
            clock.advance(one.ms);
            break;
          case 'drop':
            client.drop('network');
            break;
          case 'disconnect':
            results.push(client.disconnect());
            break;
          default:
            client[one.step]();
        }
        await turn();
      }
      client.destroy();
      for (const result of await Promise.all(results)) expect(result.outcome).toEqual(expect.any(String));
      expect([client.state, clock.waiting]).toEqual(['idle', 0]);
      expect(links.every(one => one.destroyed)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
