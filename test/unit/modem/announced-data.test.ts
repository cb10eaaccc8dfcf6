/**
 * Data that a host announced is data, every byte of it and no other: whatever it holds, in whatever pieces it comes, and
 * with a command glued to either end.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteString, fromBuffer, visible } from '../../../src/base/bytes.js';
import { ModemUnderTest } from './modem-under-test.js';
import { type OnlineDialect, onlineDialects, startOnline } from './online.js';

interface Announced {
  /** The command line, without its end. */
  command: (length: number) => ByteString;
  prompt: ByteString;
  /** What comes when the data are complete, and for the `AT` glued to them. */
  answer: ByteString;
  /** What ends data that has no count. */
  end?: ByteString;
}

const accepted = '\r\nOK\r\n';

const published: Readonly<Record<string, Announced & { dialect: OnlineDialect }>> = {
  'luat, by count': {
    dialect: 'luat',
    command: length => `AT+MPUBEX="out",0,0,${length}`,
    prompt: '\r\n>',
    answer: accepted + accepted,
  },
  'luat, to Ctrl-Z': {
    dialect: 'luat',
    command: () => 'AT+MPUBEX="out",0,0',
    prompt: '\r\n>',
    answer: accepted + accepted,
    end: '\x1a',
  },
  'w800, by count': {
    dialect: 'w800',
    command: length => `AT+MQTTPUBRAW=0,"out",${length},0,0`,
    prompt: '\r\nOK\r\n\r\n>',
    answer: `\r\n+MQTTPUB:OK\r\n${accepted}`,
  },
  'esp-at, by count': {
    dialect: 'esp-at',
    command: length => `AT+MQTTPUBRAW=0,"out",${length},0,0`,
    prompt: '\r\nOK\r\n\r\n>',
    answer: `${accepted}+MQTTPUB:OK\r\n`, // unsolicited in this dialect: a later turn
  },
  'vendor, by count': {
    dialect: './examples/vendor.yaml',
    command: length => `AT+MQPUB="out",0,0,${length}`,
    prompt: '\r\n> ',
    answer: accepted + accepted,
  },
  'vendor, to Ctrl-Z': {
    dialect: './examples/vendor.yaml',
    command: () => 'AT+MQPUB="out",0,0',
    prompt: '\r\n> ',
    answer: accepted + accepted,
    end: '\x1a',
  },
};

const noise = fc.uint8Array({ minLength: 1, maxLength: 60 }).map(bytes => fromBuffer(Buffer.from(bytes)));
const tempting = fc
  .array(fc.constantFrom('AT\r\n', '\r', '\n', '\x1a', '\x1b', '+++', '\0', '\xff', '"', '\\', 'A/', '\b', '>'), {
    minLength: 1,
    maxLength: 20,
  })
  .map(parts => parts.join(''));

/** Without a count, what ends or cancels is no data. */
const dataFor = ({ end }: Announced): fc.Arbitrary<ByteString> =>
  fc.oneof(noise, tempting).map(data => (end === undefined ? data : data.replace(/[\x1a\x1b]/g, '.')));

const cuts = fc.oneof(fc.constant('bytes' as const), fc.array(fc.nat(200), { maxLength: 6 }));

const splitsOf = (bytes: ByteString, cut: 'bytes' | number[]): number[] =>
  cut === 'bytes' ? Array.from(bytes, (_, i) => i + 1) : cut.filter(at => at < bytes.length).sort((a, b) => a - b);

describe('a message typed at a prompt', () => {
  it.each(Object.entries(published))('%s', async (_, announced) => {
    const test = await startOnline(announced.dialect);
    const messages: ByteString[] = [];
    test.daemon.broker!.published.on(({ topic, payload }) => topic === 'out' && messages.push(fromBuffer(payload)));
    await fc.assert(
      fc.asyncProperty(dataFor(announced), cuts, async (data, cut) => {
        const bytes = `${announced.command(data.length)}\r\n${data}${announced.end ?? ''}AT\r\n`;
        test.host.types(bytes, splitsOf(bytes, cut));
        await test.host.expects(announced.prompt + announced.answer);
        while (messages.length === 0) await test.host.reads();
        expect(messages.splice(0).map(visible)).toEqual([visible(data)]);
      }),
      { numRuns: 40 },
    );
    expect(test.complaints).toEqual([]);
  });
});

describe('a file typed at a prompt', () => {
  it('is in the store byte for byte, whatever it holds', async () => {
    const test = await ModemUnderTest.start('luat');
    await test.host.dialogue('AT+FSCREATE="a.bin"', accepted);
    await fc.assert(
      fc.asyncProperty(fc.oneof(noise, tempting), cuts, async (data, cut) => {
        const bytes = `AT+FSWRITE="a.bin",0,${data.length},15\r\n${data}AT\r\n`;
        test.host.types(bytes, splitsOf(bytes, cut));
        await test.host.expects(`\r\n>${accepted}${accepted}`);
        expect(contentOf(test, 'a.bin')).toBe(visible(data));
      }),
      { numRuns: 60 },
    );
  });
});

function contentOf({ modem }: ModemUnderTest, name: ByteString): string {
  const file = modem.files.read(name);
  return file.outcome === 'done' ? visible(fromBuffer(file.bytes)) : file.outcome;
}

describe.each(onlineDialects)('%s', dialect => {
  it('is online with the lines that other tests use', async () => {
    const { complaints, modem } = await startOnline(dialect);
    expect(modem.clients.ifAny(0)?.client.state).toBe('up');
    expect(complaints).toEqual([]);
  });
});
