/**
 * A session on a terminal. The modem's lines go above the line that is being typed; its unfinished line, such as `> `, is
 * the prompt of that line.
 */
import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from 'node:readline';
import { type ByteString, utf8ToBytes } from '../../base/bytes.js';
import type { Clock } from '../../base/clock.js';
import { AnswerWatch } from './answer-watch.js';
import { EchoFilter } from './echo-filter.js';
import { historyLimit, loadHistory, saveHistory } from './history.js';
import type { HostLink } from './host-link.js';
import { ReceivedText, readable } from './received-text.js';
import type { Session } from './term.js';
import { bytesOfLine, withBytes } from './typed-line.js';

const ctrlZ = '\x1a';
const esc = '\x1b';
/** A line typed while the last one has no answer yet waits this long for it. */
const answerPatience = 5_000;

export interface Screen {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
}

export function interactiveSession(screen: Screen, historyPath: string, clock: Clock, quiet: number): Session {
  const received = new ReceivedText();
  const echo = new EchoFilter();
  const watch = new AnswerWatch(clock, { quiet, answer: answerPatience });
  const line = createInterface({
    ...screen,
    terminal: true,
    prompt: '',
    history: loadHistory(historyPath),
    historySize: historyLimit,
    removeHistoryDuplicates: true,
    escapeCodeTimeout: 50,
  });
  line.on('history', history => saveHistory(historyPath, history));
  return {
    heard(bytes) {
      const lines = received.take(echo.take(bytes));
      showAbove(line, screen.output, lines, received.unfinished);
      watch.heard(lines, received.unfinished);
    },
    converse(link, end) {
      const send = inOrder(link, echo, watch);
      line.on('line', typed => send(bytesOfLine(utf8ToBytes(typed), end)));
      onControlKeys(line, screen, typed => send(withBytes(utf8ToBytes(typed))));
      line.prompt();
      return new Promise(resolve => line.once('close', () => resolve(undefined)));
    },
    close: () => line.close(),
  };
}

/** What was pasted goes out line by line, each when the one before was answered. */
function inOrder(link: HostLink, echo: EchoFilter, watch: AnswerWatch): (bytes: ByteString) => void {
  let before = Promise.resolve();
  return bytes => {
    before = before.then(() => {
      const answered = watch.answered();
      // No module echoes the byte that ends its data.
      const echoed = bytes.replace(/[\x1a\x1b]$/, '');
      if (echoed !== '') echo.sent(echoed);
      link.write(bytes);
      return answered;
    });
  };
}

/** Ctrl-Z sends what was typed and 1A, Esc sends 1B, Ctrl-C forgets the line or, where there is none, leaves. */
function onControlKeys(line: Interface, { input, output }: Screen, send: (typed: string) => void): void {
  const sendNow = (typed: string) => {
    forgetLine(line);
    output.write(`${readable(utf8ToBytes(typed))}\n`);
    send(typed);
  };
  line.on('SIGTSTP', () => sendNow(line.line + ctrlZ));
  line.on('SIGINT', () => {
    if (line.line === '') return line.close();
    forgetLine(line);
  });
  input.on('keypress', (_: string, key: { name?: string } | undefined) => {
    if (key?.name === 'escape') sendNow(esc);
  });
}

const forgetLine = (line: Interface): void => line.write(null, { ctrl: true, name: 'u' });

function showAbove(line: Interface, output: NodeJS.WritableStream, lines: readonly string[], unfinished: string): void {
  const { rows } = line.getCursorPos();
  if (lines.length > 0) {
    moveCursor(output, 0, -rows);
    cursorTo(output, 0);
    clearScreenDown(output);
    // readline goes up again by as many rows as its line had.
    output.write('\n'.repeat(rows) + lines.map(text => `${text}\n`).join(''));
  }
  line.setPrompt(unfinished);
  line.prompt(true);
}
