/** The SIMCom part of docs/sdk-map.md: what it names must be there, and show what it is said to show. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { inRepository } from '../../support/repository.js';

const map = readFileSync(inRepository('docs/sdk-map.md'), 'utf8');

/** The cells of the tables below a heading, without their head. */
function rowsUnder(heading: string): string[][] {
  const part =
    map
      .slice(map.indexOf('## SIMCom'))
      .split(/^###? /m)
      .find(text => text.startsWith(heading)) ?? '';
  return part
    .split('\n')
    .filter(line => line.startsWith('| '))
    .slice(1)
    .map(line =>
      line
        .split('|')
        .slice(1, -1)
        .map(cell => cell.trim()),
    );
}

const bare = (cell: string): string => cell.replaceAll('`', '');

/** A transcript by its name, or a file by its path. */
const shownBy = (name: string): string =>
  readFileSync(inRepository(name.includes('.') ? name : `test/transcripts/${name}.at`), 'utf8');

describe('SIMCom SDK', () => {
  test.each(rowsUnder('Functions'))('%s', (_, command, transcript) => {
    expect(shownBy(bare(transcript!))).toContain(bare(command!));
  });

  test.each(rowsUnder('Enums'))('%s, %s', (_, __, ___, transcript, text) => {
    expect(shownBy(bare(transcript!))).toContain(bare(text!));
  });

  test.each(rowsUnder('Result codes'))('code %s %s', (code, name, where) => {
    const file = bare(where!);
    const expected = file.endsWith('.ts')
      ? new RegExp(`${code}, (?:name: )?'${name}'`)
      : new RegExp(`^< \\+CMQTT\\w+: (?:\\d,)?${code}$`, 'm');
    expect(shownBy(file).replaceAll(/\n\s+(?=name:)/g, ' ')).toMatch(expected);
  });

  test('every function of the SDK and every code is there', () => {
    expect(rowsUnder('Functions')).toHaveLength(18);
    expect(rowsUnder('Result codes').map(([code]) => Number(code))).toEqual(Array.from({ length: 36 }, (_, n) => n));
  });
});
