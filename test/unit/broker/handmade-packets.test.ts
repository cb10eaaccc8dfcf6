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
import { bytes, packets, postReply, subscribeReply } from '../../support/handmade-packets.js';

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

  await exchange(packets.publishPost, postReply);
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
