/**
 * Whatever a host sends, in whatever pieces: nothing is thrown, nothing is a bug, the pieces do not matter, and after what
 * was announced has come and one line end, `AT` is answered by `OK`.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteString, visible } from '../../../src/base/bytes.js';
import { openDialect } from '../../../src/dialects/open.js';
import { closePrompts, endLine } from './any-answer.js';
import { hostInput, splitsOf } from './host-input.js';
import { ModemUnderTest } from './modem-under-test.js';

const dialects = [
  ...['v250', '3gpp-27.007', 'luat', 'luat-seed', 'wifi', 'w800', 'esp-at', 'esp-at-esp8266', 'esp-at-2.1'],
  ...['esp8266', 'esp8266-0.2x', 'simcom-a76xx'],
  './examples/vendor.yaml',
];

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
