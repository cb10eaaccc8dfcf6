/** A modem's config as the header of a transcript, and back. */
import { describe, expect, test } from 'vitest';
import { headerOf, modemOf } from '../../../src/config/transcript-modem.js';
import { formatHeader } from '../../../src/transcripts/format.js';
import { parseTranscript } from '../../../src/transcripts/parse.js';

const linesOf = (config: Parameters<typeof headerOf>[1]) => formatHeader(headerOf('bench', config).header);

describe('the header of a modem', () => {
  test('says what a replay needs', () => {
    expect(
      linesOf({
        dialect: 'luat',
        settings: { CMEE: 1, 'style.busy': 'drop' },
        routes: ['*=embedded', 'iot.example:8883=[::1]:8883'],
        certs: { ca: 'certs/ca.pem' },
        accessPoints: [{ ssid: 'lab', password: 'secret' }, { ssid: 'open' }],
        sim: 'none',
        power: 'every-open',
        timing: 'real',
      }),
    ).toEqual([
      'dialect: luat',
      'name: bench',
      'set: CMEE=1',
      'set: style.busy=drop',
      'route: *=broker',
      'route: iot.example:8883=[::1]:8883',
      'file: ca=certs/ca.pem',
      'ap: lab,secret',
      'ap: open',
      'sim: absent',
      'power: every-open',
      'echo: on',
      'timing: real',
    ]);
  });

  test('of a modem with nothing said is that of the default', () => {
    expect(linesOf({})).toEqual(['dialect: w800', 'name: bench', 'power: attach', 'echo: on']);
  });

  test('leaves boot lines out that come before any host', () => {
    expect(linesOf({ power: 'start' })).not.toContain('power: start');
  });

  test('names what it cannot say', () => {
    const { header, unsaid } = headerOf('bench', {
      identity: { imei: '1' },
      clock: 'never',
      listen: [],
      sim: { pin: '9999' },
      settings: { a: 'two\nlines', b: '' },
      certs: { key: Buffer.from('x') },
      accessPoints: [{ ssid: 'with,comma' }, { ssid: 'lab', rssi: -70 }],
    });
    expect(unsaid).toEqual(['identity', 'clock', 'sim', 'settings', 'certs', 'access points']);
    expect(formatHeader(header)).toEqual(['dialect: w800', 'name: bench', 'power: attach', 'echo: on']);
  });
});

describe('the modem of a header', () => {
  test('is the one that the header was of', () => {
    const config = {
      dialect: 'esp-at',
      settings: { CWMODE: '1' },
      power: 'attach' as const,
      timing: 'real' as const,
      sim: { pin: '1234' },
      accessPoints: [{ ssid: 'lab', password: 'secret' }],
    };
    const text = `${formatHeader(headerOf('bench', config).header).join('\n')}\n\n> AT\n`;
    expect(modemOf(parseTranscript(text, 'x.at').header)).toEqual({ name: 'bench', address: undefined, ...config });
  });

  test('has an identity of its own where the header names none', () => {
    const { header } = parseTranscript('dialect: luat\n\n> AT\n', 'x.at');
    expect(modemOf(header)).toMatchObject({ name: 'test', address: '10.83.214.110', settings: {}, power: undefined });
  });
});
