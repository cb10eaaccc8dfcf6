import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { PacketGate, PacketLengths } from '../../../src/broker/packet-gate.js';

const publish = (size: number) =>
  generate({ cmd: 'publish', topic: 't', payload: Buffer.alloc(size), qos: 0, retain: false, dup: false });

/** Bytes after the fixed header of a PUBLISH to `t`. */
const lengthOf = (size: number) => size + 3;

const split = (bytes: Buffer, cuts: number[]): Buffer[] => {
  const at = [...new Set(cuts.map(cut => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, i) => bytes.subarray(from, at[i] ?? bytes.length));
};

describe('packet lengths', () => {
  it('lets whole packets of any size up to the limit through, in any split', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20_000)), fc.array(fc.nat()), (sizes, cuts) => {
        const lengths = new PacketLengths(lengthOf(20_000));
        const stream = Buffer.concat(sizes.map(publish));
        for (const chunk of split(stream, cuts)) expect(lengths.take(chunk)).toBeUndefined();
      }),
    );
  });

  it('finds the first packet over the limit, in any split', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(500)),
        fc.integer({ min: 501, max: 90_000 }),
        fc.array(fc.nat()),
        (sizes, big, cuts) => {
          const lengths = new PacketLengths(lengthOf(500));
          const stream = Buffer.concat([...sizes, big].map(publish));
          const found = split(stream, cuts)
            .map(chunk => lengths.take(chunk))
            .find(each => each !== undefined);
          expect(found).toEqual({ announced: lengthOf(big) });
        },
      ),
    );
  });

  it('needs no more than the header of a packet of 256 MB', () => {
    expect(new PacketLengths(1024).take(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]))).toEqual({
      announced: 268_435_455,
    });
  });

  it('refuses a length of five bytes', () => {
    const five = Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x01]);
    expect(new PacketLengths(1024).take(five)).toEqual({ announced: Number.POSITIVE_INFINITY });
  });
});

describe('the gate', () => {
  const server = createServer();

  afterEach(() => void server.close());

  it('keeps what came for a reader that is later than the end of the connection', async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const [socket] = (await once(server, 'connection')) as [Socket];
    const gate = new PacketGate(socket, 'tcp', 10_000, () => {});
    const sent = Buffer.concat([publish(3000), publish(4000)]);
    client.resume().end(sent);
    await once(socket, 'close');
    expect(await buffer(gate)).toEqual(sent);
  });
});
