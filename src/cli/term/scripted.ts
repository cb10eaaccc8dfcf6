/** A session whose lines come through a pipe: one by one, each when the last one was answered. Ends with the input. */
import { createInterface } from 'node:readline';
import type { Clock } from '../../base/clock.js';
import type { Output } from '../output.js';
import { AnswerWatch } from './answer-watch.js';
import { ReceivedText } from './received-text.js';
import type { Session } from './term.js';
import { bytesOfLine } from './typed-line.js';

/** As long as modules take to join a network. */
const answerPatience = 15_000;

export function scriptedSession(input: NodeJS.ReadStream, output: Output, clock: Clock, quiet: number): Session {
  const received = new ReceivedText();
  const watch = new AnswerWatch(clock, { quiet, answer: answerPatience });
  return {
    heard(bytes) {
      const lines = received.take(bytes);
      for (const line of lines) output.result(line);
      watch.heard(lines, received.unfinished);
    },
    async converse(link, end) {
      // Bytes, not text: what a script pipes in is sent as it is.
      input.setEncoding('latin1');
      await watch.quiet();
      for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
        const answered = watch.answered();
        link.write(bytesOfLine(line, end));
        await answered;
      }
      await watch.quiet();
      if (received.unfinished !== '') output.result(received.unfinished);
      return undefined;
    },
  };
}
