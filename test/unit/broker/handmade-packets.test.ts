/**
 * MQTT packets as firmware without a library builds them by hand, byte by byte, at the embedded broker as Alibaba Cloud
 * IoT: the device of the platform's own example.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { startEmbeddedBroker } from '../../../src/broker/embedded.js';
import { makeCloud } from '../../../src/clouds/cloud.js';
import { aliyunDevice } from '../../support/clouds.js';

const bytes = (hex: string) => Buffer.from(hex.replace(/\s/g, ''), 'hex');

const packets = {
  connect: bytes(`
    10 76 00 04 4D 51 54 54 04 C2 00 64
    00 35 31 32 33 34 35 7C 73 65 63 75 72 65 6D 6F 64 65 3D 33 2C 73 69 67 6E 6D 65 74 68 6F 64 3D
          68 6D 61 63 73 68 61 31 2C 74 69 6D 65 73 74 61 6D 70 3D 37 38 39 7C
    00 09 64 65 76 69 63 65 26 70 6B
    00 28 46 41 46 44 38 32 41 33 44 36 30 32 42 33 37 46 42 30 46 41 38 42 37 38 39 32 46 32 34 41
          34 37 37 46 38 35 31 41 31 34`),
  subscribeSet: bytes(`
    82 2E 00 0A 00 29 2F 73 79 73 2F 70 6B 2F 64 65 76 69 63 65 2F 74 68 69 6E 67 2F 73 65 72 76 69
    63 65 2F 70 72 6F 70 65 72 74 79 2F 73 65 74 00`),
  publishPost: bytes(`
    30 89 01 00 28 2F 73 79 73 2F 70 6B 2F 64 65 76 69 63 65 2F 74 68 69 6E 67 2F 65 76 65 6E 74 2F
    70 72 6F 70 65 72 74 79 2F 70 6F 73 74
    7B 22 69 64 22 3A 22 31 35 36 32 32 38 33 34 32 31 22 2C 22 76 65 72 73 69 6F 6E 22 3A 22 31 2E
    30 2E 30 22 2C 22 70 61 72 61 6D 73 22 3A 7B 22 74 65 6D 70 22 3A 31 32 7D 2C 22 6D 65 74 68 6F
    64 22 3A 22 74 68 69 6E 67 2E 65 76 65 6E 74 2E 70 72 6F 70 65 72 74 79 2E 70 6F 73 74 22 7D`),
  pingreq: bytes('C0 00'),
  disconnect: bytes('E0 00'),
};

/** To the reply's topic, which is asked for like that of `set`. */
const subscribeReply = Buffer.concat([
  bytes('82 33 00 0B 00 2E'),
  Buffer.from('/sys/pk/device/thing/event/property/post_reply'),
  bytes('00'),
]);

async function start() {
  const clock = new ManualClock();
  const broker = await startEmbeddedBroker({ port: 0, clock, cloud: makeCloud({ aliyun: [aliyunDevice] }) });
  onTestFinished(() => broker.stop());
  const socket = connect(broker.port, broker.host);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return { broker, socket };
}

/** The next bytes, as many as wanted. */
async function read(socket: Socket, count: number): Promise<Buffer> {
  for (;;) {
    const got = socket.read(count);
    if (got !== null) return got;
    await once(socket, 'readable');
  }
}

test('they are as long as their lengths say', () => {
  expect(packets.connect).toHaveLength(120);
  expect(packets.subscribeSet).toHaveLength(48);
  expect(packets.publishPost).toHaveLength(140);
});

test('the whole dialogue, byte by byte', async () => {
  const { broker, socket } = await start();
  const exchange = async (packet: Buffer, answer: Buffer) => {
    socket.write(packet);
    expect((await read(socket, answer.length)).toString('hex')).toBe(answer.toString('hex'));
  };
  await exchange(packets.connect, bytes('20 02 00 00'));
  await exchange(packets.subscribeSet, bytes('90 03 00 0A 00'));
  await exchange(subscribeReply, bytes('90 03 00 0B 00'));

  const reply = Buffer.concat([
    bytes('30 A1 01 00 2E'),
    Buffer.from('/sys/pk/device/thing/event/property/post_reply'),
    Buffer.from(
      '{"code":200,"data":{},"id":"1562283421","message":"success","method":"thing.event.property.post","version":"1.0"}',
    ),
  ]);
  await exchange(packets.publishPost, reply);
  await exchange(packets.pingreq, bytes('D0 00'));

  const set = Buffer.concat([
    bytes('30 81 01 00 29'),
    Buffer.from('/sys/pk/device/thing/service/property/set'),
    Buffer.from('{"method":"thing.service.property.set","id":"1","params":{"temp":9},"version":"1.0.0"}'),
  ]);
  await broker.cloud?.setProperty({ product: 'pk', device: 'device' }, { temp: 9 });
  expect((await read(socket, set.length)).toString('hex')).toBe(set.toString('hex'));

  const ended = once(socket, 'close');
  socket.write(packets.disconnect);
  socket.resume();
  await ended;
});

test('each byte of its own', async () => {
  const { socket } = await start();
  for (const byte of packets.connect) socket.write(Buffer.of(byte));
  expect(await read(socket, 4)).toEqual(bytes('20 02 00 00'));
});

test.each<[string, (packet: Buffer) => void, number]>([
  ['the password', packet => packet.write('0', packet.length - 1), 5],
  ['the product key', packet => packet.write('x', 77), 4],
  ['the second bar', packet => packet.write('!', 66), 2],
  ['the keep-alive', packet => packet.writeUInt16BE(20, 10), 2],
])('one byte of %s wrong: the CONNACK has its code, and the connection ends', async (_, spoil, code) => {
  const { socket } = await start();
  const packet = Buffer.from(packets.connect);
  spoil(packet);
  const ended = once(socket, 'close');
  socket.write(packet);
  expect(await read(socket, 4)).toEqual(bytes(`20 02 00 0${code}`));
  socket.resume();
  await ended;
});
