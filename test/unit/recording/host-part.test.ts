/** A host that is played from a transcript: when it says the next, and what is compared. */
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { DifferenceReport } from '../../../src/recording/difference-report.js';
import { Heard } from '../../../src/recording/heard.js';
import { HostPart, type Target } from '../../../src/recording/host-part.js';
import { formatItem } from '../../../src/transcripts/format.js';
import { parseTranscript } from '../../../src/transcripts/parse.js';
import type { FaultItem, Message, PublishItem } from '../../../src/transcripts/transcript.js';
import { turns } from '../../support/patience.js';

type Answers = Readonly<Record<string, string>>;

/** A modem that answers from a list, at once. */
class Scripted implements Target {
  readonly heard = new Heard();
  readonly told: string[] = [];
  messages: Message[] = [];

  constructor(
    readonly answers: Answers,
    readonly can: 'everything' | 'nothing',
  ) {}

  write(bytes: string): void {
    this.told.push(bytes);
    this.heard.add(this.answers[bytes] ?? '\r\nOK\r\n');
  }

  async cause(item: PublishItem | FaultItem): Promise<boolean> {
    if (this.can === 'nothing') return false;
    this.told.push(formatItem(item));
    this.heard.add('\r\n+URC: 7\r\n');
    return true;
  }

  delivered = () => (this.can === 'nothing' ? [] : this.messages);
}

interface Manner {
  timing?: 'recorded' | 'none';
  can?: 'everything' | 'nothing';
}

class Play {
  readonly clock = new ManualClock();
  readonly told: string[] = [];
  readonly notPlayed: string[] = [];
  readonly target: Scripted;
  readonly report: DifferenceReport;
  isOver = false;

  constructor(
    lines: readonly string[],
    answers: Answers = {},
    { timing = 'recorded', can = 'everything' }: Manner = {},
  ) {
    const { items } = parseTranscript(`dialect: x\n\n${lines.join('\n')}\n`, 'x.at');
    this.target = new Scripted(answers, can);
    const sides = { expected: 'recorded', actual: 'emulated' };
    this.report = new DifferenceReport({ sides, tell: text => this.told.push(text) });
    const part = new HostPart({
      items,
      end: '\r',
      content: () => Buffer.alloc(0),
      target: this.target,
      report: this.report,
      clock: this.clock,
      timing,
      placeOf: ({ line }) => `x.at:${line}`,
      notPlayed: item => this.notPlayed.push(formatItem(item)),
    });
    void part.play().then(() => {
      this.isOver = true;
    });
  }

  /** Time, a millisecond step at a time, with all that comes of it. */
  async passes(milliseconds: number): Promise<void> {
    await turns(20);
    for (let left = milliseconds; left > 0; left -= 50) {
      this.clock.advance(Math.min(50, left));
      await turns(10);
    }
  }
}

test('a line goes out when the one before was answered', async () => {
  const play = new Play(['> AT', '< OK', '> ATI', '< me', '< OK'], { 'ATI\r': '\r\nme\r\n' });
  await play.passes(0);
  expect(play.target.told).toEqual(['AT\r', 'ATI\r']);
  await play.passes(100);
  play.target.heard.add('\r\nOK\r\n');
  await play.passes(200);
  expect([play.isOver, play.told, play.report.summary]).toEqual([
    true,
    [],
    '2 answers: 2 alike, 0 with other values, 0 otherwise',
  ]);
});

describe('pauses', () => {
  const lines = ['> AT', '< OK', '~ 10s', '> ATI', '< OK'];

  test('before a line are kept', async () => {
    const play = new Play(lines);
    await play.passes(9_950);
    expect(play.target.told).toEqual(['AT\r']);
    await play.passes(50);
    expect(play.target.told).toEqual(['AT\r', 'ATI\r']);
  });

  test('are left out without timing', async () => {
    const play = new Play(lines, {}, { timing: 'none' });
    await play.passes(0);
    expect(play.target.told).toEqual(['AT\r', 'ATI\r']);
  });

  test('in an answer are time that it may take', async () => {
    const play = new Play(['> AT', '~< 30s', '< LATE', '> ATI', '< OK'], { 'AT\r': '' });
    await play.passes(32_900);
    expect(play.target.told).toEqual(['AT\r']);
    play.target.heard.add('\r\nLATE\r\n');
    await play.passes(200);
    expect([play.isOver, play.told]).toEqual([true, []]);
  });
});

describe('an answer that differs', () => {
  test('in a value is waited for a moment, and told', async () => {
    const play = new Play(['> AT+CSQ', '< +CSQ: 1', '< OK', '> AT', '< OK'], {
      'AT+CSQ\r': '\r\n+CSQ: 23\r\n\r\nOK\r\n',
    });
    await play.passes(150);
    expect(play.target.told).toHaveLength(1);
    await play.passes(400);
    expect(play.told).toEqual([
      'x.at:3: AT+CSQ\n  another value  recorded  < +CSQ: 1\n                 emulated  < +CSQ: 23',
    ]);
  });

  test('lacks a line: it is given up after three seconds', async () => {
    const play = new Play(['> AT', '< OK', '< MORE', '> ATI', '< OK']);
    await play.passes(2_950);
    expect(play.target.told).toEqual(['AT\r']);
    await play.passes(300);
    expect([play.isOver, play.told]).toEqual([true, ['x.at:3: AT\n  only  recorded  < MORE']]);
  });

  test('comes unasked', async () => {
    const play = new Play(['> AT', '< OK']);
    play.target.heard.add('\r\nHELLO\r\n');
    await play.passes(200);
    expect(play.told[0]).toMatch(/^at the start\n {2}only {2}emulated {2}< HELLO/);
  });
});

describe('what happens around the modem', () => {
  const lines = ['> AT', '< OK', '! dte detaches', 'b> t qos=1 | x', '< +URC: 7', 'b< up | 1'];

  test('is caused, and what it sends to the broker is compared', async () => {
    const play = new Play(lines);
    play.target.messages = [
      { topic: 'other', payload: '', qos: 0, retain: false },
      { topic: 'up', payload: '2', qos: 0, retain: false },
    ];
    await play.passes(4000);
    expect(play.target.told).toEqual(['AT\r', '! dte detaches', 'b> t qos=1 | x']);
    expect(play.told).toEqual([
      'x.at:5: ! dte detaches\n  only  emulated  < +URC: 7',
      'what reached the broker\n  another shape  recorded  b< up | 1\n                 emulated  b< up | 2',
    ]);
  });

  test('is told where it cannot be caused', async () => {
    const play = new Play(lines, {}, { can: 'nothing' });
    await play.passes(4000);
    expect(play.notPlayed).toEqual(['! dte detaches', 'b> t qos=1 | x']);
  });
});
