import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { columns, StreamOutput } from '../../../src/cli/output.js';

/** Takes nothing before `read` is called. */
class SlowReader extends Writable {
  readonly taken: string[] = [];
  #next: (() => void) | undefined;
  #isReading = false;

  constructor() {
    super({ decodeStrings: false });
  }

  override _write(chunk: string, _: string, done: () => void): void {
    this.taken.push(chunk);
    if (this.#isReading) done();
    else this.#next = done;
  }

  read(): void {
    this.#isReading = true;
    this.#next?.();
  }
}

test('notes that nobody reads are bounded, and their loss is told', async () => {
  const reader = new SlowReader();
  const output = new StreamOutput(new SlowReader(), reader);
  for (let i = 0; i < 100; i++) output.note('x'.repeat(64 * 1024));
  expect(reader.writableLength).toBeLessThan(2 * 1024 * 1024);
  const caughtUp = new Promise<void>(resolve => reader.once('drain', resolve));
  reader.read();
  await caughtUp;
  output.note('after');
  expect(reader.taken.at(-2)).toMatch(/^\(\d\d messages are lost: nobody read them\)\n$/);
  expect(reader.taken.at(-1)).toBe('after\n');
});

test('columns are as wide as their widest cell, and end where their text ends', () => {
  expect(
    columns(
      [
        ['a', 'bb', ''],
        ['ccc', 'd', 'e'],
      ],
      ' ',
    ),
  ).toEqual([' a    bb', ' ccc  d   e']);
});
