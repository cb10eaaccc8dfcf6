/** docs/sdk-map.md, Quectel's part: each transcript it names is there, and shows what the row says. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { inRepository } from '../../support/repository.js';

const page = readFileSync(inRepository('docs/sdk-map.md'), 'utf8');
const part = /^## Quectel[\s\S]*?(?=^## |(?![\s\S]))/m.exec(page)?.[0] ?? '';
const rows = [...part.matchAll(/^\| (?!---|function|code)(.*) \|$/gm)].map(([, row = '']) => {
  const [subject = '', form = '', shown = ''] = row.split(' | ');
  return { subject, form, shown: shown.split(', ').filter(Boolean) };
});
const namedRows = rows.filter(({ shown }) => shown.length > 0);

/** The transcript with those it goes on from. */
function dialogueOf(name: string): string {
  const text = readFileSync(inRepository(`test/transcripts/${name}.at`), 'utf8');
  const given = /^given: (.+)$/m.exec(text)?.[1];
  return (given === undefined ? '' : dialogueOf(given)) + text;
}

/** Commands, URCs and their fixed values that the row promises: `AT+QMTCFG="will"`, `+QMTSTAT: 0,4`. */
const promisesOf = (form: string): string[] =>
  [...form.matchAll(/`(\+?[A-Z]+[^`]*)`/g)].map(([, promise = '']) => promise.replace(/,?<.*$/, ''));

test('every function, code and status has its row', () => {
  const subjects = rows.map(({ subject }) => subject).join('\n');
  for (const name of ['client_init', 'connect', 'publish', 'sub_unsub', 'disconnect', 'set_inpub_callback'])
    expect(subjects).toContain(`ql_mqtt_${name}(`);
  for (const name of ['client_is_connected', 'client_deinit', 'onenet_generate_auth_token'])
    expect(subjects).toContain(`ql_mqtt_${name}(`);
  for (let code = 0; code >= -9; code--) expect(subjects).toMatch(new RegExp(`(^|, |\\n)${code} [A-Z]`));
  for (const status of [0, 1, 2, 3, 4, 5, 254, 255, 256, 257])
    expect(subjects).toMatch(new RegExp(`^${status} [a-z]`, 'mi'));
});

describe.each(namedRows)('$subject', ({ form, shown }) => {
  test.each(shown)('%s is there', name => {
    expect(existsSync(inRepository(`test/transcripts/${name}.at`))).toBe(true);
  });

  test('what it promises is shown', () => {
    const dialogues = shown.map(dialogueOf).join('\n');
    for (const promise of promisesOf(form)) expect(dialogues).toContain(promise);
  });
});
