/**
 * Firmware without MQTT commands, on a real pty: it joins Wi-Fi, opens a link, and sends packets that it built itself, to
 * the embedded broker as Alibaba Cloud IoT and to mosquitto; in transparent mode and by CIPSEND.
 */
import { generate } from 'mqtt-packet';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fromBuffer } from '../../src/base/bytes.js';
import { systemClock } from '../../src/base/clock.js';
import { signInAtAliyun } from '../../src/clouds/aliyun/signature.js';
import { type RunningModem, startModems } from '../../src/index.js';
import { aliyunDevice } from '../support/clouds.js';
import { bytes, packets, postReply, subscribeReply } from '../support/handmade-packets.js';
import { startMosquitto } from '../support/mosquitto.js';
import { Observer } from '../support/observer.js';
import { turns } from '../support/patience.js';
import { PtyClient } from '../support/pty-client.js';

const ok = '\r\nOK\r\n';
const host = 'pk.iot-as-mqtt.cn-shanghai.aliyuncs.com';
const posted = '/sys/pk/device/thing/event/property/post';

interface Place {
  modem: RunningModem;
  /** The topic of the next message that reached the broker. */
  next(): Promise<string | undefined>;
  /** What the broker answers to `publishPost`. */
  reply: Buffer;
}

async function cloud(): Promise<Place> {
  const { modems, stop } = await startModems(
    [{ dialect: 'esp8266', port: 'pty', power: 'start', routes: ['*=embedded'] }],
    { cloud: { aliyun: [aliyunDevice] } },
  );
  onTestFinished(stop);
  const message = new Promise<string>(resolve => modems[0]!.broker?.onMessage(({ topic }) => resolve(topic)));
  return { modem: modems[0]!, next: () => message, reply: postReply };
}

async function mosquitto(): Promise<Place> {
  const broker = await startMosquitto();
  onTestFinished(() => broker.stop());
  const observer = await Observer.start(broker);
  onTestFinished(() => observer.stop());
  const { modems, stop } = await startModems(
    [{ dialect: 'esp8266', port: 'pty', power: 'start', routes: [`*=${broker.host}:${broker.port}`] }],
    { broker: 'none' },
  );
  onTestFinished(stop);
  return { modem: modems[0]!, next: async () => (await observer.next(posted, 10_000))?.topic, reply: Buffer.alloc(0) };
}

async function joined({ modem }: Place): Promise<PtyClient> {
  await turns(50);
  const firmware = await PtyClient.open(modem.port);
  onTestFinished(() => firmware.close());
  await firmware.exchange('ATE0\r\n', `ATE0\r\r\n${ok}`);
  await firmware.exchange('AT+CWMODE=1\r\n', ok);
  await firmware.exchange('AT+CWJAP_CUR="workshop","password"\r\n', `WIFI CONNECTED\r\nWIFI GOT IP\r\n${ok}`);
  await firmware.exchange('AT+CIPMUX=0\r\n', ok);
  return firmware;
}

const dialogue = ({ reply }: Place): [Buffer, Buffer][] => [
  [packets.connect, bytes('20 02 00 00')],
  [packets.subscribeSet, bytes('90 03 00 0A 00')],
  [subscribeReply, bytes('90 03 00 0B 00')],
  [packets.publishPost, reply],
  [packets.pingreq, bytes('D0 00')],
];

describe.each([
  ['the embedded broker as the cloud', cloud],
  ['mosquitto', mosquitto],
])('%s', (_, start) => {
  test('in transparent mode', async () => {
    const place = await start();
    const firmware = await joined(place);
    await firmware.exchange('AT+CIPMODE=1\r\n', ok);
    await firmware.exchange(`AT+CIPSTART="TCP","${host}",1883\r\n`, `CONNECT\r\n${ok}`);
    await firmware.exchange('AT+CIPSEND\r\n', `${ok}\r\n>`);
    for (const [packet, answer] of dialogue(place)) await firmware.exchange(fromBuffer(packet), fromBuffer(answer));
    expect(await place.next()).toBe(posted);
    // The broker closes; the module dials again, and nothing of that shows.
    firmware.write(fromBuffer(packets.disconnect));
    const silence = (ms: number) => new Promise<void>(done => systemClock.after(ms, done));
    await silence(100);
    firmware.write('+++');
    await silence(60);
    await firmware.exchange('AT+CIPMODE=0\r\n', ok);
    await firmware.exchange('AT+CIPCLOSE\r\n', `CLOSED\r\n${ok}`);
  });

  test('by CIPSEND', async () => {
    const place = await start();
    const firmware = await joined(place);
    await firmware.exchange(`AT+CIPSTART="TCP","${host}",1883\r\n`, `CONNECT\r\n${ok}`);
    const sends = async (packet: Buffer) => {
      await firmware.exchange(`AT+CIPSEND=${packet.length}\r\n`, `${ok}> `);
      await firmware.exchange(fromBuffer(packet), `\r\nRecv ${packet.length} bytes\r\n\r\nSEND OK\r\n`);
    };
    for (const [packet, answer] of dialogue(place)) {
      await sends(packet);
      if (answer.length > 0) await firmware.expect(`\r\n+IPD,${answer.length}:${fromBuffer(answer)}`);
    }
    expect(await place.next()).toBe(posted);
    await sends(packets.disconnect);
    await firmware.expect('CLOSED\r\n');
  });
});

test('over TLS, where the cloud wants securemode 2', async () => {
  const place = await cloud();
  const firmware = await joined(place);
  await firmware.exchange(`AT+CIPSTART="SSL","${host}",8883\r\n`, `CONNECT\r\n${ok}`);
  const signIn = signInAtAliyun(aliyunDevice, { id: '12345', link: 'tls' });
  const connect = generate({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    keepalive: 100,
    ...signIn,
    password: Buffer.from(signIn.password),
  });
  await firmware.exchange(`AT+CIPSEND=${connect.length}\r\n`, `${ok}> `);
  await firmware.exchange(fromBuffer(connect), `\r\nRecv ${connect.length} bytes\r\n\r\nSEND OK\r\n`);
  await firmware.expect('\r\n+IPD,4: \x02\x00\x00');
});
