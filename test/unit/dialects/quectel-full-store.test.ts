/** A store that is full, by its bytes or by the number of its files: each way to put something in says 403. */
import { expect, test } from 'vitest';
import { ModemUnderTest } from '../modem/modem-under-test.js';

const ok = '\r\nOK\r\n';
const connect = '\r\nCONNECT\r\n';
const full = '\r\n+CME ERROR: 403\r\n';
const capacity = 1024 * 1024;

/** Bytes that are two and two the same have the checksum 0 where their pairs are even in number. */
async function uploads({ host }: ModemUnderTest, name: string, size: number): Promise<void> {
  await host.dialogue(`AT+QFUPL="${name}",${size}`, connect);
  host.types('x'.repeat(size));
  await host.expects(`\r\n+QFUPL: ${size},0\r\n${ok}`);
}

test('no byte is left', async () => {
  const under = await ModemUnderTest.start('quectel');
  const { host, complaints } = under;
  await uploads(under, 'all', capacity);
  await host.dialogue('AT+QFLDS="UFS"', `\r\n+QFLDS: 0,${capacity}\r\n${ok}`);
  await host.dialogue('AT+QFUPL="one",1', full);
  // An empty file has its place; what is written into it has none.
  await host.dialogue('AT+QFOPEN="empty"', `\r\n+QFOPEN: 1\r\n${ok}`);
  await host.dialogue('AT+QFWRITE=1,1', connect);
  host.types('x');
  await host.expects(full);
  await host.dialogue('AT+QFDEL="all"', ok);
  await host.dialogue('AT+QFWRITE=1,1', connect);
  host.types('x');
  await host.expects(`\r\n+QFWRITE: 1,1\r\n${ok}`);
  expect(complaints).toEqual([]);
});

test('no name is left', async () => {
  const under = await ModemUnderTest.start('quectel');
  const { host } = under;
  for (let file = 0; file < 256; file++) await uploads(under, `f${file}`, 4);
  await host.dialogue('AT+QFUPL="more",4', full);
  await host.dialogue('AT+QFOPEN="more"', full);
  await host.dialogue('AT+QFDEL="f0"', ok);
  await uploads(under, 'more', 4);
});
