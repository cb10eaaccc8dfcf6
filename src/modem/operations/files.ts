/** The file operations: names stay bytes, and never leave the modem's own store. */
import type { Result } from '../../grammar/exchange.js';
import { bufferOf, bytesOf, isOn, optionalNumber } from '../argument-values.js';
import type { DialectContext, RunOperation } from '../operation.js';

/** A host that reads OK takes the file for stored: with a state folder the answer waits for the disk. */
function stored(result: Result, { modem }: DialectContext): Result | Promise<Result> {
  if (result.outcome !== 'done' || !modem.files.isOnDisk) return result;
  return modem.files.flush().then(
    () => result,
    (error: unknown) => {
      modem.log.error({ err: error }, 'the state folder does not take the file');
      return { ...result, outcome: 'no-space' };
    },
  );
}

const create: RunOperation = (args, context) =>
  stored({ outcome: context.modem.files.create(bytesOf(args.name)) }, context);

const write: RunOperation = (args, context) => {
  const { modem } = context;
  const name = bytesOf(args.name);
  const manner = { append: isOn(args.append), create: isOn(args.create, true) };
  const outcome = modem.files.write(name, bufferOf(args.bytes), manner);
  const size = modem.files.size(name);
  return stored({ outcome, size: size.outcome === 'done' ? size.size : undefined }, context);
};

const read: RunOperation = (args, { modem }) => {
  const at = optionalNumber(args.at, 0);
  const length = optionalNumber(args.length, 0);
  const result = modem.files.read(bytesOf(args.name), { at, length });
  return result.outcome === 'done'
    ? { outcome: 'done', bytes: result.bytes.toString('latin1'), size: result.size }
    : result;
};

const list: RunOperation = (args, { modem }): Result => {
  const result = modem.files.list(bytesOf(args.path));
  if (result.outcome !== 'done') return result;
  const files = result.entries.map(({ name, size, kind }) => ({ name, size, folder: kind === 'folder' }));
  return { outcome: 'done', files, free: modem.files.free };
};

export const fileOperations = {
  'file.create': create,
  'file.write': write,
  'file.read': read,
  'file.delete': (args, context) => stored({ outcome: context.modem.files.delete(bytesOf(args.name)) }, context),
  'file.size': (args, { modem }) => modem.files.size(bytesOf(args.name)) as Result,
  'file.list': list,
  'file.make-folder': (args, context) =>
    stored({ outcome: context.modem.files.makeFolder(bytesOf(args.path)) }, context),
  'file.remove-folder': (args, context) =>
    stored({ outcome: context.modem.files.removeFolder(bytesOf(args.path)) }, context),
} satisfies Record<string, RunOperation>;
