/** A real module and an emulated one under one host: what each is told, and when they are compared. */
import { expect, test } from 'vitest';
import { DifferenceReport } from '../../../src/recording/difference-report.js';
import { Recorder } from '../../../src/recording/recorder.js';
import { type Counterpart, SideBySide } from '../../../src/recording/side-by-side.js';

/** Answers from a list, with an echo while that is on. */
class Scripted implements Counterpart {
  readonly heard: string[] = [];
  echo: 'on' | 'off' | undefined;
  #said = '\r\nRDY\r\n';

  constructor(readonly answers: Readonly<Record<string, string>>) {}

  write(bytes: string): void {
    this.heard.push(bytes);
    this.#said += (this.echo === 'on' ? bytes : '') + (this.answers[bytes] ?? '\r\nOK\r\n');
  }

  take(): string {
    const taken = this.#said;
    this.#said = '';
    return taken;
  }

  setEcho(echo: 'on' | 'off'): void {
    this.echo = echo;
  }
}

function compared(answers: Readonly<Record<string, string>> = {}) {
  const told: string[] = [];
  const counterpart = new Scripted(answers);
  const sides = { expected: 'real', actual: 'emulated' };
  const report = new DifferenceReport({ sides, tell: text => told.push(text) });
  const hide = (bytes: string) => bytes.replaceAll('hunter2', '*******');
  const sideBySide = new SideBySide({ counterpart, report, hide });
  return { told, counterpart, report, sideBySide, recorder: new Recorder(sideBySide) };
}

test('the emulated one echoes as the real one does', () => {
  const echoing = compared();
  echoing.recorder.host('AT\r', 0);
  echoing.recorder.modem('AT\r\r\nOK\r\n', 5);
  expect(echoing.counterpart).toMatchObject({ echo: 'on', heard: ['AT\r'] });
  const silent = compared();
  silent.recorder.host('AT\r', 0);
  silent.recorder.modem('\r\nRING\r\n', 4);
  expect(silent.counterpart.heard).toEqual([]);
  silent.recorder.modem('\r\nOK\r\n', 5);
  expect(silent.counterpart).toMatchObject({ echo: 'off', heard: ['AT\r'] });
});

test('an answer is compared when the host says something else, and the last one at the end', () => {
  const { told, recorder, sideBySide, report } = compared({ 'ATI\r': '\r\nEmulated\r\n\r\nOK\r\n' });
  recorder.modem('\r\nREAL BOOTS\r\n', 0);
  recorder.host('AT\r', 1);
  recorder.modem('\r\nOK\r\n', 2);
  recorder.host('ATI\r', 3);
  recorder.modem('\r\nReal\r\n', 4);
  recorder.modem('\r\nOK\r\n', 5);
  expect(told).toEqual([]);
  recorder.host('AT\r', 6);
  expect(told).toEqual(['ATI\n  another shape  real      < Real\n                 emulated  < Emulated']);
  recorder.flush();
  sideBySide.end();
  sideBySide.end();
  expect(told[1]).toBe('AT\n  only  emulated  < OK');
  expect(report.summary).toBe('3 answers: 1 alike, 0 with other values, 2 otherwise');
});

test('a real module that never answers is compared all the same', () => {
  const { told, counterpart, recorder, sideBySide } = compared();
  recorder.host('AT+MCONFIG="hunter2"\rAT\r', 0);
  expect(counterpart.heard).toEqual(['AT+MCONFIG="hunter2"\r', 'AT\r']);
  recorder.flush();
  sideBySide.end();
  expect(told).toEqual(['AT+MCONFIG="*******"\n  only  emulated  < OK', 'AT\n  only  emulated  < OK']);
});

test('nothing was said, nothing is compared', () => {
  const { told, report, sideBySide } = compared();
  sideBySide.end();
  expect(told).toEqual([]);
  expect(report.isSame(true)).toBe(true);
});
