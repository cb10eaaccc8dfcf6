/** Payloads of every byte value and many lengths, through prompt and back; two clients at two brokers at once. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { silentLog } from '../../../src/base/log.js';
import { startEmbeddedBroker } from '../../../src/broker/embedded.js';
import { SimcomHost } from './simcom-host.js';

const chunk = 1500;

async function brokerPort(): Promise<number> {
  const broker = await startEmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    fallback: false,
    clock: new ManualClock(),
    log: silentLog,
  });
  onTestFinished(() => broker.stop());
  return broker.port;
}

const everyByte = (length: number): string =>
  String.fromCharCode(...Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 0xff));

/** The receive block, with blank lines as the driver capture has them. */
function block(client: number, topic: string, payload: string): string {
  let text = `\r\n+CMQTTRXSTART: ${client},${topic.length},${payload.length}\r\n\r\n`;
  text += `+CMQTTRXTOPIC: ${client},${topic.length}\r\n${topic}\r\n`;
  for (let at = 0; at < payload.length; at += chunk) {
    const part = payload.slice(at, at + chunk);
    text += `+CMQTTRXPAYLOAD: ${client},${part.length}\r\n${part}\r\n`;
  }
  return `${text}+CMQTTRXEND: ${client}\r\n`;
}

async function subscribed(port: number): Promise<SimcomHost> {
  const host = await SimcomHost.start({ 'broker.test': port });
  await host.begins();
  await host.says('AT+CMQTTCFG="checkUTF8",0,0', 'OK');
  await host.connects();
  await host.sends('AT+CMQTTSUB=0,4,0', 'echo', 'OK', '+CMQTTSUB: 0,0');
  return host;
}

async function publishes(host: SimcomHost, payload: string): Promise<void> {
  await host.names('echo');
  await host.sends(`AT+CMQTTPAYLOAD=0,${payload.length}`, payload, 'OK');
  await host.under.host.dialogue('AT+CMQTTPUB=0,0,60', `\r\nOK\r\n\r\n+CMQTTPUB: 0,0\r\n${block(0, 'echo', payload)}`);
}

describe('payloads', () => {
  test.each([1, 2, 255, 256, 1499, 1500, 1501, 3000, 4096, 10_239, 10_240])('%d bytes, out and back', async length => {
    const host = await subscribed(await brokerPort());
    await publishes(host, everyByte(length));
  });

  test('each byte value alone', async () => {
    const host = await subscribed(await brokerPort());
    for (let byte = 0; byte < 256; byte++) await publishes(host, String.fromCharCode(byte));
  });

  test('a received block is one write, so that nothing can come between its parts', async () => {
    const host = await subscribed(await brokerPort());
    const payload = everyByte(4000);
    const writes: string[] = [];
    host.under.host.port.onOutput.on(bytes => void writes.push(bytes));
    await publishes(host, payload);
    expect(writes.at(-1) === block(0, 'echo', payload)).toBe(true);
  });

  test('10,241 bytes are refused before the prompt, and what follows is a command again', async () => {
    const host = await subscribed(await brokerPort());
    await host.says('AT+CMQTTPAYLOAD=0,10241', '+CMQTTPAYLOAD: 0,22', 'ERROR');
    await host.says('AT', 'OK');
  });
});

describe('two clients', () => {
  test('at two brokers: each has its own messages, topics and loss', async () => {
    const host = await SimcomHost.start({ 'one.test': await brokerPort(), 'two.test': await brokerPort() });
    await host.starts();
    for (const [client, name] of ['one.test', 'two.test'].entries()) {
      await host.acquires(client);
      await host.connects(client, name);
      await host.sends(`AT+CMQTTSUB=${client},4,0`, 'same', 'OK', `+CMQTTSUB: ${client},0`);
    }
    for (const client of [0, 1]) {
      const payload = `for ${client}`;
      await host.sends(`AT+CMQTTTOPIC=${client},4`, 'same', 'OK');
      await host.sends(`AT+CMQTTPAYLOAD=${client},${payload.length}`, payload, 'OK');
      await host.under.host.dialogue(
        `AT+CMQTTPUB=${client},0,60`,
        `\r\nOK\r\n\r\n+CMQTTPUB: ${client},0\r\n${block(client, 'same', payload)}`,
      );
    }
    await host.says('AT+CMQTTDISC=0,60', 'OK', '+CMQTTDISC: 0,0');
    expect(await host.asks('AT+CMQTTDISC?')).toContain('+CMQTTDISC: 0,1\\r\\n+CMQTTDISC: 1,0');
  });
});
