import { expect, test } from 'vitest';
import { Signal } from '../../../src/base/signal.js';
import { createLog } from '../../../src/cli/log.js';
import { eventually } from '../../support/patience.js';

/** Collects notes, and waits for them: the logger itself comes late. */
class Notes {
  readonly lines: string[] = [];
  readonly #told = new Signal<void>();

  note(text: string): void {
    this.lines.push(text);
    this.#told.emit();
  }

  async atLeast(count: number): Promise<string[]> {
    expect(await eventually(() => this.lines.length >= count, this.#told)).toBe(true);
    return this.lines;
  }
}

test('messages come in order, those from before the logger was loaded too, with the fields of their part', async () => {
  const notes = new Notes();
  const log = createLog('info', 'json', notes);
  const modem = log.child({ modem: 'a' });
  modem.info({ n: 1 }, 'first');
  modem.child({ channel: 0 }).warn({ n: 2 }, 'second');
  await notes.atLeast(2);
  log.error({ n: 3 }, 'third');
  const entries = (await notes.atLeast(3)).map(line => JSON.parse(line) as object);
  expect(entries).toMatchObject([
    { level: 30, modem: 'a', n: 1, msg: 'first' },
    { level: 40, modem: 'a', channel: 0, n: 2, msg: 'second' },
    { level: 50, n: 3, msg: 'third' },
  ]);
});

test('below the level nothing is said, and who asks is told', async () => {
  const notes = new Notes();
  const log = createLog('warn', 'json', notes);
  log.info({}, 'quiet');
  log.error({}, 'loud');
  expect(await notes.atLeast(1)).toHaveLength(1);
  expect(['trace', 'debug', 'info', 'warn', 'error'].filter(level => log.isLevelEnabled(level))).toEqual([
    'warn',
    'error',
  ]);
});

test('silent is silent', () => {
  const log = createLog('silent', 'json', new Notes());
  expect(log.isLevelEnabled('error')).toBe(false);
});

test('on a terminal it is a line to read', async () => {
  const notes = new Notes();
  createLog('info', 'readable', notes).info({ modem: 'a' }, 'power on');
  const [line] = await notes.atLeast(1);
  expect(line).toContain('power on');
  expect(line).not.toMatch(/^\{|\n/);
});

const stranger = 'a\x1b[2J\u009b31m\r\nFAKE \u202e';

test.each(['readable', 'json'] as const)('%s: no text of a stranger moves the cursor or fakes a line', async form => {
  const notes = new Notes();
  createLog('info', form, notes).warn({ ssid: stranger, at: { host: stranger } }, `dial to ${stranger} denied`);
  const [line = ''] = await notes.atLeast(1);
  const withoutColours = line.replace(/\x1b\[\d+m/g, '');
  expect(withoutColours).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(withoutColours).toMatch(/a\\u001b\[2J\\u009b31m/i);
});
