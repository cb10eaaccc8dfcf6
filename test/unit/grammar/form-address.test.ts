/** The `when` of a form is asked about the client that the arguments name. */
import { expect, test } from 'vitest';
import type { Argument } from '../../../src/at/arguments.js';
import { invokeSet } from '../../../src/grammar/invocation.js';
import { loadDialect } from '../../../src/grammar/load.js';

const document = {
  dialect: 'two-clients',
  sources: 'a test',
  state: { mode: { range: '0..1', factory: 0, of: 'client' } },
  parameters: { client: { range: '0..1', is: 'client' }, value: 'text 1..9' },
  commands: {
    '+X': {
      set: [
        { form: '<client>,<value>', when: { mode: 1 }, exchange: [{ final: 'SPECIAL' }] },
        { form: '<client>,<value>', exchange: [{ final: 'OK' }] },
      ],
    },
  },
};

const dialect = loadDialect('two-clients', {
  names: () => ['two-clients'],
  find: name => (name === 'two-clients' ? { file: 'two-clients.yaml', document } : undefined),
});

const bare = (value: string): Argument => ({ kind: 'bare', value, start: 0, end: value.length });

test.each([
  ['0', 1],
  ['1', 0],
])('client %s, whose mode is asked: form %i', (client, form) => {
  const { set } = dialect.commands.get('+X')!;
  const environment = {
    fact: () => undefined,
    factList: () => [],
    setting: (_: string, __: unknown, address: { client?: number }) => (address.client === 1 ? 1 : 0),
  };
  const invocation = invokeSet(set, [bare(client), bare('a')], dialect.style, '+X', environment, {});
  expect('form' in invocation && invocation.form).toBe(set[form]);
});
