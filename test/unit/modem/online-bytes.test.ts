/** As any-bytes, for a modem that is online: prompts open, messages cross, and still no byte goes astray. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDialect } from '../../../src/dialects/open.js';
import { closePrompts, endLine } from './any-answer.js';
import { hostInput } from './host-input.js';
import { finished, goOnline, onlineDialects, startOnline } from './online.js';

/** Commands that only an online modem carries out; the others have their turn in any-bytes. */
const needsLink = /^(\+M|\+CIPSHUT|\+CG|\+CW|\+FSWRITE|E|Z)/;

describe.each(onlineDialects)('%s', name => {
  it('answers AT with OK, whatever came before', async () => {
    const dialect = await openDialect(name);
    const test = await startOnline(name);
    await fc.assert(
      fc.asyncProperty(hostInput(dialect, { mostPieces: 5, commands: needsLink }), async bytes => {
        await test.beginAnew();
        await goOnline(test, name);
        test.host.types(bytes);
        await finished(test);
        await closePrompts(test);
        await endLine(test);
        await finished(test);
        await test.host.reads();
        expect(await test.host.asks('AT')).toContain('\r\nOK\r\n');
        expect(test.modem.channels[0]!.state).toBe('command');
        expect(test.complaints).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
