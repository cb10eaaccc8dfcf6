/**
 * Mosquitto killed while it owes an answer, or nothing, on modules with several clients: what the host is told, in which
 * order, and that a QoS 2 message of a kept session arrives once after the broker is back. SIGSTOP first, so that it is
 * sure to owe; the kernel then resets the link of a process that has unread bytes, and closes it else.
 */
import { describe, expect, onTestFinished, test } from 'vitest';
import { CutLine, type Side } from '../support/cut-line.js';
import { KeptClient } from '../support/kept-client.js';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.js';
import type { SerialHost } from '../support/serial-host.js';
import { SerialRig } from '../support/serial-rig.js';
import type { Address } from '../support/sockets.js';

/** One module family: what its host says, and the lines that must come. */
interface Family {
  dialect: string;
  boots(host: SerialHost): Promise<void>;
  /** The link, without MQTT where the two are apart. */
  opens(host: SerialHost): Promise<void>;
  /** CONNECT: the command alone. */
  connect: string;
  connected: string;
  subscribe(host: SerialHost): Promise<void>;
  publish(host: SerialHost, qos: 1 | 2, payload: string): Promise<void>;
  published: string;
  /** What the loss of the broker says in each phase, after the command's OK. Closed or reset is the kernel's choice. */
  lost: Record<'connecting' | 'subscribing' | 'publishing' | 'idle', (string | RegExp)[]>;
}

const simcom: Family = {
  dialect: 'simcom-a76xx',
  async boots(host) {
    await host.reads('*ATREADY: 1', '+CPIN: READY', 'SMS DONE', '+CGEV: EPS PDN ACT 1', 'PB DONE');
    await host.ask('ATE0', 'ATE0\r', 'OK');
    await host.ask('AT+CMQTTSTART', 'OK', '+CMQTTSTART: 0');
    await host.ask('AT+CMQTTACCQ=0,"meter-9"', 'OK');
  },
  async opens() {},
  connect: 'AT+CMQTTCONNECT=0,"tcp://broker.example",60,0',
  connected: '+CMQTTCONNECT: 0,0',
  async subscribe(host) {
    host.write('AT+CMQTTSUB=0,4,1\r');
    await host.types('once');
    await host.reads('OK');
  },
  async publish(host, qos, payload) {
    host.write('AT+CMQTTTOPIC=0,4\r');
    await host.types('once');
    await host.reads('OK');
    host.write(`AT+CMQTTPAYLOAD=0,${payload.length}\r`);
    await host.types(payload);
    await host.reads('OK');
    await host.ask(`AT+CMQTTPUB=0,${qos},60`, 'OK');
  },
  published: '+CMQTTPUB: 0,0',
  lost: {
    connecting: [/^\+CMQTTCONNECT: 0,(16|26)$/],
    subscribing: [/^\+CMQTTSUB: 0,(16|26)$/, /^\+CMQTTCONNLOST: 0,[12]$/],
    publishing: [/^\+CMQTTPUB: 0,(16|26)$/, /^\+CMQTTCONNLOST: 0,[12]$/],
    idle: [/^\+CMQTTCONNLOST: 0,[12]$/],
  },
};

const quectel: Family = {
  dialect: 'quectel',
  async boots(host) {
    await host.reads('RDY', '+CFUN: 1', '+CPIN: READY', '+QUSIM: 1', '+QIND: SMS DONE', '+QIND: PB DONE');
    await host.ask('ATE0', 'ATE0\r', 'OK');
    await host.ask('AT+QMTCFG="session",0,0', 'OK');
  },
  async opens(host) {
    await host.ask('AT+QMTOPEN=0,"broker.example",1883', 'OK', '+QMTOPEN: 0,0');
  },
  connect: 'AT+QMTCONN=0,"meter-9"',
  connected: '+QMTCONN: 0,0,0',
  async subscribe(host) {
    await host.ask('AT+QMTSUB=0,1,"once",1', 'OK');
  },
  async publish(host, qos, payload) {
    host.write(`AT+QMTPUBEX=0,7,${qos},0,"once",${payload.length}\r`);
    await host.types(payload, '> ');
    await host.reads('OK');
  },
  published: '+QMTPUBEX: 0,7,0',
  lost: {
    connecting: ['+QMTCONN: 0,2', '+QMTSTAT: 0,1'],
    subscribing: ['+QMTSUB: 0,1,2', '+QMTSTAT: 0,1'],
    publishing: ['+QMTPUBEX: 0,7,2', '+QMTSTAT: 0,1'],
    idle: ['+QMTSTAT: 0,1'],
  },
};

async function plugIn({ dialect, boots }: Family, broker: Address): Promise<SerialRig> {
  const rig = await SerialRig.start({ dialect, lineEnd: '\r', places: { 'broker.example:1883': broker } });
  await boots(rig.host);
  return rig;
}

async function startBroker(): Promise<Mosquitto> {
  const broker = await startMosquitto({ sessions: 'kept' });
  onTestFinished(() => broker.stop());
  return broker;
}

describe.each([simcom, quectel])('$dialect, and the broker is killed', family => {
  const { opens, connect, connected, lost } = family;

  async function whileItOwes(act: (host: SerialHost) => Promise<void>, comes: readonly (string | RegExp)[]) {
    const broker = await startBroker();
    const { host } = await plugIn(family, broker);
    await opens(host);
    await host.ask(connect, 'OK', connected);
    broker.pause();
    await act(host);
    await broker.kill();
    await host.reads(...comes);
    await broker.start();
    await opens(host);
    await host.ask(connect, 'OK', connected);
  }

  test('before CONNACK', async () => {
    const broker = await startBroker();
    const { host } = await plugIn(family, broker);
    await opens(host);
    broker.pause();
    await host.ask(connect, 'OK');
    await broker.kill();
    await host.reads(...lost.connecting);
  });

  test('before SUBACK', () => whileItOwes(host => family.subscribe(host), lost.subscribing));
  test('before PUBACK', () => whileItOwes(host => family.publish(host, 1, 'one'), lost.publishing));
  test('before PUBREC', () => whileItOwes(host => family.publish(host, 2, 'one'), lost.publishing));
  test('with nothing under way', () => whileItOwes(async () => {}, lost.idle));
});

describe.each([simcom, quectel])('$dialect: QoS 2 in a kept session', family => {
  const { opens, connect, connected, published } = family;

  test.each<{ cmd: 'publish' | 'pubrec' | 'pubrel'; side: Side }>([
    { cmd: 'publish', side: 'modem' },
    { cmd: 'pubrec', side: 'broker' },
    { cmd: 'pubrel', side: 'modem' },
  ])('once, with link and broker lost behind $cmd', async ({ cmd, side }) => {
    const broker = await startBroker();
    const line = await CutLine.start(broker);
    onTestFinished(() => line.stop());
    const { host } = await plugIn(family, line.address);
    await opens(host);
    await host.ask(connect, 'OK', connected);
    const receiver = new KeptClient(broker, 'receiver');
    await receiver.subscribe('once');
    const isCut = line.cutAfter(side, cmd);
    await family.publish(host, 2, 'one');
    await isCut;
    await broker.restart();
    line.mend();
    await host.reads(...family.lost.publishing);
    await opens(host);
    await host.ask(connect, 'OK', connected);
    // The broker answers only when it is done with what was sent again before.
    await family.publish(host, 2, 'two');
    await host.reads(published);
    expect(await receiver.collect()).toEqual(['one', 'two']);
  });
});
