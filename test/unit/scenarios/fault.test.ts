/** Requests for faults: what is understood, and what is refused, with the nearest right word. */
import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../../src/base/errors.js';
import { faultCatalogue } from '../../../src/scenarios/catalogue.js';
import { checkFault, readFaultText } from '../../../src/scenarios/fault.js';
import { FaultyModem } from './faulty-modem.js';

function mistake(raw: unknown): string {
  try {
    checkFault(raw);
  } catch (error) {
    expect(error).toBeInstanceOf(OperatorError);
    return (error as OperatorError).message;
  }
  throw new Error('nothing was wrong with it');
}

describe('a request', () => {
  it('as YAML and JSON have it', () => {
    const fault = checkFault({ fault: 'at.late', command: 'at+mpub', nth: 3, by: '2s' });
    expect(fault).toMatchObject({
      name: 'at.late',
      values: { by: 2000, nth: 3 },
      when: { command: '+MPUB', nth: 3, count: 1 },
      text: 'at.late command=at+mpub nth=3 by=2s',
    });
  });

  it('as one line has it, where numbers are text', () => {
    expect(checkFault('line.insert,size=3,rate=0.25')).toMatchObject({ values: { size: 3, rate: 0.25 } });
    expect(checkFault('module.freeze,loses=true,for=5m')).toMatchObject({ values: { loses: true, for: 300_000 } });
  });

  it('a text may hold what separates parameters', () => {
    expect(readFaultText('at.urc,text=+CMT: "1",,"a,b=c",place=before')).toEqual({
      fault: 'at.urc',
      text: '+CMT: "1",,"a',
      b: 'c"',
      place: 'before',
    });
    expect(checkFault('at.urc,text=+CMT: "1"\\x2C,"a"').values).toMatchObject({ text: '+CMT: "1",,"a"' });
    expect(readFaultText('at.urc text=+CREG: 2, here place=echo', ' ')).toEqual({
      fault: 'at.urc',
      text: '+CREG: 2, here',
      place: 'echo',
    });
  });

  it('a number of a time is milliseconds, and bytes have escapes', () => {
    expect(checkFault({ fault: 'line.stall', by: 1500 }).values).toMatchObject({ by: 1500 });
    expect(checkFault({ fault: 'line.insert', bytes: '\\x00\\r\\\\é' }).values).toMatchObject({
      bytes: '\x00\r\\\xc3\xa9',
    });
  });

  it.each([
    ['at.error', 1],
    ['at.error,for=1s', undefined],
    ['at.error,rate=0.5', undefined],
    ['at.error,count=4', 4],
    ['line.chop', undefined],
    ['module.slow', undefined],
  ])('%s strikes so often: %s', (text, count) => {
    expect(checkFault(text).when.count).toBe(count);
  });

  it('every fault of the catalogue is one with its defaults, but for what it needs', () => {
    for (const { name, parameters } of faultCatalogue) {
      const needed = Object.entries(parameters).filter(([, { required }]) => required);
      const request = { fault: name, ...Object.fromEntries(needed.map(([key]) => [key, 'x'])) };
      expect(checkFault(request).name).toBe(name);
    }
  });
});

describe('what is refused', () => {
  it('a name that is none', () => {
    expect(mistake('at.lat,by=2s')).toMatch(
      /^no such fault\n {2}found: {4}at\.lat\n {2}expected: line\.drop, .*\n {2}did you mean `at\.late`\?$/,
    );
  });

  it('a parameter that it does not take', () => {
    expect(mistake({ fault: 'at.late', bye: '2s' })).toBe(
      'at.late takes no `bye`\n  found:    bye\n  expected: by, command, nth, at, count, rate, for\n  did you mean `by`?',
    );
  });

  it('a word that is none', () => {
    expect(mistake('at.urc,text=X,place=prompts')).toBe(
      '`place` of at.urc cannot be that\n  found:    prompts\n  expected: echo, before, between, prompt\n  did you mean `prompt`?',
    );
  });

  it('what it cannot be without', () => {
    expect(mistake('at.urc')).toBe('at.urc needs `text`\n  expected: the line, without its CR LF');
  });

  it.each([
    [
      { fault: 'at.late', by: '2' },
      '`by` of at.late cannot be that\n  found:    2\n  expected: a time from 1ms to 1440m',
    ],
    [{ fault: 'at.late', by: '25h' }, 'expected: a time'],
    [{ fault: 'at.late', by: '1441m' }, 'expected: a time'],
    [{ fault: 'at.late', by: Number.NaN }, 'expected: a time'],
    [{ fault: 'line.flip', mask: 256 }, 'expected: a whole number from 1 to 255'],
    [{ fault: 'line.flip', mask: 1.5 }, 'expected: a whole number from 1 to 255'],
    [{ fault: 'line.drop', rate: 1.01 }, 'expected: a number from 0 to 1'],
    [{ fault: 'line.drop', nth: 0 }, 'expected: a whole number from 1 to'],
    [{ fault: 'network.signal', rssi: 32 }, 'expected: a whole number from 0 to 31, or 99'],
    [{ fault: 'module.freeze', loses: 'maybe' }, 'expected: true or false'],
    [{ fault: 'line.insert', bytes: '\\xZZ' }, 'expected: 1 to 1024 bytes, as text with \\r'],
    [{ fault: 'at.error', text: { a: 1 } }, 'found:    {"a":1}'],
  ])('%o', (request, says) => {
    expect(mistake(request)).toContain(says);
  });

  it.each([['nth=2,at=7'], ['place=echo,command=+CSQ']])('at.urc with %s', both => {
    expect(mistake(`at.urc,text=X,${both}`)).toMatch(/^at\.urc cannot have both\n/);
  });

  it.each([undefined, null, 7, [], {}, { fault: 7 }, { name: 'at.late' }])('%o is no request', raw => {
    expect(mistake(raw)).toMatch(/^not a fault\n/);
  });

  it('one line without KEY=VALUE', () => {
    expect(mistake('at.late,fast')).toContain('what stands behind a fault is KEY=VALUE');
  });

  it('a gigabyte, without reading it or saying it again', () => {
    const gigabyte = 'A'.repeat(2 ** 29 - 24);
    const message = mistake({ fault: 'line.insert', bytes: gigabyte });
    expect(message.length).toBeLessThan(400);
    expect(mistake({ fault: 'line.insert', size: 1_000_000_000 })).toContain('expected: a whole number from 1 to 4096');
  });
});

describe('what a modem refuses', () => {
  const refused = async (text: string, before: (modem: FaultyModem) => unknown = () => {}) => {
    const modem = await FaultyModem.start('luat');
    await before(modem);
    return expect(() => modem.inject(text));
  };

  it('a command that its dialect lacks', async () => {
    (await refused('at.late,command=+MPIB')).toThrow(
      'at.late waits for a command that luat lacks\n  found:    +MPIB\n  expected: a command of `atmodem explain --dialect luat`, or AT\n  did you mean `+MPUB`?',
    );
  });

  it('a point that was met already', async () => {
    const met = await refused('at.late,at=2', async modem => {
      for (let i = 0; i < 2; i++) await modem.worksAgain();
    });
    met.toThrow(
      'at.late can no longer strike there\n  found:    at 2\n  expected: more than 2: so many of at.command were met',
    );
  });

  it('more than 64 at once', async () => {
    const modem = await FaultyModem.start('luat');
    for (let i = 0; i < 64; i++) modem.inject('at.late,nth=1000');
    expect(() => modem.inject('at.late')).toThrow('too many faults at once');
    modem.test.faults.clear();
    modem.inject('at.late');
    expect(modem.test.faults.active).toHaveLength(1);
  });
});
