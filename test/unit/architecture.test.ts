/** The rules of ARCHITECTURE.md that a machine can check. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const src = resolve('src');
const files = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map(entry => join(entry.parentPath, entry.name));

/** Folder → folders it may import, itself apart. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  base: [],
  at: ['base'],
  grammar: ['base', 'at'],
  net: ['base'],
  mqtt: ['base', 'net'],
  sockets: ['base', 'net'],
  network: ['base'],
  store: ['base'],
  ports: ['base'],
  clouds: ['base'],
  ca: ['base'],
  broker: ['base', 'ca', 'clouds'],
  transcripts: ['base'],
  recording: ['base', 'at', 'grammar', 'ports', 'transcripts'],
  modem: ['base', 'at', 'grammar', 'net', 'mqtt', 'sockets', 'network', 'store', 'ports'],
  scenarios: ['base', 'at', 'grammar', 'net', 'mqtt', 'network', 'modem', 'ports'],
  dialects: ['base', 'at', 'grammar', 'modem', 'store', 'clouds'],
  control: ['base', 'network', 'ports', 'modem', 'broker', 'transcripts', 'scenarios'],
};

/** The page: of all the rest it knows but the types of what the API says. */
const fromPage = /^web\//;

const folderOf = (file: string): string => relative(src, file).split('/')[0]!;

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(match => resolve(dirname(file), match[1]!));
}

describe('who may import whom', () => {
  test.each(files.filter(file => folderOf(file) in mayImport).map(file => [relative(src, file), file]))(
    '%s',
    (_, file) => {
      const own = folderOf(file);
      const foreign = importsOf(file)
        .map(folderOf)
        .filter(folder => folder !== own);
      expect(foreign.filter(folder => !mayImport[own]!.includes(folder))).toEqual([]);
    },
  );
});

test.each(files.filter(file => fromPage.test(relative(src, file))).map(file => [relative(src, file), file]))(
  '%s imports nothing beyond the page but types of the API',
  (_, file) => {
    const foreign = importsOf(file).filter(imported => folderOf(imported) !== 'web');
    expect(foreign.filter(imported => relative(src, imported) !== 'control/messages.js')).toEqual([]);
    expect(readFileSync(file, 'utf8')).not.toMatch(/import (?!type )[^;]*control\/messages/);
  },
);

/** Code without its comments. */
const codeOf = (file: string): string => readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');

describe('no hidden time', () => {
  const clockless = /\b(?:Date\.now|performance\.now|setTimeout|setInterval|setImmediate|new Date\(\))/;

  test.each(
    files
      .filter(file => !['base/clock.ts', 'web/time.ts'].includes(relative(src, file)))
      .map(file => [relative(src, file), file]),
  )('%s', (name, file) => {
    if (/^(?:cli|broker)\//.test(name)) return;
    expect(codeOf(file)).not.toMatch(clockless);
  });
});

describe('core folders name no vendor', () => {
  const vendors =
    /\b(?:luat|airm2m|air7\d+|w800|winnermicro|espressif|esp-at|esp-mqtt|esp8266|esp32|simcom|quectel|a76xx|bg9[56])\b/i;

  test.each(
    files
      .filter(file => folderOf(file) in mayImport && folderOf(file) !== 'dialects')
      .map(file => [relative(src, file), file]),
  )('%s', (_, file) => {
    expect(readFileSync(file, 'utf8')).not.toMatch(vendors);
  });
});

test('pure layers do no I/O', () => {
  const pure = files.filter(
    file =>
      ['at', 'clouds', 'transcripts'].includes(folderOf(file)) ||
      /^mqtt\/(?:session|inspect)/.test(relative(src, file)),
  );
  const reaching = pure.filter(file =>
    /from 'node:(?:fs|net|tls|dns|http|child_process)/.test(readFileSync(file, 'utf8')),
  );
  expect(reaching.map(file => relative(src, file))).toEqual([]);
});
