/** Firmware's side of a luat module, on a real pty, against a real mosquitto. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { fromBuffer } from '../../src/base/bytes.js';
import { certificate } from '../support/certificates.js';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.js';
import { Observer } from '../support/observer.js';
import { everyByte } from '../support/payloads.js';
import type { SerialHost } from '../support/serial-host.js';
import { boots, connects, plugIn } from '../support/serial-luat.js';
import type { SerialRig } from '../support/serial-rig.js';
import type { Address } from '../support/sockets.js';

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

async function startRig(plain: Address = mosquitto, tls: Address = plain): Promise<SerialRig> {
  const rig = await plugIn({ 'broker.example:1883': plain, 'broker.example:8883': tls });
  await boots(rig.host);
  return rig;
}

async function connectOverTls(host: SerialHost): Promise<void> {
  await host.ask('AT+SSLMIPSTART="broker.example",8883', 'OK', 'CONNECT OK');
  await host.ask('AT+MCONNECT=1,60', 'OK', 'CONNACK OK');
}

const publishes = (topic: string, payload: string | Buffer, qos: 0 | 1 | 2 = 0) =>
  observer.publish({
    topic,
    payload: typeof payload === 'string' ? payload : fromBuffer(payload),
    qos,
    retain: false,
  });

/** What the observer sees next on the topic. */
const seen = async (topic: string) => (await observer.next(topic, 10_000))?.payload;

test('from power-on to a message each way', async () => {
  const { host } = await startRig();
  await host.ask('AT+CGATT?', '+CGATT: 1', 'OK');
  await host.ask('AT+MCONFIG="meter-1","user","secret"', 'OK');
  await connects(host);
  await host.ask('AT+MSUB="meter/1/set",1', 'OK', 'SUBACK');
  await host.ask('AT+MPUB="meter/1",1,0,"21.5"', 'OK', 'PUBACK');
  expect(await seen('meter/1')).toBe('21.5');
  await publishes('meter/1/set', 'valve open', 1);
  await host.reads('+MSUB: "meter/1/set",10 byte,valve open');
  await host.ask('AT+MDISCONNECT', 'OK');
  await host.ask('AT+MIPCLOSE', 'OK');
  await host.ask('AT+MQTTSTATU', '+MQTTSTATU :0', 'OK');
  expect(host.unread).toEqual([]);
});

test('every byte value crosses unchanged, both ways', async () => {
  const { host } = await startRig();
  await host.ask('AT+MCONFIG="meter-2"', 'OK');
  await connects(host);
  await host.ask('AT+MSUB="bytes/in",1', 'OK', 'SUBACK');
  host.write(`AT+MPUBEX="bytes/out",1,0,${everyByte.length}\r`);
  await host.types(everyByte);
  await host.reads('OK', 'PUBACK');
  expect(await seen('bytes/out')).toBe(fromBuffer(everyByte));
  await publishes('bytes/in', everyByte, 1);
  await host.reads(`+MSUB: "bytes/in",${everyByte.length} byte,${fromBuffer(everyByte)}`);
  await host.ask('AT', 'OK');
});

async function upload(host: SerialHost, name: string, file: Buffer): Promise<void> {
  await host.ask(`AT+FSCREATE="${name}"`, 'OK');
  host.write(`AT+FSWRITE="${name}",0,${file.length},15\r`);
  await host.types(file);
  await host.reads('OK');
}

describe('TLS with the certificates that the firmware uploads', () => {
  test('one-way', async () => {
    const { host } = await startRig(mosquitto, mosquitto.address('tls'));
    await upload(host, 'ca.crt', certificate('ca.pem'));
    await host.ask('AT+SSLCFG="cacert",88,"ca.crt"', 'OK');
    await host.ask('AT+SSLCFG="seclevel",88,1', 'OK');
    await host.ask('AT+MCONFIG="meter-3"', 'OK');
    await connectOverTls(host);
    await host.ask('AT+MPUB="tls/one-way",1,0,"safe"', 'OK', 'PUBACK');
    expect(await seen('tls/one-way')).toBe('safe');
  });

  test('one-way, but the broker is of another CA', async () => {
    const { host } = await startRig(mosquitto, mosquitto.address('tls'));
    await upload(host, 'ca.crt', certificate('other-ca.pem'));
    await host.ask('AT+SSLCFG="cacert",88,"ca.crt"', 'OK');
    await host.ask('AT+SSLCFG="seclevel",88,1', 'OK');
    await host.ask('AT+SSLMIPSTART="broker.example",8883', 'OK', 'STATE:TCP CLOSED', 'CONNECT FAIL');
  });

  test('mutual; without a certificate the broker turns the module away', async () => {
    const { host } = await startRig(mosquitto, mosquitto.address('tls-mutual'));
    await upload(host, 'ca.crt', certificate('ca.pem'));
    await host.ask('AT+SSLCFG="cacert",88,"ca.crt"', 'OK');
    await host.ask('AT+SSLCFG="seclevel",88,2', 'OK');
    await host.ask('AT+SSLMIPSTART="broker.example",8883', 'OK', 'STATE:TCP CLOSED', 'CONNECT FAIL');
    await upload(host, 'client.crt', certificate('client.pem'));
    await upload(host, 'client.key', certificate('client.key'));
    await host.ask('AT+SSLCFG="clientcert",88,"client.crt"', 'OK');
    await host.ask('AT+SSLCFG="clientkey",88,"client.key"', 'OK');
    await host.ask('AT+MCONFIG="meter-4"', 'OK');
    await connectOverTls(host);
    await host.ask('AT+MPUB="tls/mutual",1,0,"safe"', 'OK', 'PUBACK');
    expect(await seen('tls/mutual')).toBe('safe');
  });
});

test('a host that comes back gets nothing that was meant for the one before', async () => {
  const rig = await startRig();
  await rig.host.ask('AT+MCONFIG="meter-5"', 'OK');
  await connects(rig.host);
  await rig.host.ask('AT+MSUB="reopened",1', 'OK', 'SUBACK');
  await rig.close();
  const whileAway = rig.packet('in', 'PUBLISH reopened');
  await publishes('reopened', 'nobody listens', 1);
  await whileAway;
  await rig.open();
  await rig.host.ask('AT+MQTTSTATU', '+MQTTSTATU :1', 'OK');
  expect(rig.host.bytes).toBe('\r\n+MQTTSTATU :1\r\n\r\nOK\r\n');
  await publishes('reopened', 'somebody does', 1);
  await rig.host.reads('+MSUB: "reopened",13 byte,somebody does');
});

test('a broker that dies and is there again', async () => {
  const own = await startMosquitto();
  onTestFinished(() => own.stop());
  const { host } = await startRig(own);
  await host.ask('AT+MCONFIG="meter-6"', 'OK');
  await connects(host);
  await own.kill();
  await host.reads('CLOSED');
  await host.ask('AT+MQTTSTATU', '+MQTTSTATU :0', 'OK');
  await host.ask('AT+MPUB="t",0,0,"x"', '+CME ERROR: 767');
  await host.ask('AT+MIPSTART="broker.example",1883', 'OK', 'STATE:TCP CLOSED', 'CONNECT FAIL');
  await own.start();
  await connects(host);
  await host.ask('AT+MSUB="t",2', 'OK', 'SUBACK');
  await host.ask('AT+MPUB="t",1,0,"again"', 'OK');
  // Its own message may come before or after the acknowledgement.
  await host.reads(/^PUBACK$|^\+MSUB: "t",5 byte,again$/, /^PUBACK$|^\+MSUB: "t",5 byte,again$/);
});

describe('will', () => {
  const will = (id: string, topic: string) => `AT+MCONFIG="${id}","","",1,0,"${topic}","gone"`;

  test('delivered when the module loses power', async () => {
    const { host, modem } = await startRig();
    await host.ask(will('meter-7', 'will/cut'), 'OK');
    await connects(host);
    modem.powerOff();
    expect(await seen('will/cut')).toBe('gone');
    modem.powerOn();
    await boots(host);
    await host.ask('AT+MQTTSTATU', '+MQTTSTATU :0', 'OK');
  });

  test('not delivered after MDISCONNECT', async () => {
    const { host } = await startRig();
    await host.ask(will('meter-8', 'will/clean'), 'OK');
    await connects(host);
    await host.ask('AT+MDISCONNECT', 'OK');
    await host.ask('AT+MIPCLOSE', 'OK');
    // The broker has ended the first connection when it has accepted a second of the same client.
    await host.ask('AT+MCONFIG="meter-8"', 'OK');
    await connects(host);
    await observer.roundTrip();
    expect(observer.rest('will/clean')).toEqual([]);
  });
});
