/** The pure parts of `exec`. The whole is run in test/e2e/exec.test.ts. */
import { describe, expect, it } from 'vitest';
import { annotationText } from '../../../../src/cli/exec/annotations.js';
import { exitCodeOf, type Outcome } from '../../../../src/cli/exec/exit-code.js';
import { environmentFor, fillIn } from '../../../../src/cli/exec/placeholders.js';
import type { Ready } from '../../../../src/cli/ready.js';

describe('the exit code', () => {
  const cases: [Outcome, number, number][] = [
    [{ kind: 'exited', code: 0 }, 0, 1],
    [{ kind: 'exited', code: 7 }, 7, 7],
    [{ kind: 'killed', signal: 'SIGSEGV' }, 139, 139],
    [{ kind: 'timeout' }, 124, 124],
    [{ kind: 'verdict' }, 0, 1],
    [{ kind: 'failed' }, 125, 125],
    [{ kind: 'not-executable' }, 126, 126],
    [{ kind: 'not-found' }, 127, 127],
  ];

  it.each(cases)('of %o is %i, and %i where the scenario failed', (outcome, passed, failed) => {
    expect([exitCodeOf(outcome, true), exitCodeOf(outcome, false)]).toEqual([passed, failed]);
  });
});

describe('where the command finds the modem', () => {
  const ready: Ready = {
    event: 'ready',
    modems: [
      { name: 'one', dialect: 'luat', port: '/dev/pts/3', ports: ['/dev/pts/3', '/dev/pts/4'] },
      { name: 'two', dialect: 'luat', port: '127.0.0.1:2323' },
    ],
    broker: 'mqtt://127.0.0.1:1883',
    control: null,
  };

  it.each([
    ['{port}', '/dev/pts/3'],
    ['--dev={port},{port:two}', '--dev=/dev/pts/3,127.0.0.1:2323'],
    ['{broker}', 'mqtt://127.0.0.1:1883'],
    ['{port:three} {ports} {} {broker:one}', '{port:three} {ports} {} {broker:one}'],
  ])('%s', (argument, filled) => {
    expect(fillIn(argument, ready)).toBe(filled);
  });

  it('stands in its environment', () => {
    expect(environmentFor(ready)).toEqual({
      ATMODEM_PORT: '/dev/pts/3',
      ATMODEM_PORTS: '/dev/pts/3 /dev/pts/4 127.0.0.1:2323',
      ATMODEM_BROKER: 'mqtt://127.0.0.1:1883',
    });
    expect(environmentFor({ ...ready, broker: null })).not.toHaveProperty('ATMODEM_BROKER');
    expect(fillIn('{broker}', { ...ready, broker: null })).toBe('{broker}');
  });
});

it('an annotation is one line, whatever it says', () => {
  const place = { file: 'a,b.yaml', line: 2, column: 5 };
  expect(annotationText({ title: 'x: y', message: '100 %\r\nno', place })).toBe(
    '::error file=a%2Cb.yaml,line=2,col=5,title=x%3A y::100 %25%0D%0Ano',
  );
  expect(annotationText({ title: 'x', message: 'no' })).toBe('::error title=x::no');
});
