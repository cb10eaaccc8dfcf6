/** Brings a modem online: to the network, and to a broker, with the dialect's own commands. */
import { expect } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import { FakeBroker, type FakeLink } from '../../support/fake-broker.js';
import { patience, turns } from '../../support/patience.js';
import { ModemUnderTest, type Plan } from './modem-under-test.js';

const wifi = ['AT+CWMODE=1', 'AT+CWJAP="ssid","password"'];
const espMqtt = ['AT+MQTTUSERCFG=0,1,"unit","","",0,0,""', 'AT+MQTTCONN=0,"broker.example",1883,0'];

/** The lines of each dialect that end with a client that is up. */
export const onlineLines = {
  luat: ['AT+MCONFIG="unit"', 'AT+MIPSTART="broker.example",1883', 'AT+MCONNECT=1,60'],
  w800: [...wifi, ...espMqtt],
  'esp-at': [...wifi, ...espMqtt],
  './examples/vendor.yaml': ['AT+MQCFG="unit"', 'AT+MQOPEN="broker.example",1883,60'],
} as const;

export type OnlineDialect = keyof typeof onlineLines;

export const onlineDialects = Object.keys(onlineLines) as OnlineDialect[];

/** With the embedded broker, and every host name leading to it, unless the plan says otherwise. */
export async function startOnline(dialect: OnlineDialect, plan: Plan = {}): Promise<ModemUnderTest> {
  const test = await ModemUnderTest.start(dialect, { broker: 'embedded:0', routes: ['*=embedded'], ...plan });
  await goOnline(test, dialect);
  return test;
}

export async function goOnline(test: ModemUnderTest, dialect: OnlineDialect): Promise<void> {
  for (const line of onlineLines[dialect]) {
    test.host.types(line + test.host.lineEnd);
    await finished(test);
  }
  expect(test.modem.clients.ifAny(0)?.client.state).toBe('up');
  for (const host of test.hosts) host.take();
}

/** Until no command line runs and no dial is under way. Real sockets take turns of the event loop, not of the clock. */
export async function finished({ modem, host }: ModemUnderTest): Promise<void> {
  const isBusy = () =>
    modem.channels.some(({ state }) => state === 'executing') ||
    ['dialling', 'connecting'].includes(modem.clients.ifAny(0)?.client.state ?? 'idle');
  const deadline = systemClock.now() + patience;
  do await turns(4);
  while (isBusy() && systemClock.now() < deadline);
  if (isBusy()) throw new Error(`a command line still runs; it wrote ${JSON.stringify(host.port.output)}`);
  await turns(12);
}

/** Online at a broker that, from CONNACK on, does only what the test tells it to. */
export async function startAtFakeBroker(
  dialect: OnlineDialect,
  plan: Plan = {},
): Promise<{ test: ModemUnderTest; link: FakeLink; broker: FakeBroker }> {
  const broker = await FakeBroker.start();
  const accepted = broker.link().then(async link => {
    await link.accept();
    return link;
  });
  const test = await startOnline(dialect, { broker: 'none', routes: [`*=127.0.0.1:${broker.port}`], ...plan });
  return { test, link: await accepted, broker };
}
