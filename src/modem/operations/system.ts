/** Mailbox, settings, power and time. */
import { textOf } from '../../grammar/values.js';
import { isOn, numberOf, optionalNumber, textFrom } from '../argument-values.js';
import { type Arguments, done, type RunOperation } from '../operation.js';

const put: RunOperation = (_, { modem, scope }) => {
  const { topic, payload, length, qos, retain, dup, msgid } = scope.fields;
  const slot = modem.mailboxes?.at(scope.address).put({ topic, payload, length, qos, retain, dup, msgid });
  return slot === undefined ? { outcome: 'full' } : { outcome: 'stored', slot };
};

const take: RunOperation = (args, { modem, scope }) => {
  const messages = modem.mailboxes?.at(scope.address).take(optionalNumber(args.slot, 0)) ?? [];
  return { outcome: messages.length > 0 ? 'taken' : 'empty', messages };
};

/** [27.007 8.15] */
const timeForm =
  /^(?<year>\d{2,4})\/(?<month>\d{1,2})\/(?<day>\d{1,2}),(?<hour>\d{1,2}):(?<minute>\d{1,2}):(?<second>\d{1,2})(?<zone>[+-]\d{1,2})?$/;

const setTime: RunOperation = (args, { modem }) => {
  const { year, month, day, hour, minute, second, zone } = timeForm.exec(textOf(args.time))?.groups ?? {};
  if (year === undefined || isBeyondZones(Number(zone ?? 0), args)) return { outcome: 'bad-range' };
  return {
    outcome: modem.surroundings.time.set({
      year: Number(year),
      month: Number(month),
      day: Number(day),
      hour: Number(hour),
      minute: Number(minute),
      second: Number(second),
      zone: zone === undefined ? undefined : Number(zone),
    }),
  };
};

/** Modules differ in the zones they take. */
const isBeyondZones = (zone: number, args: Arguments): boolean =>
  zone < numberOf(args['least-zone'], -96) || zone > numberOf(args['most-zone'], 96);

const sync: RunOperation = (args, { modem }) => {
  if (!modem.surroundings.isOnline) return { outcome: 'no-network' };
  modem.surroundings.time.sync(undefined, optionalNumber(args.zone, 0));
  return done;
};

const resolve: RunOperation = async (args, { modem }) => {
  if (!modem.surroundings.isOnline) return { outcome: 'no-network' };
  return modem.lookUp(textFrom(args.name) ?? '');
};

/** With a state folder the answer waits for the disk: what was saved survives a SIGKILL. */
const save: RunOperation = (args, { modem }) => {
  modem.settings.save(numberOf(args.name, 0));
  const { flash } = modem.settings;
  if (!flash.isOnDisk) return done;
  return flash.flush().then(
    () => done,
    (error: unknown) => {
      modem.log.error({ err: error }, 'the state folder does not take the settings');
      return { outcome: 'failed' };
    },
  );
};

export const systemOperations = {
  'mailbox.put': put,
  'mailbox.take': take,
  'settings.save': save,
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
