/** Lines up to the limit run, longer ones are refused whole, and no line costs more memory than that. */
import { describe, expect, it } from 'vitest';
import { heldLimit } from '../../../src/at/framer.js';
import { ModemUnderTest } from './modem-under-test.js';
import { startAtFakeBroker } from './online.js';

const ok = '\r\nOK\r\n';
const error = '\r\nERROR\r\n';

/** A line of so many bytes, without its end, and how one within the limit is answered. */
interface Filled {
  line: (bytes: number) => string;
  within: string;
  over: string;
}

/** `E0` again and again; `E` alone is E0 too. */
const basic: Filled = { line: bytes => `AT${'E0'.repeat(bytes / 2 - 1)}`.padEnd(bytes, 'E'), within: ok, over: error };
const unknown = (within: string, over: string): Filled => ({ line: bytes => 'AT+'.padEnd(bytes, 'X'), within, over });

describe.each([
  ['v250', basic],
  ['3gpp-27.007', basic],
  ['luat', basic],
  ['simcom-a76xx', basic],
  ['quectel', basic],
  ['./examples/vendor.yaml', basic],
  ['w800', unknown('\r\nCMD FORMAT ERR\r\n', error)],
  ['esp-at', unknown(`ERR CODE:0x01090000\r\n${error}`, `ERR CODE:0x01040000\r\n${error}`)],
] as const)('%s', (dialect, { line, within, over }) => {
  async function start() {
    const test = await ModemUnderTest.start(dialect);
    if (dialect === 'esp-at') await test.host.dialogue('AT+SYSLOG=1', ok);
    return { ...test, host: test.host, limit: test.modem.dialect.style.lineLimit };
  }

  it('takes a line up to its limit', async () => {
    const { host, limit } = await start();
    await host.dialogue(line(limit), within);
    await host.dialogue(line(limit - 1), within);
  });

  it('refuses one byte more, once, at the end of the line', async () => {
    const { host, limit } = await start();
    host.types(line(limit + 1));
    await host.expects('');
    host.types(host.lineEnd);
    await host.expects(over);
    await host.dialogue('AT', ok);
  });

  it('refuses a line without end in the same way', async () => {
    const { host } = await start();
    const piece = line(1 << 20);
    for (let i = 0; i < 8; i++) host.types(piece);
    await host.dialogue('', over);
    await host.dialogue('AT', ok);
  });

  it('counts what is left after editing', async () => {
    const { host, limit } = await start();
    host.types(line(limit - 10));
    for (let i = 0; i < 50; i++) host.types('abc\b\b\b');
    await host.dialogue('', within);
  });
});

it('A/ repeats the line before one that was too long', async () => {
  const { host } = await ModemUnderTest.start('v250');
  await host.dialogue('ATS3?', `\r\n13\r\n${ok}`);
  await host.dialogue(basic.line(2000), error);
  host.types('A/');
  await host.expects(`\r\n13\r\n${ok}`);
});

describe('while a command runs', () => {
  it('so many bytes wait for it, and what comes past them is lost', async () => {
    const { test, link } = await startAtFakeBroker('./examples/vendor.yaml');
    await test.host.dialogue('AT+MQSUB="in",0', '');
    const { messageId } = await link.next('subscribe');
    const lines = heldLimit / 'ATS3?\r'.length + 500;
    for (let i = 0; i < lines; i++) test.host.types('ATS3?\r');
    link.send({ cmd: 'suback', messageId: messageId!, granted: [0] });
    let said = '';
    for (let piece = await test.host.reads(); piece !== ''; piece = await test.host.reads()) said += piece;
    expect(said.startsWith(`\r\n+MQSUB: 0\r\n${ok}\r\n13\r\n${ok}`)).toBe(true);
    expect(said.match(/\r\n13\r\n/g)).toHaveLength(Math.floor(heldLimit / 'ATS3?\r'.length));
    await test.host.asks(''); // the line that was cut
    await test.host.dialogue('AT', ok);
  });
});
