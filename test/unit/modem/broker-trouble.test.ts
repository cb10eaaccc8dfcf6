/**
 * Brokers that break off, hang, refuse and talk nonsense, at every point of the dialogue: the host sees what the module
 * says then, the modem lets go of the link, and the next attempt works.
 */
import { describe, expect, test } from 'vitest';
import { FakeBroker, type FakeLink } from '../../support/fake-broker.js';
import { ModemUnderTest } from './modem-under-test.js';
import type { TestHost } from './test-host.js';

const lines = (...texts: string[]) => texts.map(text => `\r\n${text}\r\n`).join('');

const moments = [
  'before CONNACK',
  'before SUBACK',
  'before PUBACK',
  'before PUBACK of typed data',
  'between PUBREC and PUBCOMP',
  'at rest',
] as const;
type Moment = (typeof moments)[number];

/** What a host of this dialect types, and what it sees. */
interface Dialogue {
  dialect: string;
  /** Up to the link, with no CONNECT yet where that is a command of its own. */
  begin: [command: string, answer: string][];
  connect: [command: string, answer: string];
  subscribe: [command: string, answer: string];
  publish: (qos: 1 | 2) => string;
  publishTyped: [command: string, prompt: string];
  /** All that the host sees from its command on, when the link is lost at that moment. */
  lost: Record<Moment, string>;
  /** The same, when nothing comes and the module's patience is over. */
  unanswered: Partial<Record<Moment, string>>;
  /** When CONNACK refuses; when SUBACK does. */
  refused: { connect: string; subscribe: string };
  /** Before it begins again. */
  tidyUp: [command: string, answer: string][];
}

const wifi = (dialect: string, failed: string, connected: string, publishFailed: string): Dialogue => ({
  dialect,
  begin: [['AT+MQTTUSERCFG=0,1,"dev1","","",0,0,""', lines('OK')]],
  connect: ['AT+MQTTCONN=0,"broker.example",1883,0', `${connected}\r\n${lines('OK')}`],
  subscribe: ['AT+MQTTSUB=0,"t",1', lines('OK')],
  publish: qos => `AT+MQTTPUB=0,"t","x",${qos},0`,
  publishTyped: ['AT+MQTTPUBRAW=0,"t",1,1,0', `${lines('OK')}\r\n>`],
  lost: {
    'before CONNACK': failed,
    'before SUBACK': failed,
    'before PUBACK': failed,
    'before PUBACK of typed data': publishFailed,
    'between PUBREC and PUBCOMP': failed,
    'at rest': '+MQTTDISCONNECTED:0\r\n',
  },
  unanswered: {
    'before CONNACK': failed,
    'before SUBACK': lines('ERROR'),
    'before PUBACK': lines('ERROR'),
    'before PUBACK of typed data': publishFailed,
    'between PUBREC and PUBCOMP': lines('ERROR'),
  },
  refused: { connect: failed, subscribe: lines('ERROR') },
  tidyUp: [['AT+MQTTCLEAN=0', lines('OK')]],
});

const dialogues: Dialogue[] = [
  {
    dialect: 'luat',
    begin: [['AT+MIPSTART="broker.example",1883', lines('OK', 'CONNECT OK')]],
    connect: ['AT+MCONNECT=1,60', lines('OK', 'CONNACK OK')],
    subscribe: ['AT+MSUB="t",1', lines('OK', 'SUBACK')],
    publish: qos => `AT+MPUB="t",${qos},0,"x"`,
    publishTyped: ['AT+MPUBEX="t",1,0,1', '\r\n>'],
    lost: {
      'before CONNACK': lines('OK', 'CLOSED'),
      'before SUBACK': lines('OK', 'CLOSED'),
      'before PUBACK': lines('OK', 'CLOSED'),
      'before PUBACK of typed data': lines('OK', 'CLOSED'),
      'between PUBREC and PUBCOMP': lines('OK', 'PUBREC', 'CLOSED'),
      'at rest': lines('CLOSED'),
    },
    unanswered: {
      'before CONNACK': lines('OK', 'ERROR'),
      'before SUBACK': lines('OK'),
      'before PUBACK': lines('OK'),
      'before PUBACK of typed data': lines('OK'),
      'between PUBREC and PUBCOMP': lines('OK', 'PUBREC'),
    },
    refused: { connect: lines('OK', 'ERROR', 'CLOSED'), subscribe: lines('OK', 'ERROR') },
    tidyUp: [],
  },
  wifi('w800', lines('ERROR'), '+MQTTCONNECTED:0,1,"broker.example",1883,"",0', lines('+MQTTPUB:FAIL')),
  wifi(
    'esp-at',
    `+MQTTDISCONNECTED:0\r\n${lines('ERROR')}`,
    '+MQTTCONNECTED:0,1,"broker.example","1883","",0',
    '+MQTTPUB:FAIL\r\n',
  ),
];

const breaks: Record<string, (link: FakeLink) => void> = {
  closes: link => void link.socket.end(),
  resets: link => void link.socket.resetAndDestroy(),
  'talks HTTP': link => link.send(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')),
  'sends a packet of no type': link => link.send(Buffer.from([0x00, 0x00])),
  'announces 256 MB': link => link.send(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f, 0x00, 0x01, 0x74])),
};

class Trouble {
  private constructor(
    readonly dialogue: Dialogue,
    readonly modem: ModemUnderTest,
    readonly broker: FakeBroker,
  ) {}

  static async start(dialogue: Dialogue): Promise<Trouble> {
    const broker = await FakeBroker.start();
    const modem = await ModemUnderTest.start(dialogue.dialect, { routes: [`broker.example=127.0.0.1:${broker.port}`] });
    if (modem.modem.dialect.bearer === 'wifi') {
      await modem.host.asks('AT+CWMODE=1');
      await modem.host.asks('AT+CWJAP="workshop","password"');
    }
    return new Trouble(dialogue, modem, broker);
  }

  get host(): TestHost {
    return this.modem.host;
  }

  /** Up to the moment: the command is typed, the broker has it, and nothing is answered yet. */
  async upTo(moment: Moment): Promise<FakeLink> {
    const { dialogue, host } = this;
    if (moment === 'before CONNACK') return this.greet();
    const link = await this.connect();
    switch (moment) {
      case 'before SUBACK':
        this.#types(dialogue.subscribe[0]);
        await link.next('subscribe');
        break;
      case 'before PUBACK':
        this.#types(dialogue.publish(1));
        await link.next('publish');
        break;
      case 'before PUBACK of typed data':
        await host.dialogue(...dialogue.publishTyped);
        host.types('x');
        await link.next('publish');
        break;
      case 'between PUBREC and PUBCOMP': {
        this.#types(dialogue.publish(2));
        const { messageId } = await link.next('publish');
        link.send({ cmd: 'pubrec', messageId });
        await link.next('pubrel');
        break;
      }
      case 'at rest':
    }
    return link;
  }

  /** CONNECT is there, CONNACK is not. */
  async greet(): Promise<FakeLink> {
    for (const [command, answer] of this.dialogue.begin) await this.host.dialogue(command, answer);
    this.#types(this.dialogue.connect[0]);
    const link = await this.broker.link();
    await link.next('connect');
    return link;
  }

  async connect(): Promise<FakeLink> {
    const link = await this.greet();
    link.send({ cmd: 'connack', returnCode: 0, sessionPresent: false });
    await this.host.expects(this.dialogue.connect[1]);
    return link;
  }

  /** From the beginning, up to a subscription. */
  async worksAgain(): Promise<void> {
    for (const [command, answer] of this.dialogue.tidyUp) await this.host.dialogue(command, answer);
    await this.subscribes(await this.connect());
  }

  async subscribes(link: FakeLink): Promise<void> {
    const [command, answer] = this.dialogue.subscribe;
    this.#types(command);
    const { messageId } = await link.next('subscribe');
    link.send({ cmd: 'suback', messageId, granted: [1] });
    await this.host.expects(answer);
    expect(this.modem.complaints).toEqual([]);
  }

  #types(line: string): void {
    this.host.types(line + this.host.lineEnd);
  }
}

describe.each(dialogues)('$dialect', dialogue => {
  describe.each(Object.entries(breaks))('a broker that %s', (_, breakOff) => {
    test.each(moments)('%s', async moment => {
      const trouble = await Trouble.start(dialogue);
      const link = await trouble.upTo(moment);
      breakOff(link);
      await trouble.host.expects(dialogue.lost[moment]);
      await link.closed();
      await trouble.worksAgain();
    });
  });

  describe('a broker that hangs', () => {
    test.each(moments.filter(moment => moment in dialogue.unanswered))('%s', async moment => {
      const trouble = await Trouble.start(dialogue);
      const link = await trouble.upTo(moment);
      trouble.modem.clock.advance(15_000);
      await trouble.host.expects(dialogue.unanswered[moment]!);
      if (moment === 'before CONNACK') await trouble.worksAgain();
      else await trouble.subscribes(link);
    });
  });

  test.each([1, 2, 3, 4, 5, 255])('a broker that refuses CONNECT with code %i', async code => {
    const trouble = await Trouble.start(dialogue);
    const link = await trouble.greet();
    link.send(Buffer.from([0x20, 2, 0, code]));
    link.socket.end();
    await trouble.host.expects(dialogue.refused.connect);
    await trouble.worksAgain();
  });

  test('a broker that refuses a subscription: the link stays', async () => {
    const trouble = await Trouble.start(dialogue);
    const link = await trouble.upTo('before SUBACK');
    link.send({ cmd: 'suback', messageId: 1, granted: [0x80] });
    await trouble.host.expects(dialogue.refused.subscribe);
    await trouble.subscribes(link);
  });

  test('a broker that sends what was not asked for: the link stays', async () => {
    const trouble = await Trouble.start(dialogue);
    const link = await trouble.connect();
    link.send(
      { cmd: 'connack', returnCode: 0, sessionPresent: false },
      { cmd: 'puback', messageId: 7 },
      { cmd: 'suback', messageId: 8, granted: [0] },
      { cmd: 'pingresp' },
    );
    await trouble.subscribes(link);
  });
});
