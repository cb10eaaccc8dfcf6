/** The pages under docs that are made from the grammars must say what the grammars say now. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { coverageFolder, generatedPages } from '../../../src/docs/pages.js';
import { inRepository } from '../../support/repository.js';

describe('generated pages', async () => {
  const pages = await generatedPages();

  test.each([...pages])('%s is as `npm run docs` writes it', (path, text) => {
    expect(readFileSync(inRepository(path), 'utf8') === text, `${path} is old: run \`npm run docs\``).toBe(true);
  });

  test('none is left of a grammar that is gone', () => {
    const there = readdirSync(inRepository(coverageFolder)).map(file => `${coverageFolder}/${file}`);
    expect(there.filter(path => !pages.has(path))).toEqual([]);
  });

  test('a command is named with the transcripts that type it', () => {
    expect(pages.get('docs/coverage/w800.md')).toMatch(
      /\| `\+MQTTALPN` \| .* \| set, read, test \| full \| .*w800\/alpn/,
    );
  });

  test('a cell holds no column of its own', () => {
    for (const [, text] of pages) {
      const tables = text.split('\n\n').filter(block => block.startsWith('| '));
      for (const table of tables) {
        const widths = table
          .trim()
          .split('\n')
          .map(line => line.replaceAll('\\|', '').split('|').length);
        expect(new Set(widths).size).toBe(1);
      }
    }
  });
});
