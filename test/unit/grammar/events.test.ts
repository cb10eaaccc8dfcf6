import { expect, test } from 'vitest';
import { BareModule } from './bare-module.js';
import { dialectOf } from './grammars.js';

const dialect = dialectOf(`
settings: { cached: { range: 0..1, default: 0 } }
mailbox: { slots: 4, full: drop-newest, of: client }
parameters: { id: { range: 0..5, is: client } }
choices: { urc-port: [{ when: { cached: 1 }, is: all }, { is: first }] }
tables: { why: { peer-closed: 1, else: 9 } }
urcs:
  '+MSG direct': { event: mqtt.message, when: { cached: 0 }, urc: '+MSG: {id},"{topic}",{length}' }
  '+MSG kept': { event: mqtt.message, when: { cached: 1 }, do: mailbox.put, ok: { urc: '+MSG: {slot}' }, full: { urc: FULL } }
  'count': { event: [mqtt.message, mqtt.lost], steps: [{ info: a }, { raw: "b\\r\\n" }] }
  '+LOST': { event: mqtt.lost, urc: '+LOST: {id},{cause|why}' }
  'absent': { status: absent, event: mqtt.lost, urc: never }
commands: {}
`);

const message = { topic: 't', payload: 'xy', length: 2 };

test('every rule whose condition holds runs, in the order of the file', () => {
  expect(new BareModule(dialect).hear('mqtt.message', message, { client: 3 })).toEqual([
    'urc +MSG: 3,"t",2',
    'urc a',
    'raw urc b\\r\\n',
  ]);
});

test('a rule may act, and tell the outcome', () => {
  const module = new BareModule(dialect, {
    outcomes: { 'mailbox.put': [{ outcome: 'stored', slot: 2 }, { outcome: 'full' }] },
  });
  module.kept.set('cached', 1);
  expect(module.hear('mqtt.message', message).slice(0, 2)).toEqual(['do mailbox.put', 'urc +MSG: 2']);
  expect(module.hear('mqtt.message', message).slice(0, 2)).toEqual(['do mailbox.put', 'urc FULL']);
});

test('one event may have several rules, and those that are absent do not run', () => {
  expect(new BareModule(dialect).hear('mqtt.lost', { cause: 'reset' }, { client: 1 })).toEqual([
    'urc a',
    'raw urc b\\r\\n',
    'urc +LOST: 1,9',
  ]);
});

test('where messages wait, which port a URC takes, and how many clients there are', () => {
  expect(dialect.mailbox).toEqual({ slots: 4, full: 'drop-newest', of: 'client' });
  expect(dialect.addresses.get('client')).toEqual({ from: 0, to: 5 });
  const scope = { fields: {}, address: {}, environment: new BareModule(dialect).environment };
  expect(dialect.urcPort?.(scope)).toBe('first');
});

test('the TLS options: a value, or the first case that holds', () => {
  const { tls } = dialectOf(`
state: { level: { range: 0..2, factory: 1 } }
tables: { checks: { 0: false, 1: true } }
tls:
  verify: level|checks
  certificate: [{ when: { level: 2 }, is: "'own.pem'" }]
  ca: [{ when: { level: 2 }, is: "'a'" }, { is: "'b'" }]
commands: {}
`);
  const at = (level: number) => ({
    fields: {},
    address: {},
    environment: { fact: () => undefined, factList: () => [], setting: () => level },
  });
  const values = (level: number) => [...tls].map(([name, value]) => `${name}=${String(value(at(level)))}`);
  expect(values(1)).toEqual(['verify=true', 'certificate=undefined', 'ca=b']);
  expect(values(2)).toEqual(['verify=undefined', 'certificate=own.pem', 'ca=a']);
});
