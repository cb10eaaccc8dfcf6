/** MQTT that a host makes by hand, as log and dialogue tell it: the packets, and what people search for hours. */
import { describe, expect, test } from 'vitest';
import { bytes, packets } from '../../support/handmade-packets.js';
import { turns } from '../../support/patience.js';
import { tcpPeer } from '../sockets/socket-under-test.js';
import { ModemUnderTest } from './modem-under-test.js';

const ok = '\r\nOK\r\n';

async function linked() {
  const peer = await tcpPeer();
  const test = await ModemUnderTest.start('esp8266', { routes: [`*=127.0.0.1:${peer.port}`] });
  const heard: string[] = [];
  test.modem.dialogue.on(({ from, direction, text }) => from === 'broker' && heard.push(`${direction} ${text}`));
  await test.host.dialogue('AT+CWMODE=1', ok);
  await test.host.dialogue('AT+CWJAP="home","secret12"', `WIFI CONNECTED\r\nWIFI GOT IP\r\n${ok}`);
  await test.host.dialogue('AT+CIPSTART="TCP","broker.example",1883', `CONNECT\r\n${ok}`);
  const sends = async (packet: Buffer) => {
    await test.host.dialogue(`AT+CIPSEND=${packet.length}`, `${ok}> `);
    test.host.types(packet.toString('latin1'));
    await test.host.expects(`\r\nRecv ${packet.length} bytes\r\n\r\nSEND OK\r\n`);
  };
  const warnings = () => test.said.filter(({ level, fields }) => level === 'warn' && 'packet' in fields);
  return { test, heard, sends, warnings, link: await peer.next() };
}

test('each packet is a line of the dialogue and of the debug log, without secrets', async () => {
  const { test, heard, sends, link, warnings } = await linked();
  for (const packet of [packets.connect, packets.subscribeSet, packets.publishPost, packets.pingreq])
    await sends(packet);
  link.write(bytes('20 02 00 00  90 03 00 0A 00'));
  await turns(10);
  expect(heard).toEqual([
    'out CONNECT "12345|securemode=3,signmethod=hmacsha1,timestamp=789|" user *** keepalive 100 clean',
    'out SUBSCRIBE /sys/pk/device/thing/service/property/set qos 0 id 10',
    'out PUBLISH /sys/pk/device/thing/event/property/post qos 0, 95 bytes',
    'out PINGREQ',
    'in CONNACK 0',
    'in SUBACK 0 id 10',
  ]);
  expect(warnings()).toEqual([]);
  const logged = test.said.filter(({ fields }) => 'direction' in fields).map(({ text }) => text);
  expect(logged).toHaveLength(heard.length);
  expect(JSON.stringify(test.said)).not.toContain('FAFD82A3D602B37FB0FA8B7892F24A477F851A14');
});

describe('what is wrong is told as a warning', () => {
  test('a remaining length without its second byte', async () => {
    const { sends, warnings } = await linked();
    await sends(packets.connect);
    const topic = Buffer.from('/sys/a1b2c3d4e5f/device1/thing/event/property/post');
    const body = Buffer.concat([bytes('00 32'), topic, Buffer.alloc(94, '{')]);
    expect(body).toHaveLength(146);
    await sends(Buffer.concat([bytes('30 92'), body]));
    expect(warnings().map(({ text }) => text)).toEqual([
      'remaining length 18 but 146 bytes follow: is the second length byte missing?',
    ]);
  });

  test('a packet that the link’s end cuts short', async () => {
    const { test, sends, warnings, link } = await linked();
    await sends(packets.connect);
    await sends(packets.publishPost.subarray(0, 100));
    link.destroy();
    await test.host.expects('CLOSED\r\n');
    expect(warnings().map(({ text }) => text)).toEqual(['remaining length 137 but only 97 bytes came']);
  });

  test('nothing of a link that speaks something else', async () => {
    const { heard, sends, warnings } = await linked();
    await sends(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    expect([heard, warnings()]).toEqual([[], []]);
  });
});
