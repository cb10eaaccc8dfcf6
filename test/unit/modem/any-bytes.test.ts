/**
 * Whatever a host sends, in whatever pieces: nothing is thrown, nothing is a bug, the pieces do not matter, and after what
 * was announced has come and one line end, `AT` is answered by `OK`.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteString, visible } from '../../../src/base/bytes.js';
import { openDialect } from '../../../src/daemon.js';
import { hostInput, splitsOf } from './host-input.js';
import { ModemUnderTest } from './modem-under-test.js';

const dialects = [
  ...['v250', '3gpp-27.007', 'luat', 'luat-seed', 'wifi', 'w800', 'esp-at', 'esp-at-esp8266', 'esp-at-2.1'],
  './examples/vendor.yaml',
];

/** Longer than the longest count of any prompt. */
const mostAnnounced = 20_000;

/**
 * Commands after which `AT` is rightly answered otherwise, and what makes it `\r\nOK\r\n` again. All others, with +CFUN=0
 * and restarts among them, must leave it as it is.
 */
const changesTheAnswer: readonly { by: string; undo: (test: ModemUnderTest) => void }[] = [
  { by: '+CPOWD: no power', undo: ({ modem }) => modem.powerOn() },
  { by: 'ATE1, AT&F, ATZ, +RST: echo', undo: test => restore(test, 'E', 0) },
  { by: 'ATQ1: no result codes', undo: test => restore(test, 'Q', 0) },
  { by: 'ATV0: numbers', undo: test => restore(test, 'V', 1) },
  { by: 'ATS3=: another line end', undo: test => restore(test, 'S3', 13) },
  { by: 'ATS4=: another line feed', undo: test => restore(test, 'S4', 10) },
  { by: 'ATS5=: a letter of AT may delete', undo: test => restore(test, 'S5', 8) },
];

function restore({ modem }: ModemUnderTest, name: string, value: number): void {
  if (modem.dialect.settings.has(name))
    for (const { address } of modem.channels) modem.settings.set({ name, of: 'channel' }, value, address);
}

/** As a host must: the bytes that were announced, or Ctrl-Z. Of a chain of commands the next may open a prompt too. */
async function closePrompts({ modem, host }: ModemUnderTest): Promise<void> {
  const channel = modem.channels[0]!;
  for (let typed = 0; channel.state === 'data' && typed < mostAnnounced; typed++) {
    host.types('\x1a');
    if (channel.state !== 'data') await host.reads();
  }
}

/** What the host has typed so far may be half a line, and that line one of those above: they are undone before and after. */
async function endLine(test: ModemUnderTest): Promise<void> {
  for (const { undo } of changesTheAnswer) undo(test);
  await test.host.reads();
  test.host.types(test.host.lineEnd);
  await test.host.reads();
  await closePrompts(test);
  for (const { undo } of changesTheAnswer) undo(test);
  await test.host.reads();
}

describe.each(dialects)('%s', name => {
  it('answers AT with OK, whatever came before', async () => {
    const dialect = await openDialect(name);
    await fc.assert(
      fc.asyncProperty(hostInput(dialect), async bytes => {
        const test = await ModemUnderTest.start(name);
        test.host.types(bytes);
        await test.host.reads();
        await closePrompts(test);
        await endLine(test);
        expect(test.modem.channels[0]!.state).toBe('command');
        expect(visible(await test.host.asks('AT'))).toBe('\\r\\nOK\\r\\n');
        expect(test.complaints).toEqual([]);
        await test.stop();
      }),
      { numRuns: 100 },
    );
  });

  it('answers the same bytes alike, however they are cut', async () => {
    const dialect = await openDialect(name);
    const input = hostInput(dialect).chain(bytes => fc.tuple(fc.constant(bytes), splitsOf(bytes)));
    await fc.assert(
      fc.asyncProperty(input, fc.constantFrom('on', 'off'), async ([bytes, splits], echo) => {
        const [whole, cut] = await Promise.all([answerTo(name, bytes, [], echo), answerTo(name, bytes, splits, echo)]);
        expect(cut).toBe(whole);
      }),
      { numRuns: 60 },
    );
  });
});

/** All that a fresh modem says to these bytes, and the state in which it is left. */
async function answerTo(name: string, bytes: ByteString, splits: number[], echo: 'on' | 'off'): Promise<string> {
  const test = await ModemUnderTest.start(name, { echo });
  test.host.types(bytes, splits);
  const answer = visible(await test.host.reads());
  const { state } = test.modem.channels[0]!;
  await test.stop();
  return `${answer} (${state})`;
}
