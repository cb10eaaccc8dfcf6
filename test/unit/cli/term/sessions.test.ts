/** Sessions of `term` on streams: what goes to the modem, and what stands on the screen. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../../src/base/clock.js';
import { Signal } from '../../../../src/base/signal.js';
import { historyFile, loadHistory, saveHistory } from '../../../../src/cli/term/history.js';
import type { HostLink } from '../../../../src/cli/term/host-link.js';
import { interactiveSession } from '../../../../src/cli/term/interactive.js';
import { scriptedSession } from '../../../../src/cli/term/scripted.js';
import type { Session } from '../../../../src/cli/term/term.js';
import { eventually } from '../../../support/patience.js';
import { temporaryFolder } from '../../store/temporary.js';
import { RecordedOutput } from '../recorded-output.js';

/** The modem's side: remembers what came, and answers as told. */
class FarEnd implements HostLink {
  readonly name = 'test';
  readonly heard: string[] = [];
  readonly told = new Signal<void>();
  answer: (line: string) => string = () => '';
  session: Session | undefined;

  write(bytes: string): void {
    this.heard.push(bytes);
    const answer = this.answer(bytes);
    if (answer !== '') this.session?.heard(answer);
    this.told.emit();
  }

  async close(): Promise<void> {}

  hears(count: number): Promise<boolean> {
    return eventually(() => this.heard.length >= count, this.told);
  }
}

/** Time runs by itself: as soon as somebody waits, it is there. */
class HastyClock extends ManualClock {
  override after(ms: number, run: () => void) {
    const timer = super.after(ms, run);
    setImmediate(() => this.advance(ms));
    return timer;
  }
}

async function onTerminal(history: readonly string[] = []) {
  const [input, screen, far] = [new PassThrough(), new PassThrough(), new FarEnd()];
  const file = join(await temporaryFolder(), 'history');
  saveHistory(file, history);
  let shown = '';
  screen.setEncoding('utf8').on('data', text => {
    shown += text;
  });
  const session = interactiveSession({ input, output: screen }, file, new HastyClock(), 200);
  far.session = session;
  const ended = session.converse(far, '\r');
  return { input, far, file, ended, session, shown: () => shown };
}

describe('on a terminal', () => {
  test('Enter sends the line, and the modem’s lines go above what is typed', async () => {
    const { input, far, session, ended, shown } = await onTerminal();
    input.write('AT\r');
    await far.hears(1);
    expect(far.heard).toEqual(['AT\r']);
    session.heard('AT\r\r\nOK\r\n');
    input.write('AT+CS');
    session.heard('\r\n+MSUB: "温度"\r\n'.replace('温度', '\xe6\xb8\xa9\xe5\xba\xa6'));
    expect(shown()).toMatch(/OK\n[\s\S]*\+MSUB: "温度"\n[^\n]*AT\+CS/);
    input.end('\x04');
    await ended;
  });

  test('an unfinished line of the modem is the prompt', async () => {
    const { input, session, ended, shown } = await onTerminal();
    session.heard('\r\n> ');
    input.write('data');
    expect(shown()).toMatch(/> [^\n]*data$/);
    input.end();
    await ended;
  });

  test('pasted lines go out one by one, each after the answer to the last', async () => {
    const { input, far, ended } = await onTerminal();
    const order: string[] = [];
    far.answer = line => {
      order.push(line);
      order.push('answer');
      return '\r\nOK\r\n';
    };
    input.write('AT\rATI\rAT+X\r');
    expect(await far.hears(3)).toBe(true);
    expect(order).toEqual(['AT\r', 'answer', 'ATI\r', 'answer', 'AT+X\r', 'answer']);
    input.end();
    await ended;
  });

  test.each([
    ['Ctrl-Z sends what was typed and 1A', 'hello\x1a', 'hello\x1a'],
    ['Chinese text is UTF-8', '温度\r', '\xe6\xb8\xa9\xe5\xba\xa6\r'],
    ['\\x1A alone is that byte', '\\x1A\r', '\x1a'],
  ])('%s', async (_, typed, expected) => {
    const { input, far, ended } = await onTerminal();
    input.write(typed);
    await far.hears(1);
    expect(far.heard).toEqual([expected]);
    input.end();
    await ended;
  });

  test('Esc sends 1B', async () => {
    const { input, far, ended } = await onTerminal();
    input.write('\x1b');
    expect(await far.hears(1)).toBe(true);
    expect(far.heard).toEqual(['\x1b']);
    input.end();
    await ended;
  });

  test('Ctrl-C forgets the line; on an empty one it leaves', async () => {
    const { input, far, ended } = await onTerminal();
    input.write('ATZ\x03\x03');
    await ended;
    expect(far.heard).toEqual([]);
  });

  test('the history of the last session is there, and this one’s is kept for its owner alone', async () => {
    const { input, far, file, ended } = await onTerminal(['AT+LAST', 'AT+FIRST']);
    input.write('\x1b[A\r');
    await far.hears(1);
    expect(far.heard).toEqual(['AT+LAST\r']);
    input.write('AT+NEW\r');
    await far.hears(2);
    expect(readFileSync(file, 'utf8')).toBe('AT+FIRST\nAT+LAST\nAT+NEW\n');
    expect(statSync(file).mode & 0o077).toBe(0);
    input.end();
    await ended;
  });
});

describe('through a pipe', () => {
  function piped(far: FarEnd) {
    const [input, output] = [new PassThrough(), new RecordedOutput()];
    const session = scriptedSession(input as unknown as NodeJS.ReadStream, output, new HastyClock(), 200);
    far.session = session;
    return { input, output, ended: session.converse(far, '\r') };
  }

  test('lines are sent one by one, everything received is a result, and the end of the input is the end', async () => {
    const far = new FarEnd();
    far.answer = line => `${line}\r\nOK\r\n`;
    const { input, output, ended } = piped(far);
    input.end('AT\nATI\r\n');
    await ended;
    expect(far.heard).toEqual(['AT\r', 'ATI\r']);
    expect(output.results).toEqual(['AT', 'OK', 'ATI', 'OK']);
  });

  test('bytes go through as they are', async () => {
    const far = new FarEnd();
    const { input, ended } = piped(far);
    input.end(Buffer.from([0xff, 0xe6, 0x0a]));
    await ended;
    expect(far.heard).toEqual(['\xff\xe6\r']);
  });

  test('a prompt that nobody answers is shown at the end', async () => {
    const far = new FarEnd();
    far.answer = () => '\r\n> ';
    const { input, output, ended } = piped(far);
    input.end('AT+X\n');
    await ended;
    expect(output.results).toEqual(['', '> ']);
  });
});

describe('the history file', () => {
  test('is where XDG says', () => {
    expect(historyFile('/state')).toBe('/state/atmodem/history');
    expect(historyFile('relative')).toMatch(/\/\.local\/state\/atmodem\/history$/);
  });

  test('keeps the newest lines', async () => {
    const file = join(await temporaryFolder(), 'history');
    writeFileSync(file, Array.from({ length: 1500 }, (_, i) => `AT${i}\n`).join(''));
    const lines = loadHistory(file);
    expect([lines.length, lines[0]]).toEqual([1000, 'AT1499']);
  });

  test('that cannot be read or written is no failure', () => {
    expect(loadHistory('/nowhere/history')).toEqual([]);
    expect(() => saveHistory('/dev/null/history', ['AT'])).not.toThrow();
  });
});
