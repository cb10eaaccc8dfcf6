/** Firmware's side of a W800, on a real pty, against a real mosquitto. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { fromBuffer } from '../../src/base/bytes.js';
import { certificate } from '../support/certificates.js';
import { Endpoints } from '../support/endpoints.js';
import { hasWebSockets, type Mosquitto, startMosquitto } from '../support/mosquitto.js';
import { Observer } from '../support/observer.js';
import { everyByte } from '../support/payloads.js';
import type { SerialHost } from '../support/serial-host.js';
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

/** A module that has joined; firmware has the broker's name burnt in. */
async function startRig(plan: Partial<RigPlan> = {}): Promise<SerialRig> {
  const places = { 'broker.example:1883': mosquitto, ...plan.places };
  const rig = await SerialRig.start({ ...plan, dialect: 'w800', places });
  await joins(rig.host, 'w800');
  return rig;
}

const plain: Broker = { port: 1883 };

async function publishes(topic: string, payload: string | Buffer): Promise<void> {
  const bytes = typeof payload === 'string' ? payload : fromBuffer(payload);
  await observer.publish({ topic, payload: bytes, qos: 1, retain: false });
}

/** What the observer sees next on the topic. */
const seen = async (topic: string) => (await observer.next(topic, 10_000))?.payload;

test('from power-on to a message each way', async () => {
  const { host } = await startRig();
  await host.ask('AT+MQTTUSERCFG=0,1,"pump-1","user","secret",0,0,""', 'OK');
  await host.ask('AT+MQTTCONNCFG=0,60,0,"","",0,0', 'OK');
  await connects(host, 'w800', plain);
  await host.ask('AT+MQTTSUB=0,"pump/1/set",1', 'OK');
  await host.ask('AT+MQTTPUB=0,"pump/1","{\\"bar\\":2\\,\\"rpm\\":900}",1,0', 'OK');
  expect(await seen('pump/1')).toBe('{"bar":2,"rpm":900}');
  await publishes('pump/1/set', 'faster');
  await host.reads('+MQTTSUBRECV:0,"pump/1/set",6,faster');
  await host.ask('AT+MQTTCLEAN=0', '+MQTTDISCONNECTED:0', 'OK');
  await host.ask('AT+MQTTCONN?', '+MQTTCONN:0,0,0,"",0,"",0', 'OK');
  expect(host.unread).toEqual([]);
});

test('every byte value crosses unchanged, both ways', async () => {
  const { host } = await startRig();
  await configures(host, 'pump-2');
  await connects(host, 'w800', plain);
  await host.ask('AT+MQTTSUB=0,"bytes/in",1', 'OK');
  await host.ask(`AT+MQTTPUBRAW=0,"bytes/out",${everyByte.length},1,0`, 'OK');
  await host.types(everyByte);
  await host.reads('+MQTTPUB:OK');
  expect(await seen('bytes/out')).toBe(fromBuffer(everyByte));
  await publishes('bytes/in', everyByte);
  await host.reads(`+MQTTSUBRECV:0,"bytes/in",${everyByte.length},${fromBuffer(everyByte)}`);
  await host.ask('AT', 'OK');
});

describe('TLS with the certificates that the module was made with', () => {
  const overTls = async (host: SerialHost, clientId: string, scheme: number) => {
    await configures(host, clientId, scheme);
    await connects(host, 'w800', { port: 8883, scheme });
    await host.ask(`AT+MQTTPUB=0,"tls/${scheme}","safe",1,0`, 'OK');
    expect(await seen(`tls/${scheme}`)).toBe('safe');
  };
  const tls = () => ({ 'broker.example:8883': mosquitto.address('tls') });

  test('scheme 2: nobody is verified', async () => {
    const { host } = await startRig({ places: tls() });
    await overTls(host, 'pump-3', 2);
  });

  test('scheme 3: the broker is', async () => {
    const { host } = await startRig({ places: tls(), certs: { ca: certificate('ca.pem') } });
    await overTls(host, 'pump-4', 3);
  });

  test('scheme 3, but the broker is of another CA', async () => {
    const { host } = await startRig({ places: tls(), certs: { ca: certificate('other-ca.pem') } });
    await configures(host, 'pump-5', 3);
    await host.ask('AT+MQTTCONN=0,"broker.example",8883,0', 'ERROR');
    await host.ask('AT+MQTTCONN?', '+MQTTCONN:0,3,3,"broker.example",8883,"",0', 'OK');
  });

  test('scheme 5: both are; with scheme 3 this broker turns the module away', async () => {
    const certs = { ca: certificate('ca.pem'), cert: certificate('client.pem'), key: certificate('client.key') };
    const { host } = await startRig({ places: { 'broker.example:8883': mosquitto.address('tls-mutual') }, certs });
    await configures(host, 'pump-6', 3);
    await host.ask('AT+MQTTCONN=0,"broker.example",8883,0', 'ERROR');
    await host.ask('AT+MQTTCLEAN=0', 'OK');
    await overTls(host, 'pump-6', 5);
  });
});

describe('WebSocket', () => {
  const overWebSocket = async (host: SerialHost, topic: string) => {
    await configures(host, 'pump-7', 6, '/mqtt');
    await connects(host, 'w800', { port: 8083, scheme: 6, path: '/mqtt' });
    await host.ask(`AT+MQTTPUB=0,"${topic}","in frames",1,0`, 'OK');
  };

  test('through a gateway in front of mosquitto', async () => {
    const gateway = new Endpoints(mosquitto);
    onTestFinished(() => gateway.stop());
    const { host } = await startRig({ places: { 'broker.example:8083': await gateway.address('ws') } });
    await overWebSocket(host, 'ws/gateway');
    expect(await seen('ws/gateway')).toBe('in frames');
  });

  test("mosquitto's own", async context => {
    if (!(await hasWebSockets())) context.skip('this mosquitto is built without WebSocket');
    const own = await startMosquitto({ listeners: ['websockets'] });
    const watcher = await Observer.start(own);
    onTestFinished(async () => {
      await watcher.stop();
      await own.stop();
    });
    const { host } = await startRig({ places: { 'broker.example:8083': own.address('websockets') } });
    await overWebSocket(host, 'ws/own');
    expect((await watcher.next('ws/own', 10_000))?.payload).toBe('in frames');
  });
});

test('a host that comes back gets nothing that was meant for the one before', async () => {
  const rig = await startRig();
  await configures(rig.host, 'pump-8');
  await connects(rig.host, 'w800', plain);
  await rig.host.ask('AT+MQTTSUB=0,"reopened",1', 'OK');
  await rig.close();
  const whileAway = rig.packet('in', 'PUBLISH reopened');
  await publishes('reopened', 'nobody listens');
  await whileAway;
  await rig.open();
  await rig.host.ask('AT+MQTTSUB?', '+MQTTSUB:0,6,"reopened",1', 'OK');
  expect(rig.host.bytes).toBe('+MQTTSUB:0,6,"reopened",1\r\n\r\nOK\r\n');
  await publishes('reopened', 'somebody does');
  await rig.host.reads('+MQTTSUBRECV:0,"reopened",13,somebody does');
});

describe('a broker that dies and is there again', () => {
  async function startWithOwnBroker(timeSource?: SkippingClock) {
    const own = await startMosquitto();
    onTestFinished(() => own.stop());
    const rig = await startRig({ places: { 'broker.example:1883': own }, timeSource });
    return { own, rig, host: rig.host };
  }

  test('reconnect 0: MQTTCLEAN, and everything anew', async () => {
    const { own, host } = await startWithOwnBroker();
    await configures(host, 'pump-9');
    await connects(host, 'w800', plain);
    await own.kill();
    await host.reads('+MQTTDISCONNECTED:0');
    await host.ask('AT+MQTTCONN=0,"broker.example",1883,0', 'ERROR');
    await host.ask('AT+MQTTCLEAN=0', 'OK');
    await configures(host, 'pump-9');
    await host.ask('AT+MQTTCONN=0,"broker.example",1883,0', 'ERROR');
    await own.start();
    await connects(host, 'w800', plain);
    await host.ask('AT+MQTTPUB=0,"t","again",1,0', 'OK');
  });

  test('reconnect 1: the module tries every 10 s, and comes back alone', async () => {
    const clock = new SkippingClock();
    const { own, rig, host } = await startWithOwnBroker(clock);
    await configures(host, 'pump-10');
    await connects(host, 'w800', { port: 1883, reconnect: 1 });
    await own.kill();
    await host.reads('+MQTTDISCONNECTED:0');
    clock.skip(10_000);
    await host.ask('AT+MQTTCONN?', '+MQTTCONN:0,3,1,"broker.example",1883,"",1', 'OK');
    await own.start();
    const greeted = rig.packet('in', 'CONNACK');
    clock.skip(10_000);
    await greeted;
    await host.reads(connected('w800', { port: 1883, reconnect: 1 }));
    await host.ask('AT+MQTTPUB=0,"t","again",1,0', 'OK');
  });
});

describe('will', () => {
  const startWithWill = async (clientId: string, topic: string) => {
    const rig = await startRig();
    await configures(rig.host, clientId);
    await rig.host.ask(`AT+MQTTCONNCFG=0,60,0,"${topic}","gone",1,0`, 'OK');
    await connects(rig.host, 'w800', plain);
    return rig;
  };

  test('delivered when the module loses power', async () => {
    const { host, modem } = await startWithWill('pump-11', 'will/cut');
    modem.powerOff();
    expect(await seen('will/cut')).toBe('gone');
    modem.powerOn();
    await host.reads('ready', 'WIFI CONNECTED', 'WIFI GOT IP');
  });

  test('not delivered after MQTTCLEAN', async () => {
    const { host } = await startWithWill('pump-12', 'will/clean');
    await host.ask('AT+MQTTCLEAN=0', '+MQTTDISCONNECTED:0', 'OK');
    // The broker has ended the first connection when it has accepted a second of the same client.
    await configures(host, 'pump-12');
    await connects(host, 'w800', plain);
    await observer.roundTrip();
    expect(observer.rest('will/clean')).toEqual([]);
  });
});
