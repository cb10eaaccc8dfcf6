/** However the host's bytes are cut up, the framer says the same; and it never throws. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Framer } from '../../../src/at/framer.js';
import type { LineStyle } from '../../../src/at/style.js';
import { fromBuffer, visible } from '../../../src/base/bytes.js';
import { eventsOf, makeFramer, type Setup } from './recording-sink.js';

const words = [
  'AT',
  'at',
  'A/',
  '\r',
  '\n',
  '\r\n',
  '\b',
  '"',
  ';',
  '\x1a',
  '\x1b',
  '\x03',
  '+++',
  'ATE0\r',
  'ATE1\r\n',
];
const modeChanges = ['AT+COUNT=3\r', 'AT+COUNT=0\r\n', 'AT+COUNT=40\r\n', 'AT+UNTIL\r', 'AT+HOLD\r\n', 'ATO\r\n'];

const anyBytes = fc.uint8Array({ maxLength: 12 }).map(bytes => fromBuffer(Buffer.from(bytes)));
const typing = fc
  .array(fc.oneof(fc.constantFrom(...words), fc.constantFrom(...modeChanges), anyBytes), { maxLength: 40 })
  .map(parts => parts.join(''));

const styles: fc.Arbitrary<Partial<LineStyle>> = fc.record({
  lines: fc.constantFrom('v250', 'esp'),
  lineLimit: fc.constantFrom(12, 1024),
  echo: fc.constantFrom('line', 'all', 'cr-crlf'),
  lfAtPrompt: fc.constantFrom('swallow', 'payload', 'as-host'),
  dataEcho: fc.boolean(),
});

/** Commands that change the mode at once, as an exchange may. A hold ends when everything was typed. */
function act(body: string, framer: Framer, registers: { echo: boolean }): void {
  const count = /^\+COUNT=(\d+)$/.exec(body)?.[1];
  if (count !== undefined) framer.expectData({ count: Number(count) });
  if (body === '+UNTIL') framer.expectData({ until: [0x1a], cancel: [0x1b], quote: 0x03, limit: 8 });
  if (body === '+HOLD') framer.hold();
  if (body === 'O') framer.goOnline();
  if (body === 'E0' || body === 'E1') registers.echo = body === 'E1';
}

function replay(chunks: string[], style: Partial<LineStyle>): string[] {
  const { framer, registers, events, type } = makeFramer({
    style,
    registers: { echo: true },
    onLine: body => act(body, framer, registers),
  });
  for (const chunk of chunks) type(chunk);
  while (framer.mode === 'held') framer.release();
  return [...events, framer.mode, String(framer.isTyping), String(framer.received), framer.endData()];
}

function cut(bytes: string, places: number[]): string[] {
  const edges = [0, ...places.map(place => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((end, i) => bytes.slice(edges[i], end));
}

describe('bytes in any split', () => {
  it('make the same events as in one chunk', () => {
    fc.assert(
      fc.property(typing, styles, fc.array(fc.nat({ max: 500 }), { maxLength: 20 }), (typed, style, places) => {
        expect(replay(cut(typed, places), style)).toEqual(replay([typed], style));
      }),
      { numRuns: 500 },
    );
  });

  it('make the same events one at a time', () => {
    fc.assert(
      fc.property(typing, styles, (typed, style) => {
        expect(replay([...typed], style)).toEqual(replay([typed], style));
      }),
      { numRuns: 300 },
    );
  });
});

describe('whatever is typed', () => {
  it('comes out once and in order when it is data', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.array(fc.nat()), (payload, places) => {
        const bytes = fromBuffer(Buffer.from(payload));
        const { events, type } = makeFramer({ onLine: (_, framer) => framer.expectData({ count: bytes.length }) });
        for (const chunk of cut(`AT+X\r\n${bytes}`, places)) type(chunk);
        expect(events).toEqual(['line: +X', `done: ${visible(bytes)}`]);
      }),
    );
  });

  it('is echoed as typed, without the LF of CRLF and without blank lines', () => {
    const letters = fc.stringMatching(/^AT[ -~]{0,8}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(letters, fc.constantFrom('\r', '\r\n', '\r\n\r\n'))), lines => {
        const typed = lines.flat().join('');
        const echoed = eventsOf(typed, { registers: { echo: true } }).filter(event => event.startsWith('echo: '));
        expect(echoed).toEqual(lines.map(([line]) => `echo: ${visible(`${line}\r`)}`));
      }),
    );
  });

  it('is held and released in order, none of it lost', () => {
    const names = fc.array(fc.stringMatching(/^[A-Z]{1,6}$/), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(names, fc.array(fc.nat()), (commands, places) => {
        const onLine: Setup['onLine'] = (_, framer) => framer.hold();
        const { framer, events, type } = makeFramer({ onLine });
        for (const chunk of cut(commands.map(name => `AT+${name}\r\n`).join(''), places)) type(chunk);
        expect(events).toEqual([`line: +${commands[0]}`]);
        for (const _ of commands) framer.release();
        expect(events).toEqual(commands.map(name => `line: +${name}`));
        expect(framer.dropped).toBe(0);
      }),
    );
  });
});
