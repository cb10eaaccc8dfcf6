/** Mailbox, settings, power and time. */
import { textOf } from '../../grammar/values.js';
import { isOn, numberOf, textFrom } from '../argument-values.js';
import { done, type RunOperation } from '../operation.js';

const put: RunOperation = (_, { modem, scope }) => {
  const { topic, payload, length, qos, retain, dup, msgid } = scope.fields;
  const slot = modem.mailboxes?.at(scope.address).put({ topic, payload, length, qos, retain, dup, msgid });
  return slot === undefined ? { outcome: 'full' } : { outcome: 'stored', slot };
};

const take: RunOperation = (args, { modem, scope }) => {
  const messages =
    modem.mailboxes?.at(scope.address).take(args.slot === undefined ? undefined : numberOf(args.slot, 0)) ?? [];
  return { outcome: messages.length > 0 ? 'taken' : 'empty', messages };
};

/** `yy/MM/dd,hh:mm:ss±zz` [27.007 8.15] */
const setTime: RunOperation = (args, { modem }) => {
  const match = /^(\d{2,4})\/(\d{1,2})\/(\d{1,2}),(\d{1,2}):(\d{1,2}):(\d{1,2})([+-]\d{1,2})?$/.exec(textOf(args.time));
  if (!match) return { outcome: 'bad-range' };
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    outcome: modem.surroundings.time.set({
      year,
      month,
      day,
      hour,
      minute,
      second,
      zone: match[7] === undefined ? undefined : Number(match[7]),
    }),
  };
};

const sync: RunOperation = (args, { modem }) => {
  if (!modem.surroundings.isOnline) return { outcome: 'no-network' };
  modem.surroundings.time.sync(undefined, args.zone === undefined ? undefined : numberOf(args.zone, 0));
  return done;
};

const resolve: RunOperation = async (args, { modem }) => {
  if (!modem.surroundings.isOnline) return { outcome: 'no-network' };
  return modem.lookUp(textFrom(args.name) ?? '');
};

export const systemOperations = {
  'mailbox.put': put,
  'mailbox.take': take,
  'settings.save': (args, { modem }) => {
    modem.settings.save(numberOf(args.name, 0));
    return done;
  },
  'settings.recall': (args, { modem }) => ({
    outcome: modem.settings.recall(numberOf(args.name, 0)) ? 'done' : 'not-found',
  }),
  'settings.factory': (args, { modem }) => {
    modem.settings.factory(isOn(args.all));
    return done;
  },
  'power.restart': (_, { modem }) => {
    modem.powerAfterAnswer('restart');
    return done;
  },
  'power.off': (_, { modem }) => {
    modem.powerAfterAnswer('off');
    return done;
  },
  'time.set': setTime,
  'time.sync': sync,
  'network.resolve': resolve,
} satisfies Record<string, RunOperation>;
