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

interface Module {
  link: readonly string[];
  transparent: readonly string[];
  /** Milliseconds of silence around an escape. */
  guard: number;
}

const joined = ['AT+CWMODE=1', 'AT+CWJAP="ssid","password"'];
const espLink = [...joined, 'AT+CIPSTART="TCP","peer.example",80'];
const esp: Module = { link: espLink, transparent: [...espLink, 'AT+CIPMODE=1', 'AT+CIPSEND'], guard: 20 };
const simcomLink = ['AT+NETOPEN', 'AT+CIPOPEN=0,"TCP","peer.example",80'];
const luatLink = ['AT+CIPSTART="TCP","peer.example",80'];
const modules: Readonly<Record<string, Module>> = {
  esp8266: esp,
  w800: esp,
  'esp-at': esp,
  'simcom-a76xx': { link: simcomLink, transparent: ['AT+CIPMODE=1', ...simcomLink], guard: 1000 },
  luat: { link: luatLink, transparent: ['AT+CIPMODE=1', ...luatLink], guard: 1000 },
};

async function passes(test: ModemUnderTest, milliseconds: number): Promise<void> {
  test.clock.advance(milliseconds);
  await turns(4);
}

/** As a host must: the bytes of an open prompt, or an escape between silences. Where none is heard, the peer goes. */
async function toCommandState(test: ModemUnderTest, guard: number): Promise<void> {
  const channel = test.modem.channels[0]!;
  let escapes = 0;
  for (await finished(test); channel.state !== 'command'; await finished(test)) {
    await closePrompts(test);
    if (channel.state !== 'online') continue;
    await passes(test, guard);
    test.host.types('+++');
    await passes(test, guard);
    if (++escapes > 3) test.modem.links.drop('the test gives up');
  }
}

const cases = Object.entries(modules).flatMap(([name, { link, transparent, guard }]) => [
  [name, 'command', link, guard] as const,
  [name, 'online', transparent, guard] as const,
]);

test.each(cases)(
  '%s in %s state answers AT with OK in the end, whatever came before',
  async (name, state, lines, guard) => {
    const dialect = await openDialect(name);
    const port = await listenTcp(peer => peer.resume());
    const test = await ModemUnderTest.start(name, { routes: [`*=127.0.0.1:${port}`], listen: ['*=127.0.0.1:0'] });
    const commands = /^(\+(CIP|SAVE|SYSMSG|NET|SERVER|CCH|CLPORT)|O)/;
    await fc.assert(
      fc.asyncProperty(hostInput(dialect, { mostPieces: 6, commands }), async bytes => {
        await test.beginAnew();
        for (const line of lines) {
          test.host.types(line + test.host.lineEnd);
          await finished(test);
        }
        expect(test.modem.channels[0]!.state).toBe(state);
        test.host.types(bytes);
        await toCommandState(test, guard);
        await endLine(test);
        await toCommandState(test, guard);
        await test.host.reads();
        expect(await test.host.asks('AT')).toContain('\r\nOK\r\n');
        expect(test.complaints).toEqual([]);
      }),
      { numRuns: 60 },
    );
  },
);
