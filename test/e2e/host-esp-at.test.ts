/** Firmware's side of an ESP-AT module, on a real pty, against a real mosquitto: what differs from a W800. */
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { fromBuffer } from '../../src/base/bytes.js';
import { certificate } from '../support/certificates.js';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.js';
import { Observer } from '../support/observer.js';
import { everyByte } from '../support/payloads.js';
import { type RigPlan, SerialRig } from '../support/serial-rig.js';
import { type Broker, configures, connected, connects, joins } from '../support/serial-wifi.js';
import { SkippingClock } from '../support/skipping-clock.js';

let mosquitto: Mosquitto;
let observer: Observer;

beforeAll(async () => {
  mosquitto = await startMosquitto({ listeners: ['tls', 'tls-mutual'] });
  observer = await Observer.start(mosquitto);
});
afterAll(async () => {
  await observer?.stop();
  await mosquitto?.stop();
});

async function startRig(plan: Partial<RigPlan> = {}): Promise<SerialRig> {
  const places = { 'broker.example:1883': mosquitto, ...plan.places };
  const rig = await SerialRig.start({ ...plan, dialect: 'esp-at', places });
  await joins(rig.host, 'esp-at');
  return rig;
}

const plain: Broker = { port: 1883 };

const publishes = (topic: string, payload: Buffer) =>
  observer.publish({ topic, payload: fromBuffer(payload), qos: 1, retain: false });

/** What the observer sees next on the topic. */
const seen = async (topic: string) => (await observer.next(topic, 10_000))?.payload;

test('from power-on to a message each way', async () => {
  const { host } = await startRig();
  await configures(host, 'lamp-1');
  await connects(host, 'esp-at', plain);
  await host.ask('AT+MQTTSUB=0,"lamp/1/set",1', 'OK');
  await host.ask('AT+MQTTPUB=0,"lamp/1","on",1,0', 'OK');
  expect(await seen('lamp/1')).toBe('on');
  await publishes('lamp/1/set', Buffer.from('off'));
  await host.reads('+MQTTSUBRECV:0,"lamp/1/set",3,off');
  await host.ask('AT+MQTTCLEAN=0', '+MQTTDISCONNECTED:0', 'OK');
  await host.ask('AT+MQTTCLEAN=0', 'ERROR');
  expect(host.unread).toEqual([]);
});

test('every byte value crosses unchanged, both ways; a long message comes in pieces', async () => {
  const { host } = await startRig();
  await configures(host, 'lamp-2');
  await connects(host, 'esp-at', plain);
  await host.ask('AT+MQTTSUB=0,"bytes/in",1', 'OK');
  await host.ask(`AT+MQTTPUBRAW=0,"bytes/out",${everyByte.length},1,0`, 'OK');
  await host.types(everyByte);
  await host.reads('+MQTTPUB:OK');
  expect(await seen('bytes/out')).toBe(fromBuffer(everyByte));

  const long = Buffer.concat([everyByte, everyByte, everyByte]);
  // 1024 bytes with the header of PUBLISH: type and length 3, topic 2 + 8, packet id 2 [ESP-AT, MQTT notes].
  const first = 1024 - 15;
  await publishes('bytes/in', long);
  await host.reads(
    `+MQTTSUBRECV:0,"bytes/in",${first},${fromBuffer(long.subarray(0, first))}`,
    `+MQTTSUBRECV:0,"bytes/in",${long.length - first},${fromBuffer(long.subarray(first))}`,
  );
  await host.ask('AT', 'OK');
});

test('mutual TLS; without a certificate the broker turns the module away, and the module says why', async () => {
  const certs = { ca: certificate('ca.pem'), cert: certificate('client.pem'), key: certificate('client.key') };
  const { host } = await startRig({ places: { 'broker.example:8883': mosquitto.address('tls-mutual') }, certs });
  await host.ask('AT+SYSLOG=1', 'OK');
  await configures(host, 'lamp-3', 3);
  const refused = ['+MQTTDISCONNECTED:0', 'ERR CODE:0x010a600b', 'ERROR'];
  await host.ask('AT+MQTTCONN=0,"broker.example",8883,0', ...refused);
  await configures(host, 'lamp-3', 5);
  await connects(host, 'esp-at', { port: 8883, scheme: 5 });
  await host.ask('AT+MQTTPUB=0,"tls/mutual","safe",1,0', 'OK');
  expect(await seen('tls/mutual')).toBe('safe');
});

test('one-way TLS to an address, with the name in MQTTSNI', async () => {
  const places = { '10.1.2.3:8883': mosquitto.address('tls') };
  const { host } = await startRig({ places, certs: { ca: certificate('ca.pem') } });
  await configures(host, 'lamp-4', 3);
  await host.ask('AT+MQTTSNI=0,"broker.example"', 'OK');
  await host.ask('AT+MQTTCONN=0,"10.1.2.3",8883,0', '+MQTTCONNECTED:0,3,"10.1.2.3","8883","",0', 'OK');
  await host.ask('AT+MQTTPUB=0,"tls/one-way","safe",1,0', 'OK');
  expect(await seen('tls/one-way')).toBe('safe');
});

test('a host that comes back gets nothing that was meant for the one before', async () => {
  const rig = await startRig();
  await configures(rig.host, 'lamp-5');
  await connects(rig.host, 'esp-at', plain);
  await rig.host.ask('AT+MQTTSUB=0,"reopened",1', 'OK');
  await rig.close();
  const whileAway = rig.packet('in', 'PUBLISH reopened');
  await publishes('reopened', Buffer.from('nobody listens'));
  await whileAway;
  await rig.open();
  await rig.host.ask('AT', 'OK');
  expect(rig.host.bytes).toBe('\r\nOK\r\n');
});

test('a broker that dies while a command waits, and is there again', async () => {
  const own = await startMosquitto();
  onTestFinished(() => own.stop());
  const clock = new SkippingClock();
  const rig = await startRig({ places: { 'broker.example:1883': own }, timeSource: clock });
  const { host } = rig;
  await configures(host, 'lamp-6');
  await connects(host, 'esp-at', { port: 1883, reconnect: 1 });
  own.pause();
  const waiting = rig.packet('out', 'SUBSCRIBE');
  const answered = host.ask('AT+MQTTSUB=0,"t",1', '+MQTTDISCONNECTED:0', 'ERROR');
  await waiting;
  await own.kill();
  await answered;
  await own.start();
  clock.skip(10_000);
  await host.reads(connected('esp-at', { port: 1883, reconnect: 1 }));
  await host.ask('AT+MQTTSUB=0,"t",1', 'OK');
  await host.ask('AT+MQTTPUB=0,"t","again",0,0', 'OK', '+MQTTSUBRECV:0,"t",5,again');
});
