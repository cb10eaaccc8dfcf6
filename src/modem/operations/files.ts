/** The file operations: names stay bytes, and never leave the modem's own store. */
import type { Result } from '../../grammar/exchange.js';
import { bufferOf, bytesOf, isOn, numberOf } from '../argument-values.js';
import type { RunOperation } from '../operation.js';

const create: RunOperation = (args, { modem }) => ({ outcome: modem.files.create(bytesOf(args.name)) });

const write: RunOperation = (args, { modem }) => {
  const name = bytesOf(args.name);
  const manner = { append: isOn(args.append), create: args.create === undefined ? true : isOn(args.create) };
  const outcome = modem.files.write(name, bufferOf(args.bytes), manner);
  const size = modem.files.size(name);
  return { outcome, size: size.outcome === 'done' ? size.size : undefined };
};

const read: RunOperation = (args, { modem }) => {
  const at = args.at === undefined ? undefined : numberOf(args.at, 0);
  const length = args.length === undefined ? undefined : numberOf(args.length, 0);
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
  'file.delete': (args, { modem }) => ({ outcome: modem.files.delete(bytesOf(args.name)) }),
  'file.size': (args, { modem }) => modem.files.size(bytesOf(args.name)) as Result,
  'file.list': list,
  'file.make-folder': (args, { modem }) => ({ outcome: modem.files.makeFolder(bytesOf(args.path)) }),
  'file.remove-folder': (args, { modem }) => ({ outcome: modem.files.removeFolder(bytesOf(args.path)) }),
} satisfies Record<string, RunOperation>;
