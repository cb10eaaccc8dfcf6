/** Every MQTT command in every state of a client: a table, and each cell played. */
import { describe, expect, test } from 'vitest';
import { listenTcp } from '../../support/listeners.js';
import { ModemUnderTest } from '../modem/modem-under-test.js';

const states = ['closed', 'dialling', 'opened', 'connecting', 'connected', 'disconnected', 'lost'] as const;
type State = (typeof states)[number];

const commands = {
  QMTOPEN: 'AT+QMTOPEN=0,"broker.test",1883',
  QMTCONN: 'AT+QMTCONN=0,"dev01"',
  QMTDISC: 'AT+QMTDISC=0',
  QMTCLOSE: 'AT+QMTCLOSE=0',
  QMTSUB: 'AT+QMTSUB=0,1,"t",1',
  QMTUNS: 'AT+QMTUNS=0,2,"t"',
  QMTPUB: 'AT+QMTPUB=0,3,1,0,"t"',
  QMTPUBEX: 'AT+QMTPUBEX=0,4,1,0,"t",5',
  QMTRECV: 'AT+QMTRECV=0',
  'QMTOPEN?': 'AT+QMTOPEN?',
  'QMTCONN?': 'AT+QMTCONN?',
  'QMTRECV?': 'AT+QMTRECV?',
} as const;
type Command = keyof typeof commands;

/** The lines that follow, or the prompt. */
type Answer = readonly string[];
const error: Answer = ['ERROR'];
const ok: Answer = ['OK'];
const inUse: Answer = ['OK', '+QMTOPEN: 0,2'];
const closes: Answer = ['OK', '+QMTCLOSE: 0,0'];
const slots = '+QMTRECV: 0,0,0,0,0,0';
const prompt: Answer = ['> '];

const withoutLink: Readonly<Record<Command, Answer>> = {
  QMTOPEN: ['OK', '+QMTOPEN: 0,0'],
  QMTCONN: error,
  QMTDISC: error,
  QMTCLOSE: error,
  QMTSUB: error,
  QMTUNS: error,
  QMTPUB: error,
  QMTPUBEX: error,
  QMTRECV: ok,
  'QMTOPEN?': ok,
  'QMTCONN?': ok,
  'QMTRECV?': ok,
};

const answers: Readonly<Record<State, Readonly<Record<Command, Answer>>>> = {
  closed: withoutLink,
  disconnected: withoutLink,
  lost: withoutLink,
  dialling: { ...withoutLink, QMTOPEN: inUse, QMTCLOSE: closes },
  opened: {
    ...withoutLink,
    QMTOPEN: inUse,
    QMTCONN: ['OK', '+QMTCONN: 0,0,0'],
    QMTCLOSE: closes,
    'QMTOPEN?': ['+QMTOPEN: 0,"broker.test",1883', 'OK'],
    'QMTCONN?': ['+QMTCONN: 0,1', 'OK'],
    'QMTRECV?': [slots, 'OK'],
  },
  connecting: {
    ...withoutLink,
    QMTOPEN: inUse,
    QMTCLOSE: ['OK', '+QMTCONN: 0,2', '+QMTCLOSE: 0,0'],
    'QMTOPEN?': ['+QMTOPEN: 0,"silent.test",1883', 'OK'],
    'QMTCONN?': ['+QMTCONN: 0,2', 'OK'],
    'QMTRECV?': [slots, 'OK'],
  },
  connected: {
    QMTOPEN: inUse,
    QMTCONN: error,
    QMTDISC: ['OK', '+QMTDISC: 0,0'],
    QMTCLOSE: closes,
    QMTSUB: ['OK', '+QMTSUB: 0,1,0,1'],
    QMTUNS: ['OK', '+QMTUNS: 0,2,0'],
    QMTPUB: prompt,
    QMTPUBEX: prompt,
    QMTRECV: ok,
    'QMTOPEN?': ['+QMTOPEN: 0,"broker.test",1883', 'OK'],
    'QMTCONN?': ['+QMTCONN: 0,3', 'OK'],
    'QMTRECV?': [slots, 'OK'],
  },
};

const opens = async ({ host }: ModemUnderTest, name = 'broker.test') =>
  host.dialogue(`AT+QMTOPEN=0,"${name}",1883`, '\r\nOK\r\n\r\n+QMTOPEN: 0,0\r\n');
const connects = async (under: ModemUnderTest) => {
  await opens(under);
  await under.host.dialogue(commands.QMTCONN, '\r\nOK\r\n\r\n+QMTCONN: 0,0,0\r\n');
};

const enter: Readonly<Record<State, (under: ModemUnderTest) => Promise<void>>> = {
  closed: async () => {},
  dialling: async ({ host }) => {
    await host.dialogue('AT+QMTCFG="ssl",0,1,0', '\r\nOK\r\n');
    await host.dialogue('AT+QMTOPEN=0,"silent.test",8883', '\r\nOK\r\n');
  },
  opened: opens,
  connecting: async under => {
    await opens(under, 'silent.test');
    await under.host.dialogue(commands.QMTCONN, '\r\nOK\r\n');
  },
  connected: connects,
  disconnected: async under => {
    await connects(under);
    await under.host.dialogue(commands.QMTDISC, '\r\nOK\r\n\r\n+QMTDISC: 0,0\r\n');
  },
  lost: async under => {
    await connects(under);
    under.modem.surroundings.cellular.packetData.deactivateByNetwork();
    await under.host.expects('\r\n+QMTSTAT: 0,7\r\n\r\n+QIURC: "pdpdeact",1\r\n');
  },
};

/** As the module lays them out: the lines of one command are one block, what follows stands apart. */
const bytesOf = (answer: Answer): string =>
  answer === prompt ? '\r\n> ' : answer.map(line => `\r\n${line}\r\n`).join('');

describe.each(states)('a client that is %s', state => {
  test.each(Object.keys(commands) as Command[])('%s', async command => {
    const port = await listenTcp(socket => socket.resume());
    const routes = ['broker.test=embedded', `silent.test=127.0.0.1:${port}`];
    const under = await ModemUnderTest.start('quectel', { broker: 'embedded:0', routes });
    await enter[state](under);
    await under.host.dialogue(commands[command], bytesOf(answers[state][command]));
    expect(under.complaints).toEqual([]);
  });
});
