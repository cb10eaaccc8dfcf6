import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesFromEscapes, escapesFromBytes } from '../../../src/transcripts/escapes.js';
import { formatItem, formatTranscript, isPlainLine, modemItemsFrom } from '../../../src/transcripts/format.js';
import { parseTranscript } from '../../../src/transcripts/parse.js';
import {
  endpointNames,
  type Item,
  linkEvents,
  maximumChannels,
  maximumFlood,
  maximumLinks,
  peerActs,
  type RouteTarget,
  registrationStates,
} from '../../../src/transcripts/transcript.js';
import { modemBytes } from '../../../src/transcripts/wire.js';

const byteString = fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes).toString('latin1'));
/** Bytes as modems write them: mostly line ends and text. */
const dialogueBytes = fc
  .array(
    fc.oneof(byteString, fc.constantFrom('\r\n', '\r', '\n', 'OK', '> ', '+X: 1', '温', '{size x}', '{port 1}', ' ')),
    {
      maxLength: 12,
    },
  )
  .map(parts => Buffer.from(parts.join('')).toString('latin1'));

const noFiles = () => Buffer.alloc(0);

describe('modemItemsFrom', () => {
  it('loses no byte and adds none', () => {
    fc.assert(
      fc.property(dialogueBytes, bytes => {
        const text = formatTranscript({ header: headerOf('x'), items: [at, ...modemItemsFrom(bytes)] });
        const items = parseTranscript(text, 'x.at').items.filter(item => item.kind === 'modem');
        expect(items.map(item => modemBytes(item, noFiles)).join('')).toBe(bytes);
      }),
    );
  });

  const cases: [string, string[]][] = [
    ['\r\nOK\r\n', ['< OK']],
    ['\r\n+A: 1\r\n+A: 2\r\n\r\nOK\r\n', ['< +A: 1', '<- +A: 2', '< OK']],
    ['\r\nOK\r\n\r\n>', ['< OK', '<| \\r\\n>']],
    ['AT\r\r\nOK\r\n', ['<| AT\\r', '< OK']],
    ['+A: \r\n', ['<| +A: \\r\\n']],
    ['\r\n\x1A\r\n', ['<| \\r\\n\\x1A\\r\\n']],
  ];
  it.each(cases)('%j', (bytes, lines) => {
    expect(modemItemsFrom(bytes).map(formatItem)).toEqual(lines);
  });
});

describe('escapes', () => {
  it('give back every byte', () => {
    fc.assert(
      fc.property(byteString, bytes => {
        const text = escapesFromBytes(bytes);
        expect(bytesFromEscapes({ file: 'x', line: 1, column: 1, text })).toBe(bytes);
        expect(text.trim()).toBe(text);
        expect(text).not.toMatch(/[\r\n]/);
      }),
    );
  });
});

describe('formatTranscript', () => {
  it('is read back to the same transcript', () => {
    fc.assert(
      fc.property(headers, fc.array(items, { minLength: 1, maxLength: 8 }), (header, dialogue) => {
        const text = formatTranscript({ header, items: [at, ...dialogue] });
        const { header: readHeader, items: readItems } = parseTranscript(text, 'x.at');
        expect(readHeader).toEqual(header);
        expect(readItems.map(item => ({ ...item, line: 0 }))).toEqual([at, ...dialogue]);
      }),
    );
  });
});

const headerOf = (dialect: string) => ({ dialect, settings: [], routes: [], files: [], accessPoints: [] });
const at: Item = { kind: 'host', line: 0, channel: 1, sends: { layout: 'line', pieces: [{ bytes: 'AT' }] } };

const word = fc.stringMatching(/^[a-zA-Z0-9./-]{1,12}$/);
const host = fc.stringMatching(/^[a-z0-9][a-z0-9.]{0,12}$/);
const channel = fc.integer({ min: 1, max: maximumChannels });
const plainLine = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .map(text => Buffer.from(text).toString('latin1'))
  .filter(isPlainLine);
const pieces = fc.oneof(
  fc.constant([]),
  plainLine.filter(bytes => bytes !== '').map(bytes => [{ bytes }]),
  word.map(sizeOf => [{ bytes: 'AT+X=' }, { sizeOf }, { bytes: ',1' }]),
  fc.integer({ min: 1, max: 9 }).map(portOf => [{ bytes: 'AT+X=' }, { portOf }, { bytes: ',1' }]),
);
const verbatim = fc.oneof(
  byteString.filter(bytes => bytes !== '').map(bytes => ({ layout: 'exact' as const, bytes })),
  word.map(file => ({ layout: 'file' as const, file })),
);
const message = fc.record({
  topic: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  payload: byteString,
  qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
  retain: fc.boolean(),
});
const line = fc.constant(0);
const link = fc.option(fc.integer({ min: 1, max: maximumLinks }), { nil: undefined });
const sizes = fc.oneof(
  fc.integer({ min: 1, max: maximumFlood }),
  fc.integer({ min: 1, max: 64 }).chain(count => fc.constantFrom(count * 1024, count * 1024 * 1024)),
);
const faults = fc.oneof(
  fc.record({ kind: fc.constant('broker' as const), does: fc.constantFrom('closes', 'resets', 'silent', 'back') }),
  fc.record({ kind: fc.constant('peer' as const), does: fc.constantFrom(...peerActs), link }),
  fc.record({ kind: fc.constant('peer-floods' as const), size: sizes, link }),
  fc.record({ kind: fc.constant('peer-connects' as const), port: fc.integer({ min: 1, max: 65_535 }) }),
  fc.record({ kind: fc.constant('pdp-lost' as const), cid: fc.integer({ min: 1, max: 15 }) }),
  fc.record({ kind: fc.constant('registration' as const), state: fc.constantFrom(...registrationStates) }),
  fc.record({ kind: fc.constant('injected' as const), request: fc.constantFrom('at.silent', 'at.late by=2s nth=3') }),
  fc.record({ kind: fc.constant('lifted' as const), name: fc.constantFrom(undefined, 'at.late') }),
  fc.record({ kind: fc.constant('dte' as const), does: fc.constantFrom('attaches', 'detaches'), channel }),
);
const items = fc.oneof(
  fc.record({
    kind: fc.constant('host'),
    line,
    channel,
    sends: fc.oneof(verbatim, fc.record({ layout: fc.constant('line'), pieces })),
  }),
  fc.record({
    kind: fc.constant('modem'),
    line,
    channel,
    sends: fc.oneof(verbatim, fc.record({ layout: fc.constantFrom('line', 'framed'), pieces })),
  }),
  fc.record({ kind: fc.constantFrom('publish', 'delivery'), line, message }),
  fc.record({ kind: fc.constant('peer-sends'), line, link, sends: verbatim }),
  fc.record({ kind: fc.constant('peer-receives'), line, link, receives: verbatim }),
  fc.oneof(
    fc.record({ kind: fc.constant('peer-sees'), line, event: fc.constant('opens') }),
    fc.record({ kind: fc.constant('peer-sees'), line, link, event: fc.constantFrom(...linkEvents.slice(1)) }),
  ),
  fc.record(
    { kind: fc.constant('pause'), line, milliseconds: fc.nat(10_000_000), isAnswering: fc.constant(true) },
    { requiredKeys: ['kind', 'line', 'milliseconds'] },
  ),
  fc.record({ kind: fc.constant('fault'), line, fault: faults }),
  fc.record({ kind: fc.constant('comment'), line, text: word }),
) as fc.Arbitrary<Item>;

const targets: fc.Arbitrary<RouteTarget> = fc.oneof(
  fc.constantFrom(...endpointNames).map(name => ({ kind: 'endpoint' as const, name })),
  fc.integer({ min: 1, max: 255 }).map(code => ({ kind: 'refuse' as const, code })),
  fc.record({
    kind: fc.constant('address' as const),
    host: fc.oneof(host, fc.constant('::1')),
    port: fc.integer({ min: 1, max: 65_535 }),
  }),
);
const headers = fc.record(
  {
    dialect: word,
    name: word,
    date: fc.integer({ min: 0, max: Date.UTC(2100) }),
    given: word,
    settings: fc.array(fc.record({ name: word, value: word })),
    routes: fc.array(fc.record({ pattern: word, target: targets })),
    files: fc.array(fc.record({ name: word, path: word })),
    accessPoints: fc.array(fc.record({ ssid: word, password: word }, { requiredKeys: ['ssid'] })),
    sim: fc.constantFrom('ready', 'pin', 'absent'),
    power: fc.constantFrom('attach', 'start', 'every-open', 'manual'),
    echo: fc.constantFrom('on', 'off'),
    end: fc.constantFrom('\r', '\r\n', ';'),
    timing: fc.constantFrom('instant', 'real'),
    secrets: fc.constant('masked'),
    brokers: fc.constantFrom(['aedes' as const], ['aedes' as const, 'mosquitto' as const]),
  },
  { requiredKeys: ['dialect', 'settings', 'routes', 'files', 'accessPoints'] },
);
