/** `plus`: a second set of addresses beside the first, as modules have that number TLS sessions and sockets each from 0. */
import { expect, test } from 'vitest';
import { loadDialect } from '../../../src/grammar/load.js';
import { BareModule } from './bare-module.js';
import { libraryOf, sourceOf } from './grammars.js';

const dialect = loadDialect(
  'two-sets',
  libraryOf({
    'two-sets': sourceOf(`
dialect: two-sets
sources: a test
parameters:
  link: { range: 0..9, is: link }
  session: { range: 0..1, is: link, plus: 10 }
state:
  note: { text: 0..9, factory: none, of: link }
choices:
  which:
    - { when: { session: 0..1 }, is: a session }
    - { is: a link }
sockets: { receive: which }
commands:
  '+L': { set: '<link>,<text>', parameters: { text: text 1..9 }, exchange: &keep [{ set: { note: text } }, { info: '{which} {link}' }, { final: OK }] }
  '+S': { set: '<session>,<text>', parameters: { text: text 1..9 }, exchange: [{ set: { note: text } }, { info: '{which} {session}' }, { final: OK }] }
urcs:
  '+S closed': { event: socket.closed, when: { session: 0..1 }, urc: '+S closed: {session}' }
  '+L closed': { event: socket.closed, when: { link: 0..9 }, urc: '+L closed: {link}' }
`),
  }),
);

test('session 1 is link 11, and shown as 1', () => {
  const module = new BareModule(dialect);
  expect(module.answer('+S=1,x')).toEqual(['set note=x', 'info a session 1', 'final OK']);
  expect(module.answer('+L=1,y')).toEqual(['set note=y', 'info a link 1', 'final OK']);
  expect(Object.fromEntries(module.kept)).toEqual({ 'note@11': 'x', 'note@1': 'y' });
});

test('an event on it is told under its own number', () => {
  const module = new BareModule(dialect);
  expect(module.hear('socket.closed', { cause: 'reset' }, { link: 11 })).toEqual(['urc +S closed: 1']);
  expect(module.hear('socket.closed', { cause: 'reset' }, { link: 1 })).toEqual(['urc +L closed: 1']);
});

test('how it receives is asked of its own kind', () => {
  const { environment } = new BareModule(dialect);
  const received = (link: number) => dialect.sockets.receive({ fields: {}, address: { link }, environment });
  expect([received(3), received(10)]).toEqual(['a link', 'a session']);
});

test('lists of links are about the first set alone', () => {
  expect(dialect.addresses.get('link')).toEqual({ from: 0, to: 9 });
});
