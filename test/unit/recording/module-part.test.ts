/** A module that is played from a transcript: what it waits for, and what it does with a host that says something else. */
import { describe, expect, test } from 'vitest';
import { visible } from '../../../src/base/bytes.js';
import { ManualClock } from '../../../src/base/clock.js';
import { ModulePart } from '../../../src/recording/module-part.js';
import { parseTranscript } from '../../../src/transcripts/parse.js';

interface Manner {
  timing?: 'recorded' | 'none';
  isLenient?: boolean;
  isStrict?: boolean;
}

class Played {
  readonly clock = new ManualClock();
  readonly deviations: string[] = [];
  readonly part: ModulePart;
  isFull = false;
  said = '';
  ended: string | undefined;

  constructor(lines: readonly string[], { timing = 'recorded', isLenient = false, isStrict = true }: Manner = {}) {
    const { items } = parseTranscript(`dialect: x\n\n${lines.join('\n')}\n`, 'x.at');
    this.part = new ModulePart({
      items,
      end: { bytes: '\r', isStrict },
      content: () => Buffer.from('FILE'),
      clock: this.clock,
      isMasked: true,
      timing,
      isLenient,
      write: bytes => {
        this.said += bytes;
      },
      isFull: () => this.isFull,
      deviated: ({ item, expected, found, goesOnAt }) =>
        this.deviations.push(`${item.line}: ${visible(expected)} | ${visible(found)} | ${goesOnAt?.line}`),
      ended: how => {
        this.ended = how;
      },
    });
    this.part.attached();
  }

  take(): string {
    const taken = this.said;
    this.said = '';
    return taken;
  }
}

const ok = '\r\nOK\r\n';

describe('a host that says what stands there', () => {
  test('is answered, from the boot lines to the end', () => {
    const played = new Played(['< RDY', '> AT', '< OK', '# why', '>| a\\x1A', '<- b', '>{ file x }', '<{ file x }']);
    expect(played.take()).toBe('\r\nRDY\r\n');
    played.part.host('A');
    expect(played.take()).toBe('');
    played.part.host('T\r');
    expect(played.take()).toBe(ok);
    played.part.host('a\x1AFI');
    expect(played.take()).toBe('b\r\n');
    expect(played.ended).toBeUndefined();
    played.part.host('LE');
    expect([played.take(), played.ended]).toEqual(['FILE', 'played']);
    expect(played.deviations).toEqual([]);
  });

  test('may say it ahead', () => {
    const played = new Played(['> AT', '< OK', '> ATI', '< me']);
    played.part.host('AT\rATI\r');
    expect([played.said, played.ended]).toEqual([`${ok}\r\nme\r\n`, 'played']);
  });

  test('may end lines with CR LF where the transcript does not say how', () => {
    const played = new Played(['> AT', '< OK', '> ATI', '< me'], { isStrict: false });
    played.part.host('AT\r\n');
    played.part.host('ATI\r\n');
    expect([played.ended, played.deviations]).toEqual(['played', []]);
  });

  test('hears nothing of other ports and of what the broker does', () => {
    const played = new Played(['> AT', '2> ATI', '2< no', 'b> t | x', '! pdp lost', '< OK']);
    played.part.host('AT\r');
    expect([played.said, played.ended]).toEqual([ok, 'played']);
  });
});

describe('pauses', () => {
  const lines = ['> AT', '~< 100ms', '<| a', '~ 1s', '~ 500ms', '< URC', '~ 1m', '> ATI', '< me'];

  test('of the module are kept, those of the host are its own', () => {
    const played = new Played(lines);
    played.part.host('AT\r');
    played.clock.advance(99);
    expect(played.take()).toBe('');
    played.clock.advance(1);
    expect(played.take()).toBe('a');
    played.part.host('ATI\r');
    played.clock.advance(1499);
    expect(played.take()).toBe('');
    played.clock.advance(1);
    expect([played.take(), played.ended]).toEqual(['\r\nURC\r\n\r\nme\r\n', 'played']);
  });

  test('are left out without timing', () => {
    const played = new Played(lines, { timing: 'none' });
    played.part.host('AT\rATI\r');
    expect([played.said, played.ended, played.clock.waiting]).toEqual(['a\r\nURC\r\n\r\nme\r\n', 'played', 0]);
  });

  test('a host that does not read is waited for', () => {
    const played = new Played(['> AT', '< OK', '< URC'], { timing: 'none' });
    played.isFull = true;
    played.part.host('AT\r');
    expect(played.said).toBe('');
    played.isFull = false;
    played.part.drained();
    expect(played.ended).toBe('played');
  });
});

describe('a host that says something else', () => {
  test('is told of, with the line, and it ends', () => {
    const played = new Played(['> AT', '< OK', '> AT+CSQ', '< OK']);
    played.part.host('AT\rAT+CREG?\rAT\r');
    expect(played.deviations).toEqual(['5: AT+CSQ\\r | AT+CREG?\\r | undefined']);
    expect([played.ended, played.said]).toEqual(['deviated', ok]);
    played.part.host('AT+CSQ\r');
    expect(played.said).toBe(ok);
  });

  test('has a moment to end its line', () => {
    const played = new Played(['> AT+CSQ', '< OK']);
    played.part.host('AT+CR');
    played.clock.advance(150);
    played.part.host('EG?');
    played.clock.advance(199);
    expect(played.ended).toBeUndefined();
    played.clock.advance(1);
    expect([played.deviations, played.ended]).toEqual([['3: AT+CSQ\\r | AT+CREG? | undefined'], 'deviated']);
  });

  test('ends a line otherwise, where the transcript says how', () => {
    const played = new Played(['> AT', '< OK', '> ATI', '< me']);
    played.part.host('AT\r\nATI\r\n');
    expect(played.deviations).toEqual(['5: ATI\\r | \\n | undefined']);
  });

  describe('to a lenient module', () => {
    const lines = ['> AT', '< OK', '> AT+CSQ', '< CSQ', '> AT+CREG?', '< CREG', '> ATZ', '< OK'];

    test('goes on where the transcript has it', () => {
      const played = new Played(lines, { isLenient: true });
      played.part.host('AT\r');
      played.part.host('AT+CREG?\r');
      expect(played.take()).toBe(`${ok}\r\nCREG\r\n`);
      expect(played.deviations).toEqual(['5: AT+CSQ\\r | AT+CREG?\\r | 7']);
      played.part.host('ATZ\r');
      expect(played.ended).toBe('deviated');
    });

    test('is not answered where it has it nowhere', () => {
      const played = new Played(lines, { isLenient: true });
      played.part.host('AT+NOSUCH\rAT\r');
      expect(played.take()).toBe(ok);
      expect(played.deviations).toEqual(['3: AT\\r | AT+NOSUCH\\r | undefined']);
    });

    test('leaves bytes without a line end', () => {
      const played = new Played(lines, { isLenient: true });
      played.part.host('+++');
      played.clock.advance(200);
      played.part.host('AT\r');
      expect(played.take()).toBe(ok);
      expect(played.deviations).toEqual(['3: AT\\r | +++ | undefined']);
    });
  });
});

test('a host that leaves is waited for, and what it half said is forgotten', () => {
  const played = new Played(['> AT', '~< 1s', '< OK', '> ATI', '< me']);
  played.part.host('AT\r');
  played.part.detached();
  played.clock.advance(5000);
  expect([played.said, played.clock.waiting]).toEqual(['', 0]);
  played.part.attached();
  expect(played.take()).toBe(ok);
  played.part.host('AT');
  played.part.detached();
  played.part.attached();
  played.part.host('ATI\r');
  expect(played.ended).toBe('played');
});

describe('a masked transcript', () => {
  const login = ['> AT+CWJAP="lab","****"', '<| AT+CWJAP="lab","****"\\r', '< OK'];

  test('takes any secret, and says it back', () => {
    const played = new Played([...login, '> AT+CWJAP?', '< +CWJAP: "****"', '> AT+CWJAP="lab","***2"', '< OK']);
    played.part.host('AT+CWJAP="lab","hunter22"\r');
    expect(played.take()).toBe(`AT+CWJAP="lab","hunter22"\r${ok}`);
    played.part.host('AT+CWJAP?\r');
    expect(played.take()).toBe('\r\n+CWJAP: "hunter22"\r\n');
    played.part.host('AT+CWJAP="lab","other"\r');
    expect([played.ended, played.deviations]).toEqual(['played', []]);
  });

  test.each([
    ['something before the secret', 'AT+CWJAP="lib","hunter2"\r'],
    ['something after it', 'AT+CWJAP="lab","hunter2",1\r'],
    ['another line', 'AT+CSQ\r'],
  ])('takes no other line: %s', (_, line) => {
    const played = new Played(login);
    played.part.host(line);
    expect(played.ended).toBe('deviated');
  });

  test('takes a line byte by byte, and data of its length', () => {
    const played = new Played([...login, '>| a****\\x1A', '<| ****']);
    for (const byte of 'AT+CWJAP="lab","x"\raWXYZ') played.part.host(byte);
    expect(played.ended).toBeUndefined();
    played.part.host('\x1A');
    expect(played.ended).toBe('played');
  });
});
