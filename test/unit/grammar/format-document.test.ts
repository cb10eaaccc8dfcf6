/** docs/grammar-format.md says what the code does: its example runs, and it names every word that the loader knows. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { codecNames } from '../../../src/grammar/codecs.js';
import { coreRefusals, statuses } from '../../../src/grammar/dialect.js';
import type { Raw } from '../../../src/grammar/document.js';
import { builtInLibrary } from '../../../src/grammar/library.js';
import { loadDialect } from '../../../src/grammar/load.js';
import { styleKeys } from '../../../src/grammar/style.js';
import { addressKinds, keeps, tlsOptions } from '../../../src/grammar/vocabulary.js';
import { inRepository } from '../../support/repository.js';
import { BareModule } from './bare-module.js';
import { libraryOf, sourceOf } from './grammars.js';

const text = readFileSync(inRepository('docs/grammar-format.md'), 'utf8');

async function example(): Promise<BareModule> {
  const [, yaml = ''] = /```yaml\n(dialect: [\s\S]*?)```/.exec(text) ?? [];
  const library = await builtInLibrary();
  const source = sourceOf(yaml);
  const dialect = loadDialect('thermo', libraryOf({ v250: library.find('v250')!, thermo: source }));
  return new BareModule(dialect, {
    facts: { 'mqtt.state': 'idle' },
    outcomes: { 'mqtt.open': ['dns-failed', 'linked'] },
  });
}

test('the small dialect answers as the document says', async () => {
  const [, dialogue = ''] = /\n```\n(AT\+TEMP[\s\S]*?)```/.exec(text) ?? [];
  const lines = dialogue.trim().split('\n');
  expect(lines.length).toBeGreaterThan(5);
  const module = await example();
  for (const line of lines) {
    const [command = '', answer = ''] = line.split('→').map(part => part.trim());
    const written = module
      .answer(command.slice('AT'.length))
      .filter(note => /^(?:info|final)/.test(note))
      .map(note => note.replace(/^\w+ /, '').replace(' (failure)', ''));
    expect(`${command} ${written.join(', ')}`).toBe(`${command} ${answer.replace(/ \(.*$/, '')}`);
  }
});

test('and publishes', async () => {
  const { dialect } = await example();
  const module = new BareModule(dialect, {
    facts: { 'mqtt.state': 'up' },
    data: ['21.5'],
    outcomes: { 'mqtt.publish': ['acknowledged'] },
  });
  expect(module.answer('+TPUB="t/1",4')).toEqual([
    'prompt > ',
    'final OK',
    'do mqtt.publish topic=t/1 payload=21.5 qos=1',
    'urc +TPUB: t/1',
  ]);
  expect(module.hear('mqtt.lost')).toEqual(['urc +TLOST']);
});

test('every word of the loader stands in it', () => {
  const words = [styleKeys, tlsOptions, coreRefusals, statuses, addressKinds, keeps, codecNames].flat();
  const mentioned = new Set(text.match(/[a-z][a-z0-9-]*/g));
  expect(words.filter(word => !mentioned.has(word))).toEqual([]);
});

test('every key of a file that the built-in grammars use is explained', async () => {
  const library = await builtInLibrary();
  const used = new Set(library.names().flatMap(name => Object.keys(library.find(name)!.document as Raw)));
  const rows = new Set([...text.matchAll(/^\| `([a-z-]+)`/gm)].map(([, key]) => key));
  expect([...used].filter(key => !rows.has(key) && !['title', 'sources'].includes(key))).toEqual([]);
});
