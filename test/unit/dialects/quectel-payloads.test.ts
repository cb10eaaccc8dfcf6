/** Payloads of any bytes and every length, through the prompt to a broker and back, however the host cuts its writes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ModemUnderTest } from '../modem/modem-under-test.js';

const longest = 4096;
const bytes = (least: number) =>
  fc
    .oneof(
      fc.uint8Array({ minLength: least, maxLength: 64 }),
      fc
        .integer({ min: Math.max(1, least), max: longest })
        .map(length => Uint8Array.from({ length }, (_, i) => i % 256)),
    )
    .map(array => Buffer.from(array).toString('latin1'));

async function subscribed(): Promise<ModemUnderTest> {
  const under = await ModemUnderTest.start('quectel', { broker: 'embedded:0', routes: ['*=embedded'] });
  const { host } = under;
  await host.dialogue('AT+QMTOPEN=0,"broker.test",1883', '\r\nOK\r\n\r\n+QMTOPEN: 0,0\r\n');
  await host.dialogue('AT+QMTCONN=0,"dev01"', '\r\nOK\r\n\r\n+QMTCONN: 0,0,0\r\n');
  await host.dialogue('AT+QMTSUB=0,1,"t",0', '\r\nOK\r\n\r\n+QMTSUB: 0,1,0,0\r\n');
  await host.dialogue('AT+QMTCFG="recv/mode",0,0,1', '\r\nOK\r\n');
  return under;
}

const cuts = fc.array(fc.nat(longest), { maxLength: 3 }).map(places => places.sort((a, b) => a - b));

const published = (payload: string, command: string): string =>
  `\r\nOK\r\n\r\n+${command}: 0,0,0\r\n\r\n+QMTRECV: 0,0,"t",${payload.length},"${payload}"\r\n`;

test('of a given length: exactly so many bytes', async () => {
  const { host, complaints } = await subscribed();
  await fc.assert(
    fc.asyncProperty(bytes(1), cuts, async (payload, places) => {
      await host.dialogue(`AT+QMTPUBEX=0,0,0,0,"t",${payload.length}`, '\r\n> ');
      host.types(payload, places);
      await host.expects(published(payload, 'QMTPUBEX'));
    }),
    { numRuns: 40 },
  );
  expect(complaints).toEqual([]);
});

test('typed until Ctrl-Z: all but the two bytes that end it', async () => {
  const { host, complaints } = await subscribed();
  await fc.assert(
    fc.asyncProperty(bytes(0), async raw => {
      const payload = raw.replaceAll('\x1A', '').replaceAll('\x1B', '');
      await host.dialogue('AT+QMTPUB=0,0,0,0,"t"', '\r\n> ');
      host.types(`${payload}\x1A`);
      await host.expects(published(payload, 'QMTPUB'));
    }),
    { numRuns: 40 },
  );
  expect(complaints).toEqual([]);
});

test('what is typed past 4096 bytes is dropped', async () => {
  const { host } = await subscribed();
  await host.dialogue('AT+QMTPUB=0,0,0,0,"t"', '\r\n> ');
  host.types(`${'x'.repeat(longest + 100)}\x1A`);
  await host.expects(published('x'.repeat(longest), 'QMTPUB'));
});
