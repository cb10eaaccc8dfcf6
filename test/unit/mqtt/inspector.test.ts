/** Raw packets through a TCP link, as firmware makes them by hand: told as the dialogue tells them, and their mistakes named. */
import { describe, expect, test } from 'vitest';
import { LinkInspector } from '../../../src/mqtt/inspector.js';
import {
  bytes,
  connect,
  connectBody,
  connectLine,
  hex,
  json,
  ping,
  postTopic,
  publish,
  publishBody,
  publishLine,
  shown,
  sized,
  subscribe,
  subscribeLine,
  told,
} from './hand-made.js';

describe('packets made by hand', () => {
  test('a device signs in, subscribes and posts', () => {
    const inspector = new LinkInspector();
    const dialogue = [
      inspector.sent(connect),
      inspector.received(hex('20 02 00 00')),
      inspector.sent(subscribe),
      inspector.received(hex('90 03 00 0A 00')),
      inspector.sent(publish),
      inspector.received(bytes('32 09 00 03 "a/b" 00 07 "hi" 40 02 00')),
      inspector.received(hex('05')),
      inspector.sent(hex('40 02 00 07')),
      inspector.sent(ping),
      inspector.received(hex('D0 00')),
      inspector.sent(bytes('A2 07 00 0B 00 03 "a/b"')),
      inspector.received(hex('B0 02 00 0B')),
      inspector.sent(hex('E0 00')),
      inspector.ended(),
    ];
    expect(dialogue.flat().map(shown)).toEqual([
      connectLine,
      '< CONNACK 0',
      subscribeLine,
      '< SUBACK 0 id 10',
      publishLine,
      '< PUBLISH a/b qos 1 id 7, 2 bytes',
      '< PUBACK id 5',
      '> PUBACK id 7',
      '> PINGREQ',
      '< PINGRESP',
      '> UNSUBSCRIBE a/b id 11',
      '< UNSUBACK id 11',
      '> DISCONNECT',
    ]);
  });

  test('a refusal says what it means', () => {
    const inspector = new LinkInspector();
    inspector.sent(connect);
    expect(inspector.received(hex('20 02 00 04')).map(shown)).toEqual(['< CONNACK 4 (bad user name or password)']);
  });

  test('several packets in one write, and one packet in several', () => {
    const all = [connectLine, subscribeLine, publishLine, '> PINGREQ'];
    expect(told(Buffer.concat([connect, subscribe, publish, ping]))).toEqual(all);
    expect(told(connect.subarray(0, 5), connect.subarray(5), subscribe, hex('30'), publish.subarray(1), ping)).toEqual(
      all,
    );
  });

  test('MQTT 3.1 has its own name', () => {
    const old = bytes('10 10 00 06 "MQIsdp" 03 02 00 3C 00 02 "me"');
    expect(told(old)).toEqual(['> CONNECT "me" keepalive 60 clean']);
  });

  test('a will is passed over, its QoS looked at', () => {
    const will = (flags: string) => bytes(`10 18 00 04 "MQTT" 04 ${flags} 00 3C 00 02 "me" 00 03 "a/b" 00 03 "off"`);
    expect(told(will('0E'))).toEqual(['> CONNECT "me" keepalive 60 clean']);
    expect(told(will('1E'))).toEqual(['> CONNECT "me" keepalive 60 clean ! there is no will QoS 3']);
  });

  test('MQTT 5 is let go: its packets are others', () => {
    const inspector = new LinkInspector();
    const five = bytes('10 10 00 04 "MQTT" 05 02 00 3C 00 00 03 "dev"');
    expect(inspector.sent(five).map(shown)).toEqual(['> CONNECT of MQTT 5, which is not inspected']);
    expect(inspector.received(hex('20 03 00 00 00'))).toEqual([]);
    expect(inspector.sent(ping)).toEqual([]);
  });

  test('a payload of 10 MB is counted', () => {
    const inspector = new LinkInspector();
    inspector.sent(connect);
    const megabyte = Buffer.alloc(1_000_000, 'x');
    // 10,000,000 and 3 bytes of topic.
    const begun = inspector.sent(bytes('30 83 AD E2 04 00 01 "t"'));
    const during = Array.from({ length: 9 }, () => inspector.sent(megabyte));
    expect([begun, ...during].flat()).toEqual([]);
    expect(inspector.sent(Buffer.concat([megabyte, ping])).map(shown)).toEqual([
      '> PUBLISH t qos 0, 10000000 bytes',
      '> PINGREQ',
    ]);
  });

  test('what a stranger writes comes escaped, and short', () => {
    const inspector = new LinkInspector();
    inspector.sent(connect);
    const moved = inspector.received(bytes('30 08 00 06 1B "[2J" 0D 0A'));
    expect(moved.map(shown)).toEqual(['< PUBLISH \\u001B[2J\\u000D\\u000A qos 0, 0 bytes']);
    const long = inspector.received(Buffer.concat([hex('30 D2 0F 07 D0'), Buffer.alloc(2000, 'x')]));
    expect(long[0]!.text.length).toBeLessThan(500);
    expect(long[0]!.fault).toBeUndefined();
  });
});

describe('a link that is not MQTT is let go at once', () => {
  test.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['HTTP again', Buffer.from('POST /data HTTP/1.1\r\n\r\n')],
    ['TLS', bytes('16 03 01 02 00 01 00 01 FC 03 03 00 00 00 00 00 00 00')],
    ['digits', Buffer.from('0123456789')],
    ['a short word of hex digits', Buffer.from('C000')],
    ['LDAP', hex('30 0C 02 01 01 60 07 02 01 03 04 00 80 00')],
    ['what a broker sends', hex('20 02 00 00')],
    ['noise', hex('FF 00 FF 00')],
  ])('%s', (_, first) => {
    const inspector = new LinkInspector();
    expect(inspector.sent(first)).toEqual([]);
    expect(inspector.sent(connect)).toEqual([]);
    expect(inspector.received(hex('20 02 00 00'))).toEqual([]);
    expect(inspector.ended()).toEqual([]);
  });

  test('one on which nothing is sent', () => {
    const inspector = new LinkInspector();
    expect(inspector.received(Buffer.from('220 ready\r\n'))).toEqual([]);
    expect(inspector.ended()).toEqual([]);
  });
});

describe('a wrong remaining length', () => {
  const topic = '/sys/a1B2c3D4e5F/dev-001/thing/event/property/post';
  const payload = json.replace('"temp":12', '"temp":1');
  const body = Buffer.concat([sized(topic), Buffer.from(payload)]);
  const lineOf = (fault: string, length: number) => `> PUBLISH, remaining length ${length} ! ${fault}`;

  test('without its second byte', () => {
    expect(body.length).toBe(146);
    const fault = 'remaining length 18 but 146 bytes follow: is the second length byte missing?';
    expect(told(connect, Buffer.concat([hex('30 92'), body]))).toEqual([connectLine, lineOf(fault, 18)]);
    expect(told(connect, Buffer.concat([hex('30 12'), body]))).toEqual([connectLine, lineOf(fault, 18)]);
    expect(told(connect, hex('30 92'), body)).toEqual([connectLine, lineOf(fault, 18)]);
    expect(told(connect, Buffer.concat([hex('30 92 01'), body]))).toEqual([
      connectLine,
      `> PUBLISH ${topic} qos 0, 94 bytes`,
    ]);
  });

  test('without its second byte, in a CONNECT', () => {
    const long = Buffer.concat([bytes('00 04 "MQTT" 04 02 00 64'), sized('x'.repeat(188))]);
    expect(told(Buffer.concat([hex('10 C8'), long]))).toEqual([
      '> CONNECT, remaining length 72 ! remaining length 72 but 200 bytes follow: is the second length byte missing?',
    ]);
  });

  test('without its second byte, in writes that hide where it ends', () => {
    const wrong = Buffer.concat([hex('30 92'), body]);
    expect(told(connect, wrong.subarray(0, 21), wrong.subarray(21), publish)).toEqual([
      connectLine,
      lineOf('remaining length 18 is written in 2 bytes: is the second length byte missing?', 18),
      '> 127 bytes, no packet again: no longer inspected',
    ]);
  });

  test('with a second byte too many', () => {
    const padded = bytes('30 87 00 00 03 "a/b" "hi"');
    expect(told(connect, padded, ping)).toEqual([
      connectLine,
      '> PUBLISH a/b qos 0, 2 bytes ! remaining length 7 is written in 2 bytes and takes 1',
      '> PINGREQ',
    ]);
  });

  test('too short', () => {
    expect(told(connect, Buffer.concat([hex('30 28'), publishBody]))).toEqual([
      connectLine,
      lineOf('remaining length 40 but 137 bytes follow', 40),
    ]);
    expect(told(connect, Buffer.concat([hex('30 80 01'), publishBody]))).toEqual([
      connectLine,
      `> PUBLISH ${postTopic} qos 0, 86 bytes ! remaining length 128 but 137 bytes follow`,
    ]);
  });

  test('too short for a CONNECT, of which nothing is shown then', () => {
    expect(told(Buffer.concat([hex('10 4D'), connectBody]))).toEqual([
      '> CONNECT, remaining length 77 ! remaining length 77 but 118 bytes follow',
    ]);
    expect(told(Buffer.concat([hex('10'), connectBody]))).toEqual([
      '> CONNECT, remaining length 0 ! remaining length 0 but 117 bytes follow',
    ]);
  });

  test.each([
    ['the next packet comes', ping, ['> PINGREQ']],
    ['the same comes again', Buffer.concat([hex('30 B3 01'), publishBody.subarray(0, 95)]), undefined],
    ['the link ends', Buffer.alloc(0), []],
  ])('too long, told when %s', (_, next, after) => {
    const short = Buffer.concat([hex('30 89 01'), publishBody.subarray(0, 95)]);
    const fault = `> PUBLISH ${postTopic} qos 0, 53 bytes ! remaining length 137 but only 95 bytes came`;
    const again = `> PUBLISH ${postTopic} qos 0, 53 bytes ! remaining length 179 but only 95 bytes came`;
    expect(told(connect, short, next)).toEqual([connectLine, fault, ...(after ?? [again])]);
  });

  test('too long for a CONNECT, told when SUBSCRIBE comes', () => {
    const long = Buffer.concat([hex('10 78'), connectBody]);
    expect(told(long, subscribe, connect, subscribe)).toEqual([
      '> CONNECT, remaining length 120 ! remaining length 120 but only 118 bytes came',
      '> SUBSCRIBE, remaining length 46',
      `${connectLine} ! a second CONNECT on one link`,
      subscribeLine,
    ]);
  });

  test('in five bytes', () => {
    expect(told(connect, bytes('30 80 80 80 80 01 00 01 "a"'))).toEqual([
      connectLine,
      '> 9 bytes ! a remaining length of more than four bytes',
    ]);
  });

  test('none at all: the link ends inside a fixed header', () => {
    expect(told(connect, hex('30'))).toEqual([connectLine, '> PUBLISH ! it ends inside its fixed header']);
  });

  test('a packet that the broker cut short', () => {
    const inspector = new LinkInspector();
    inspector.sent(connect);
    inspector.received(bytes('30 20 00 03 "a/b" "hi"'));
    expect(inspector.ended().map(shown)).toEqual([
      '< PUBLISH a/b qos 0, 2 bytes ! remaining length 32 but only 7 bytes came',
    ]);
  });

  test('the inside of a packet that looks like another is no border', () => {
    // The keepalive and the client id behind it would be a PUBLISH of length 13.
    const greeting = bytes('10 19 00 04 "MQTT" 04 82 30 0D 00 0B "client-0001" 00 00');
    expect(told(greeting.subarray(0, 10), greeting.subarray(10, 25), greeting.subarray(25))).toEqual([
      '> CONNECT "client-0001" user *** keepalive 12301 clean',
    ]);
  });

  test('a payload that looks like a packet ends where the length says', () => {
    expect(told(connect, bytes('30 07 00 03 "a/b"'), ping, ping)).toEqual([
      connectLine,
      '> PUBLISH a/b qos 0, 2 bytes',
      '> PINGREQ',
    ]);
  });
});

describe('CONNECT', () => {
  const made = (spelt: string) => {
    const body = bytes(spelt);
    return Buffer.concat([Buffer.from([0x10, body.length]), body]);
  };
  const unread = (length: number, fault: string) => [`> CONNECT, remaining length ${length} ! ${fault}`];

  test.each([
    ['a level of another version', '00 04 "MQTT" 03 02 00 3C 00 02 "me"', 'protocol level 3, but MQTT is level 4'],
    ['a level of another name', '00 06 "MQIsdp" 04 02 00 3C 00 02 "me"', 'protocol level 4, but MQIsdp is level 3'],
    ['the reserved flag', '00 04 "MQTT" 04 03 00 3C 00 02 "me"', 'bit 0 of the flags is reserved and must be 0'],
    ['flags of no will', '00 04 "MQTT" 04 22 00 3C 00 02 "me"', 'the QoS or retain flag of a will, without a will'],
    ['a password alone', '00 04 "MQTT" 04 42 00 3C 00 02 "me" 00 02 "pw"', 'a password without a user name'],
    ['a name in small letters', '00 04 "mqtt" 04 02 00 3C 00 02 "me"', 'the protocol name is neither MQTT nor MQIsdp'],
  ])('%s', (_, spelt, fault) => {
    expect(told(made(spelt))).toEqual([`> CONNECT "me" keepalive 60 clean ! ${fault}`]);
  });

  test('flags of its first byte', () => {
    expect(told(bytes('11 0E 00 04 "MQTT" 04 02 00 3C 00 02 "me"'))).toEqual([
      '> CONNECT "me" keepalive 60 clean ! CONNECT begins with 0x10, not 0x11',
    ]);
  });

  test.each([['00 05'], ['00 03'], ['00 06'], ['04 00']])('a protocol name of length %s', length => {
    const said = Number.parseInt(length.replace(' ', ''), 16);
    expect(told(made(`${length} "MQTT" 04 02 00 3C 00 02 "me"`))).toEqual(
      unread(14, `the protocol name's length is ${said}, but MQTT has 4 bytes`),
    );
  });

  test('a client id without its length', () => {
    expect(told(made('00 04 "MQTT" 04 02 00 3C "device-1"'))).toEqual(
      unread(
        18,
        'a client id of 25701 bytes runs past the end, 6 are left: is its length, or a field before it, missing?',
      ),
    );
  });

  test('a client id that takes in the user name', () => {
    expect(told(made('00 04 "MQTT" 04 02 00 3C 00 08 "me" 00 04 "user"'))).toEqual(
      unread(20, 'the client id holds a zero byte: is its length too long?'),
    );
  });

  test('a user name that the flags do not announce', () => {
    expect(told(made('00 04 "MQTT" 04 02 00 3C 00 02 "me" 00 04 "user"'))).toEqual(
      unread(20, '6 bytes follow the last field that flags 0x02 announce'),
    );
  });

  test('a user name that the flags announce and that is not there', () => {
    expect(told(made('00 04 "MQTT" 04 82 00 3C 00 02 "me"'))).toEqual(unread(14, 'it ends before its user name'));
  });

  test('a second one', () => {
    expect(told(connect, connect)).toEqual([connectLine, `${connectLine} ! a second CONNECT on one link`]);
  });

  test('one that is missing', () => {
    expect(told(subscribe, publish)).toEqual([
      '> SUBSCRIBE, remaining length 46 ! SUBSCRIBE before CONNECT',
      '> PUBLISH, remaining length 137 ! PUBLISH before CONNECT',
    ]);
  });

  /** A client id that ends like this looks like the beginning of a PUBLISH whose topic is the user name. */
  test('its user name and password are never shown, whatever is wrong with it and wherever a write ends', () => {
    const border = connect.indexOf('9|');
    for (let at = 0; at < connect.length; at++) {
      for (const byte of [0x00, 0x10, 0x30, 0x7f, 0x82, 0xff, connect[at]! + 2, connect[at]! - 2]) {
        const wrong = Buffer.from(connect);
        wrong[at] = byte;
        const split = [border, at].map(cut => [wrong.subarray(0, cut), wrong.subarray(cut), publish]);
        for (const writes of [[wrong], [wrong, connect, publish], [wrong.subarray(at)], ...split]) {
          expect(told(...writes).join('\n')).not.toMatch(/device&|FAFD82|851A14/);
        }
      }
    }
  });
});

describe('other packets', () => {
  test.each([
    [
      'SUBSCRIBE as 0x80',
      '80 06 00 0A 00 01 "t" 00',
      'SUBSCRIBE t qos 0 id 10',
      'SUBSCRIBE begins with 0x82, not 0x80',
    ],
    ['SUBSCRIBE at QoS 4', '82 06 00 0A 00 01 "t" 04', 'SUBSCRIBE t qos 4 id 10', 'a requested QoS of 4'],
    ['SUBSCRIBE without QoS', '82 05 00 0A 00 01 "t"', 'SUBSCRIBE, remaining length 5', 'it ends before its QoS'],
    ['SUBSCRIBE to nothing', '82 02 00 0A', 'SUBSCRIBE, remaining length 2', 'it ends before its topic filter'],
    ['SUBSCRIBE to an empty topic', '82 05 00 0A 00 00 00', 'SUBSCRIBE  qos 0 id 10', 'an empty topic filter'],
    ['packet id 0', '82 06 00 00 00 01 "t" 00', 'SUBSCRIBE t qos 0 id 0', 'packet id 0'],
    [
      'SUBSCRIBE without its packet id',
      '82 08 00 05 "a/b/c" 00',
      'SUBSCRIBE, remaining length 8',
      'a topic filter of 24879 bytes runs past the end, 4 are left: is its length, or a field before it, missing?',
    ],
    ['UNSUBSCRIBE as 0xA0', 'A0 05 00 0A 00 01 "t"', 'UNSUBSCRIBE t id 10', 'UNSUBSCRIBE begins with 0xA2, not 0xA0'],
    ['PUBREL as 0x60', '60 02 00 07', 'PUBREL id 7', 'PUBREL begins with 0x62, not 0x60'],
    ['QoS 3', '36 05 00 01 "t" 00 01', 'PUBLISH t qos 3 id 1, 0 bytes', 'there is no QoS 3'],
    ['a wildcard', '30 08 00 03 "a/#" "off"', 'PUBLISH a/# qos 0, 3 bytes', 'a wildcard in the topic of a PUBLISH'],
    ['an empty topic', '30 05 00 00 "off"', 'PUBLISH  qos 0, 3 bytes', 'an empty topic'],
    ['a topic that is not UTF-8', '30 05 00 03 CE C2 B6', 'PUBLISH \uFFFD¶ qos 0, 0 bytes', 'the topic is not UTF-8'],
    ['QoS 1 without a packet id', '32 04 00 02 "ab"', 'PUBLISH, remaining length 4', 'it ends before its packet id'],
    [
      'a topic longer than its packet',
      '30 07 00 40 "a/b" "hi"',
      'PUBLISH, remaining length 7',
      'a topic of 64 bytes runs past the end, 5 are left: is its length, or a field before it, missing?',
    ],
    [
      'a packet id at QoS 0',
      '30 0E 00 03 "a/b" 00 32 "{\'a\':1}"',
      'PUBLISH a/b qos 0, 9 bytes',
      'the payload begins with 00 32 before its JSON: a packet id must be absent at QoS 0',
    ],
    ['PINGREQ with a body', 'C0 01 00', 'PINGREQ, remaining length 1', 'nothing follows the length of PINGREQ'],
    ['PUBACK of one byte', '40 01 07', 'PUBACK, remaining length 1', 'PUBACK has 2 bytes after its length'],
    ['a packet of a broker', '90 03 00 0A 00', '5 bytes', 'a client sends no SUBACK'],
    ['a type that is none', 'F0 00', '2 bytes', 'no packet is of type 15'],
    ['text', '"AT+CIPSEND=4"', '12 bytes', 'text where a packet should begin'],
  ])('%s', (_, spelt, text, fault) => {
    expect(told(connect, bytes(spelt))).toEqual([connectLine, `> ${text} ! ${fault}`]);
  });

  test('JSON behind two bytes is all right where they are the packet id', () => {
    expect(told(connect, bytes('32 0E 00 03 "a/b" 00 32 "{\'a\':1}"'))).toEqual([
      connectLine,
      '> PUBLISH a/b qos 1 id 50, 7 bytes',
    ]);
  });

  test('a wrong packet of a broker ends the looking at that direction', () => {
    const inspector = new LinkInspector();
    inspector.sent(connect);
    expect(inspector.received(Buffer.from('HTTP/1.1 400 Bad Request\r\n')).map(shown)).toEqual([
      '< 26 bytes, no longer inspected ! text where a packet should begin',
    ]);
    expect(inspector.received(hex('20 02 00 00'))).toEqual([]);
    expect(inspector.sent(ping).map(shown)).toEqual(['> PINGREQ']);
  });
});

describe('hex digits as text', () => {
  const asText = (packet: Buffer) => Buffer.from(packet.toString('hex'));
  const said = (count: number) => `> ${count} bytes ! these are hex digits as text, not bytes`;

  test('are named, at the first write and later', () => {
    expect(told(asText(connect))).toEqual([said(240)]);
    expect(told(connect, asText(publish))).toEqual([connectLine, said(280)]);
    expect(told(connect, Buffer.from('c000'))).toEqual([connectLine, said(4)]);
    expect(told(Buffer.from(`${connect.toString('hex').match(/../g)!.join(' ')}\r\n`))).toEqual([said(361)]);
  });

  test('are named again, and bytes are welcome after them', () => {
    expect(told(asText(connect), asText(connect), connect)).toEqual([said(240), said(240), connectLine]);
  });
});

describe('after a fault that loses the border', () => {
  const wrong = Buffer.concat([hex('30 28'), publishBody]);
  const fault = '> PUBLISH, remaining length 40 ! remaining length 40 but 137 bytes follow';

  test('the next write that begins like a packet is one', () => {
    expect(told(connect, wrong, publish, wrong, ping)).toEqual([connectLine, fault, publishLine, fault, '> PINGREQ']);
  });

  test('any other ends it, and that is said once', () => {
    expect(told(connect, wrong, Buffer.from('more'), publish, ping)).toEqual([
      connectLine,
      fault,
      '> 4 bytes, no packet again: no longer inspected',
    ]);
  });
});
