import { describe, expect, it, test } from 'vitest';
import { factoryRegisters, type Registers } from '../../../src/at/registers.js';
import { type Framing, ResponseWriter } from '../../../src/at/response-writer.js';

type Step = ['begin'] | ['info' | 'final' | 'urc' | 'raw' | 'prompt', string];

/** What goes out, an entry for each emit. */
function written(steps: Step[], registers: Partial<Registers> = {}, framing: Framing = 'v250'): string[] {
  const units: string[] = [];
  const writer = new ResponseWriter(framing, { ...factoryRegisters(), ...registers }, bytes => units.push(bytes));
  for (const [word, text = ''] of steps) writer[word](text);
  return units;
}

const csq: Step[] = [['begin'], ['info', '+CSQ: 28,99']];
const creg: Step[] = [['begin'], ['info', '+CREG: 0,1']];
const ok: Step = ['final', 'OK'];

describe('V.250 layout [V.250 5.7, 6.2.6]', () => {
  test.each<[string, Partial<Registers>, Step[], string]>([
    ['AT', {}, [['begin'], ok], '\r\nOK\r\n'],
    ['AT+CSQ', {}, [...csq, ok], '\r\n+CSQ: 28,99\r\n\r\nOK\r\n'],
    ['AT+CSQ, V0', { verbose: false }, [...csq, ok], '+CSQ: 28,99\r\n0\r'],
    ['AT+CSQ;+CREG?', {}, [...csq, ...creg, ok], '\r\n+CSQ: 28,99\r\n\r\n+CREG: 0,1\r\n\r\nOK\r\n'],
    ['AT+CSQ;+CREG?, V0', { verbose: false }, [...csq, ...creg, ok], '+CSQ: 28,99\r\n+CREG: 0,1\r\n0\r'],
    ['AT+FOO', {}, [['final', 'ERROR']], '\r\nERROR\r\n'],
    ['AT+FOO, V0', { verbose: false }, [['final', 'ERROR']], '4\r'],
    ['AT+CPIN? with text', {}, [['final', '+CME ERROR: SIM not inserted']], '\r\n+CME ERROR: SIM not inserted\r\n'],
    ['AT+CPIN?, V0', { verbose: false }, [['final', '+CME ERROR: 10']], '\r\n+CME ERROR: 10\r\n'],
    ['AT+CIPSHUT, V0', { verbose: false }, [['final', 'SHUT OK']], '\r\nSHUT OK\r\n'],
    ['AT+CSQ;+CPIN?', {}, [...csq, ['begin'], ['final', 'ERROR']], '\r\n+CSQ: 28,99\r\n\r\nERROR\r\n'],
    ['ATO, V0', { verbose: false }, [['final', 'CONNECT 115200']], '1\r'],
    ['a URC', {}, [['urc', '+CREG: 1']], '\r\n+CREG: 1\r\n'],
    ['a URC, V0', { verbose: false }, [['urc', '+CREG: 1']], '\r\n+CREG: 1\r\n'],
    ['RING, V0', { verbose: false }, [['urc', 'RING']], '2\r'],
    ['Q1', { quiet: 1 }, [...csq, ok], '\r\n+CSQ: 28,99\r\n'],
    ['Q1, an error', { quiet: 1 }, [['final', '+CME ERROR: 10']], ''],
    [
      'Q1, URCs',
      { quiet: 1 },
      [
        ['urc', 'RING'],
        ['urc', 'NO CARRIER'],
        ['urc', '+CREG: 1'],
      ],
      '\r\n+CREG: 1\r\n',
    ],
    ['S3 and S4', { lineEnd: 0x21, responseFormat: 0x3f }, [...csq, ok], '!?+CSQ: 28,99!?!?OK!?'],
    ['S3, V0', { lineEnd: 0x21, verbose: false }, [ok], '0!'],
  ])('%s', (_, registers, steps, bytes) => expect(written(steps, registers).join('')).toBe(bytes));

  it('has one CRLF between the lines of one command', () => {
    const steps: Step[] = [['begin'], ['info', '+CGACT: 1,1'], ['info', '+CGACT: 2,0'], ok];
    expect(written(steps)).toEqual(['\r\n+CGACT: 1,1\r\n', '+CGACT: 2,0\r\n', '\r\nOK\r\n']);
  });

  it('opens a new block after a final result and after a prompt', () => {
    const steps: Step[] = [...csq, ok, ['info', 'late'], ['prompt', '\r\n> '], ['info', 'later']];
    expect(written(steps).slice(2)).toEqual(['\r\nlate\r\n', '\r\n> ', '\r\nlater\r\n']);
  });
});

describe('ESP layout', () => {
  test.each<[string, Step[], string]>([
    ['AT', [['begin'], ok], '\r\nOK\r\n'],
    ['a query', [['begin'], ['info', '+CWMODE:1'], ok], '+CWMODE:1\r\n\r\nOK\r\n'],
    ['a URC', [['urc', 'WIFI GOT IP']], 'WIFI GOT IP\r\n'],
    ['a prompt', [ok, ['prompt', '\r\n>']], '\r\nOK\r\n\r\n>'],
    ['raw bytes', [['raw', '\r\n+IPD,2:\r\n']], '\r\n+IPD,2:\r\n'],
  ])('%s', (_, steps, bytes) => expect(written(steps, {}, 'esp').join('')).toBe(bytes));

  it('knows neither Q nor V', () => {
    expect(written([ok], { quiet: 1, verbose: false }, 'esp')).toEqual(['\r\nOK\r\n']);
  });
});

describe('every call', () => {
  it('is at most one unit', () => {
    const steps: Step[] = [['begin'], ['info', 'a'], ['urc', '+B'], ['raw', 'c'], ['prompt', '> '], ok];
    for (const framing of ['v250', 'esp'] as const) expect(written(steps, {}, framing)).toHaveLength(5);
  });

  it('obeys the registers as they are then', () => {
    const registers = factoryRegisters();
    const units: string[] = [];
    const writer = new ResponseWriter('v250', registers, bytes => units.push(bytes));
    writer.final('OK');
    registers.verbose = false;
    writer.final('OK');
    registers.lineEnd = 0x21;
    writer.final('OK');
    registers.quiet = 1;
    writer.final('OK');
    expect(units).toEqual(['\r\nOK\r\n', '0\r', '0!']);
  });
});
