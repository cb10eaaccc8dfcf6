/** As any-bytes, for a module with a link: prompts open, bytes are sent, transparent mode begins, and still it comes back. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openDialect } from '../../../src/dialects/open.js';
import { listenTcp } from '../../support/listeners.js';
import { turns } from '../../support/patience.js';
import { closePrompts, endLine } from './any-answer.js';
import { hostInput } from './host-input.js';
import { ModemUnderTest } from './modem-under-test.js';
import { finished } from './online.js';

const guard = 20;
const link = ['AT+CWMODE=1', 'AT+CWJAP="ssid","password"', 'AT+CIPSTART="TCP","peer.example",80'];
const transparent = ['AT+CIPMODE=1', 'AT+CIPSEND'];

async function passes(test: ModemUnderTest, milliseconds: number): Promise<void> {
  test.clock.advance(milliseconds);
  await turns(4);
}

/** As a host must: the bytes of an open prompt, or an escape between silences. */
async function toCommandState(test: ModemUnderTest): Promise<void> {
  const channel = test.modem.channels[0]!;
  for (await finished(test); channel.state !== 'command'; await finished(test)) {
    await closePrompts(test);
    if (channel.state !== 'online') continue;
    await passes(test, guard);
    test.host.types('+++');
    await passes(test, guard);
  }
}

const modules = ['esp8266', 'w800', 'esp-at'];
const states: [string, string[]][] = [
  ['in command state', link],
  ['in transparent mode', [...link, ...transparent]],
];
const cases = modules.flatMap(name => states.map(([state, lines]) => [name, state, lines] as const));

test.each(cases)('%s %s answers AT with OK in the end, whatever came before', async (name, _, lines) => {
  const dialect = await openDialect(name);
  const port = await listenTcp(peer => peer.resume());
  const test = await ModemUnderTest.start(name, { routes: [`*=127.0.0.1:${port}`], listen: ['*=127.0.0.1:0'] });
  const commands = /^\+(CIP|SAVE|SYSMSG)/;
  await fc.assert(
    fc.asyncProperty(hostInput(dialect, { mostPieces: 6, commands }), async bytes => {
      await test.beginAnew();
      for (const line of lines) {
        test.host.types(`${line}\r\n`);
        await finished(test);
      }
      test.host.types(bytes);
      await toCommandState(test);
      await endLine(test);
      await toCommandState(test);
      await test.host.reads();
      expect(await test.host.asks('AT')).toContain('\r\nOK\r\n');
      expect(test.complaints).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
