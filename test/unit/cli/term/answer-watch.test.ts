import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../../src/base/clock.js';
import { AnswerWatch } from '../../../../src/cli/term/answer-watch.js';

function watching() {
  const clock = new ManualClock();
  const watch = new AnswerWatch(clock, { quiet: 200, answer: 5000 });
  let isDone = false;
  const send = () => {
    isDone = false;
    void watch.answered().then(() => {
      isDone = true;
    });
  };
  /** Promises settle in a later turn. */
  const done = async () => {
    await Promise.resolve();
    return isDone;
  };
  return { clock, watch, send, done };
}

describe('a line is answered', () => {
  test.each(['OK', 'ERROR', '+CME ERROR: 3', 'SEND OK', '+MQTTPUB:FAIL', '0', 'CMD PARSE ERR', 'busy p...', 'CONNECT'])(
    'a moment after %s',
    async line => {
      const { clock, watch, send, done } = watching();
      send();
      watch.heard(['', line], '');
      clock.advance(199);
      expect(await done()).toBe(false);
      clock.advance(1);
      expect(await done()).toBe(true);
    },
  );

  test('a moment after a prompt', async () => {
    const { clock, watch, send, done } = watching();
    send();
    watch.heard([''], '> ');
    clock.advance(200);
    expect(await done()).toBe(true);
  });

  test('not by information, nor by silence before patience ends', async () => {
    const { clock, watch, send, done } = watching();
    send();
    watch.heard(['+CSQ: 20,0'], '');
    clock.advance(4999);
    expect(await done()).toBe(false);
    clock.advance(1);
    expect(await done()).toBe(true);
  });

  test('only when its URCs have come too', async () => {
    const { clock, watch, send, done } = watching();
    send();
    watch.heard(['OK'], '');
    clock.advance(150);
    watch.heard(['CONNECT OK'], '');
    clock.advance(150);
    expect(await done()).toBe(false);
    clock.advance(50);
    expect(await done()).toBe(true);
  });

  test('data at a prompt needs no answer', async () => {
    const { clock, watch, send, done } = watching();
    watch.heard([], '>');
    send();
    clock.advance(200);
    expect(await done()).toBe(true);
  });

  test('the answer to one line is not the answer to the next', async () => {
    const { clock, watch, send, done } = watching();
    send();
    watch.heard(['OK'], '');
    clock.advance(200);
    expect(await done()).toBe(true);
    send();
    clock.advance(200);
    expect(await done()).toBe(false);
  });
});
