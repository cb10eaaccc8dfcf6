/** All 36 result codes of the MQTT commands, each by a situation that produces it through the AT port. */
import { describe, expect, test } from 'vitest';
import { certificate, identity } from '../../support/certificates.js';
import { FakeBroker } from '../../support/fake-broker.js';
import { closedPort, listenTls } from '../../support/listeners.js';
import { SimcomHost } from './simcom-host.js';

interface Situation {
  code: number;
  /** SC_MQTT_RESULT_… of the SDK. */
  name: string;
  when: string;
  /** Leaves the code as the last thing that the host has read. */
  produce: () => Promise<void>;
}

/** A code for which nothing here can go wrong: it is injected, and the reason is `when`. */
function injected(code: number, name: string, why: string, command: string, line: string): Situation {
  const produce = async () => {
    const broker = await FakeBroker.start();
    const settings = { 'inject-result': code, 'inject-command': command };
    const host = await SimcomHost.start({ 'broker.test': broker.port }, { settings });
    await host.begins();
    await host.says(line, `+CMQTT${command}: ${command === 'STOP' ? '' : '0,'}${code}`, 'ERROR');
  };
  return { code, name, when: `injected: ${why}`, produce };
}

/** CONNACK with a return code other than 0. */
function refused(code: number, name: string, returnCode: number): Situation {
  const produce = async () => {
    const { host, broker } = await acquired();
    host.under.host.types(connectLine);
    const link = await broker.link();
    await link.next('connect');
    link.send({ cmd: 'connack', returnCode, sessionPresent: false });
    await host.expects('OK', `+CMQTTCONNECT: 0,${code}`);
  };
  return { code, name, when: `CONNACK ${returnCode}`, produce };
}

const connectLine = 'AT+CMQTTCONNECT=0,"tcp://broker.test:1883",60,1\r';

async function acquired() {
  const broker = await FakeBroker.start();
  const host = await SimcomHost.start({ 'broker.test': broker.port });
  await host.begins();
  return { host, broker };
}

async function connected() {
  const { host, broker } = await acquired();
  host.under.host.types(connectLine);
  const link = await broker.link();
  await link.accept();
  await host.expects('OK', '+CMQTTCONNECT: 0,0');
  return { host, link };
}

/** A TLS server of the test CA, and a client that shows and trusts what it is told. */
async function overTls(configuration: Readonly<Record<string, string>>, code: number): Promise<void> {
  const port = await listenTls(identity('server'));
  const certs = {
    'ca.pem': certificate('ca.pem'),
    'other-ca.pem': certificate('other-ca.pem'),
    'client.pem': certificate('client.pem'),
    'wrong-key.pem': certificate('mismatched.key'),
  };
  const host = await SimcomHost.start({ 'broker.test': port }, { certs });
  await host.begins(1);
  for (const [item, value] of Object.entries(configuration)) await host.says(`AT+CSSLCFG="${item}",0,${value}`, 'OK');
  await host.says('AT+CMQTTCONNECT=0,"tcp://broker.test:8883",60,1', 'OK', `+CMQTTCONNECT: 0,${code}`);
}

const situations: readonly Situation[] = [
  { code: 0, name: 'SUCCESS', when: 'a broker accepts', produce: async () => void (await connected()) },
  {
    code: 1,
    name: 'FAIL',
    when: 'SUBACK says 0x80',
    produce: async () => {
      const { host, link } = await connected();
      await host.sends('AT+CMQTTSUB=0,3,1', 'a/1', 'OK');
      const { messageId } = await link.next('subscribe');
      link.send({ cmd: 'suback', messageId, granted: [128] });
      await host.expects('+CMQTTSUB: 0,1');
    },
  },
  {
    code: 2,
    name: 'BAD_UTF8_STR',
    when: 'a topic that is no UTF-8',
    produce: async () => {
      const { host } = await connected();
      await host.sends('AT+CMQTTTOPIC=0,2', '\xc3(', '+CMQTTTOPIC: 0,2', 'ERROR');
    },
  },
  {
    code: 3,
    name: 'SOCK_CONN_FAIL',
    when: 'nobody listens there',
    produce: async () => {
      const host = await SimcomHost.start({ 'broker.test': await closedPort() });
      await host.begins();
      await host.says(connectLine.trimEnd(), '+CMQTTCONNECT: 0,3', 'ERROR');
    },
  },
  {
    code: 4,
    name: 'SOCK_CREATE_FAIL',
    when: 'the operator lets no link be made there (dial: routes)',
    produce: async () => {
      const host = await SimcomHost.start({}, { dial: 'routes' });
      await host.begins();
      await host.says('AT+CMQTTCONNECT=0,"tcp://192.0.2.1:1883",60,1', '+CMQTTCONNECT: 0,4', 'ERROR');
    },
  },
  injected(5, 'SOCK_CLOSE_FAIL', 'closing a TCP link does not fail here', 'DISC', 'AT+CMQTTDISC=0,60'),
  {
    code: 6,
    name: 'RCV_FAIL',
    when: 'the broker sends something else in place of CONNACK',
    produce: async () => {
      const { host, broker } = await acquired();
      host.under.host.types(connectLine);
      const link = await broker.link();
      await link.next('connect');
      link.send({ cmd: 'pingresp' });
      await host.expects('OK', '+CMQTTCONNECT: 0,6');
    },
  },
  {
    code: 7,
    name: 'NETWORK_OPEN_FAIL',
    when: 'the network has refused the module',
    produce: async () => {
      const host = await SimcomHost.start();
      host.under.modem.surroundings.cellular.registration.set(3);
      await host.expects('+CGEV: EPS PDN DEACT 1');
      await host.says('AT+CMQTTSTART', 'OK', '+CMQTTSTART: 7');
    },
  },
  injected(8, 'NETWORK_CLOSE_FAIL', 'leaving the service asks nothing of the network', 'STOP', 'AT+CMQTTSTOP'),
  {
    code: 9,
    name: 'NETWORK_NO_OPEN',
    when: 'SIM7600 is told to stop what never started',
    produce: async () => {
      const host = await SimcomHost.start({}, { dialect: 'simcom-sim7600' });
      await host.says('AT+CMQTTSTOP', '+CMQTTSTOP: 9', 'ERROR');
    },
  },
  injected(10, 'CLINET_INDEX_ERR', 'AT answers an index outside 0-1 with ERROR', 'REL', 'AT+CMQTTREL=0'),
  {
    code: 11,
    name: 'NO_CONNECTION',
    when: 'a topic before the connection',
    produce: async () => {
      const { host } = await acquired();
      await host.says('AT+CMQTTTOPIC=0,3', '+CMQTTTOPIC: 0,11', 'ERROR');
    },
  },
  {
    code: 12,
    name: 'INVALID_PARAMETER',
    when: 'a topic in quotes without argtopic',
    produce: async () => {
      const { host } = await connected();
      await host.says('AT+CMQTTSUB=0,"topic",1', '+CMQTTSUB: 0,12', 'ERROR');
    },
  },
  injected(13, 'OPERATION_NOT_SUPPORT', 'these commands ask nothing unsupported', 'PUB', 'AT+CMQTTPUB=0,0,60'),
  {
    code: 14,
    name: 'BUSY',
    when: 'a connection while there is one',
    produce: async () => {
      const { host } = await connected();
      await host.says(connectLine.trimEnd(), '+CMQTTCONNECT: 0,14', 'ERROR');
    },
  },
  {
    code: 15,
    name: 'REQ_CONNECTION_FAIL',
    when: 'no CONNACK within optimeout',
    produce: async () => {
      const { host, broker } = await acquired();
      host.under.host.types(connectLine);
      const link = await broker.link();
      await link.next('connect');
      await host.expects('OK');
      host.under.clock.advance(120_000);
      await host.expects('+CMQTTCONNECT: 0,15');
    },
  },
  {
    code: 16,
    name: 'SOCK_SENDING_FAIL',
    when: 'the link is reset under a publish',
    produce: async () => {
      const { host, link } = await connected();
      await host.names('a/1');
      await host.says('AT+CMQTTPUB=0,1,60', 'OK');
      await link.next('publish');
      link.socket.resetAndDestroy();
      await host.expects('+CMQTTPUB: 0,16', '+CMQTTCONNLOST: 0,2');
    },
  },
  {
    code: 17,
    name: 'TIMEOUT',
    when: 'no PUBACK within pub_timeout',
    produce: async () => {
      const { host, link } = await connected();
      await host.names('a/1');
      await host.says('AT+CMQTTPUB=0,1,5', 'OK');
      await link.next('publish');
      host.under.clock.advance(5000);
      await host.expects('+CMQTTPUB: 0,17');
    },
  },
  {
    code: 18,
    name: 'TOPIC_EMPTY',
    when: 'a publish without a topic',
    produce: async () => {
      const { host } = await connected();
      await host.says('AT+CMQTTPUB=0,0,60', '+CMQTTPUB: 0,18', 'ERROR');
    },
  },
  {
    code: 19,
    name: 'CLIENT_IN_USE',
    when: 'the client is acquired already',
    produce: async () => {
      const { host } = await acquired();
      await host.says('AT+CMQTTACCQ=0,"other"', '+CMQTTACCQ: 0,19', 'ERROR');
    },
  },
  {
    code: 20,
    name: 'CLIENT_NOT_ACCQ',
    when: 'the client was never acquired',
    produce: async () => {
      const { host } = await acquired();
      await host.says('AT+CMQTTREL=1', '+CMQTTREL: 1,20', 'ERROR');
    },
  },
  {
    code: 21,
    name: 'CLIENT_NOT_REL',
    when: 'stop while a client is acquired',
    produce: async () => {
      const { host } = await acquired();
      await host.says('AT+CMQTTSTOP', '+CMQTTSTOP: 21', 'ERROR');
    },
  },
  {
    code: 22,
    name: 'EXCEED_MAX_VAL',
    when: 'a payload of 10,241 bytes',
    produce: async () => {
      const { host } = await connected();
      await host.says('AT+CMQTTPAYLOAD=0,10241', '+CMQTTPAYLOAD: 0,22', 'ERROR');
    },
  },
  {
    code: 23,
    name: 'NETWORK_HAVE_OPENED',
    when: 'SIM7600 is started twice',
    produce: async () => {
      const host = await SimcomHost.start({}, { dialect: 'simcom-sim7600' });
      await host.starts();
      await host.says('AT+CMQTTSTART', '+CMQTTSTART: 23', 'ERROR');
    },
  },
  {
    code: 24,
    name: 'PACKET_FAIL',
    when: 'no PUBLISH can be made: a wildcard in the topic [MQTT-3.3.2-2]',
    produce: async () => {
      const { host } = await connected();
      await host.names('a/#');
      await host.says('AT+CMQTTPUB=0,1,60', 'OK', '+CMQTTPUB: 0,24');
    },
  },
  {
    code: 25,
    name: 'DNS_ERROR',
    when: 'a name that nobody has',
    produce: async () => {
      const host = await SimcomHost.start({}, { dial: 'any' });
      await host.begins();
      await host.says('AT+CMQTTCONNECT=0,"tcp://broker.invalid:1883",60,1', 'OK', '+CMQTTCONNECT: 0,25');
    },
  },
  {
    code: 26,
    name: 'SOCK_CLOSE',
    when: 'the broker closes in place of CONNACK',
    produce: async () => {
      const { host, broker } = await acquired();
      host.under.host.types(connectLine);
      const link = await broker.link();
      await link.next('connect');
      link.socket.end();
      await host.expects('OK', '+CMQTTCONNECT: 0,26');
    },
  },
  refused(27, 'UNACCEPTED_PROTOCOL_VER', 1),
  refused(28, 'ID_REJECTED', 2),
  refused(29, 'SER_UNVAILBLE', 3),
  refused(30, 'BAD_USERNAME_PWD', 4),
  refused(31, 'NOT_AUTHORIZED', 5),
  {
    code: 32,
    name: 'SSL_HANDSHAKE_ERR',
    when: 'the server is of another CA',
    produce: () => overTls({ authmode: '1', cacert: '"other-ca.pem"' }, 32),
  },
  {
    code: 33,
    name: 'NOT_SET_CERTS',
    when: 'authmode 1, and no CA is named',
    produce: () => overTls({ authmode: '1' }, 33),
  },
  {
    code: 34,
    name: 'OPEN_SESSION_ERR',
    when: 'the key does not fit the certificate',
    produce: () => overTls({ authmode: '3', clientcert: '"client.pem"', clientkey: '"wrong-key.pem"' }, 34),
  },
  injected(35, 'DISCONN_FAIL', 'DISCONNECT and FIN always go out', 'DISC', 'AT+CMQTTDISC=0,60'),
];

describe('result codes of +CMQTT', () => {
  test.each(situations)('$code $name: $when', async ({ produce }) => {
    expect.hasAssertions();
    await produce();
  });

  test('every code of the manual has its situation, once', () => {
    expect(situations.map(({ code }) => code)).toEqual(Array.from({ length: 36 }, (_, code) => code));
  });

  test.each([
    ['START', 'AT+CMQTTSTART', '+CMQTTSTART: 13'],
    ['ACCQ', 'AT+CMQTTACCQ=1,"dev02"', '+CMQTTACCQ: 1,13'],
    ['CONNECT', 'AT+CMQTTCONNECT=0,"tcp://broker.test",60,1', '+CMQTTCONNECT: 0,13'],
    ['TOPIC', 'AT+CMQTTTOPIC=0,3', '+CMQTTTOPIC: 0,13'],
    ['PAYLOAD', 'AT+CMQTTPAYLOAD=0,3', '+CMQTTPAYLOAD: 0,13'],
    ['PUB', 'AT+CMQTTPUB=0,"a/1",0,3', '+CMQTTPUB: 0,13'],
    ['SUB', 'AT+CMQTTSUB=0', '+CMQTTSUB: 0,13'],
    ['SUB', 'AT+CMQTTSUB=0,3,1', '+CMQTTSUB: 0,13'],
    ['SUB', 'AT+CMQTTSUB=0,"a/1",1', '+CMQTTSUB: 0,13'],
    ['UNSUB', 'AT+CMQTTUNSUB=0,0', '+CMQTTUNSUB: 0,13'],
    ['UNSUB', 'AT+CMQTTUNSUB=0,3,0', '+CMQTTUNSUB: 0,13'],
    ['UNSUB', 'AT+CMQTTUNSUB=0,"a/1"', '+CMQTTUNSUB: 0,13'],
  ])('a code is injected at %s: %s', async (command, line, answer) => {
    const settings = { 'inject-result': 13, 'inject-command': command };
    const host = await SimcomHost.start({}, { settings });
    if (command !== 'START') await host.starts();
    if (command !== 'START' && command !== 'ACCQ') await host.acquires();
    await host.says(line, answer, 'ERROR');
  });

  test('an injected code spares the other commands', async () => {
    const host = await SimcomHost.start({}, { settings: { 'inject-result': 13, 'inject-command': 'PUB' } });
    await host.begins();
    await host.says('AT+CMQTTREL=0', 'OK');
  });
});
