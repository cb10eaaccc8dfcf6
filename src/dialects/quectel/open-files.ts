/**
 * Files by handle: which are open, where the pointer of each stands, and what may be done with it. Handles live in RAM and
 * are gone at power-off; the bytes are the store's.
 */
import type { ByteString } from '../../base/bytes.js';
import type { Result } from '../../grammar/exchange.js';
import type { OperationSpec } from '../../grammar/vocabulary.js';
import { bufferOf, bytesOf, numberOf } from '../../modem/argument-values.js';
import type { Modem } from '../../modem/modem.js';
import type { Arguments, DialectOperation } from '../../modem/operation.js';
import { writeWhole } from './whole-file.js';

/** 0 opens or makes, 1 makes anew, 2 opens what is there, for reading only. */
const modes = { open: 0, clear: 1, readOnly: 2 } as const;
const mostOpen = 10;

interface OpenFile {
  name: ByteString;
  mode: number;
  at: number;
}

/** Those of one life of the modem. */
interface Handles {
  life: number;
  files: Map<number, OpenFile>;
}

const ofModem = new WeakMap<Modem, Handles>();

function handlesOf(modem: Modem): Map<number, OpenFile> {
  const known = ofModem.get(modem);
  if (known?.life === modem.life) return known.files;
  const fresh: Handles = { life: modem.life, files: new Map() };
  ofModem.set(modem, fresh);
  return fresh.files;
}

const contentOf = (modem: Modem, name: ByteString): Buffer | undefined => {
  const file = modem.files.read(name);
  return file.outcome === 'done' ? file.bytes : undefined;
};

/** An operation on a handle: one that is not open, or whose file is gone, is refused alike. */
function onHandle(
  spec: Omit<OperationSpec, 'arguments'> & Partial<Pick<OperationSpec, 'arguments'>>,
  run: (file: OpenFile, content: Buffer, args: Arguments, modem: Modem) => Result,
): DialectOperation {
  return {
    spec: { ...spec, arguments: { handle: 'required', ...spec.arguments }, failed: ['not-open', ...spec.failed] },
    run: (args, { modem }) => {
      const file = handlesOf(modem).get(numberOf(args.handle, -1));
      const content = file && contentOf(modem, file.name);
      return file && content ? run(file, content, args, modem) : { outcome: 'not-open' };
    },
  };
}

export const open: DialectOperation = {
  spec: {
    title: 'Open a file by a handle',
    arguments: { name: 'required', mode: 'required' },
    ok: ['opened'],
    failed: ['not-found', 'no-space', 'bad-name', 'already', 'too-many'],
    fields: ['handle'],
  },
  run: (args, { modem }) => {
    const handles = handlesOf(modem);
    const name = bytesOf(args.name);
    const mode = numberOf(args.mode, modes.open);
    if ([...handles.values()].some(file => file.name === name)) return { outcome: 'already' };
    if (handles.size >= mostOpen) return { outcome: 'too-many' };
    if (mode === modes.readOnly && !modem.files.has(name)) return { outcome: 'not-found' };
    const made = modem.files.create(name);
    if (made !== 'done' && made !== 'exists') return { outcome: made };
    if (mode === modes.clear) modem.files.write(name, Buffer.alloc(0));
    const handle = firstFree(handles);
    handles.set(handle, { name, mode, at: 0 });
    return { outcome: 'opened', handle };
  },
};

function firstFree(handles: ReadonlyMap<number, unknown>): number {
  let handle = 1;
  while (handles.has(handle)) handle += 1;
  return handle;
}

export const opened: DialectOperation = {
  spec: { title: 'List open files', arguments: {}, ok: ['done'], failed: [], fields: ['handles'] },
  run: (_, { modem }) => ({
    outcome: 'done',
    handles: [...handlesOf(modem)].map(([handle, { name, mode }]) => ({ handle, name, mode })),
  }),
};

export const read = onHandle(
  {
    title: 'Read from where the pointer stands, and move it',
    arguments: { length: 'optional' },
    ok: ['done'],
    failed: ['at-end'],
    fields: ['bytes', 'length'],
  },
  (file, content, args) => {
    const length = args.length === undefined ? content.length : numberOf(args.length, 0);
    const bytes = content.subarray(file.at, file.at + length);
    file.at += bytes.length;
    if (bytes.length === 0) return { outcome: 'at-end' };
    return { outcome: 'done', bytes: bytes.toString('latin1'), length: bytes.length };
  },
);

export const write = onHandle(
  {
    title: 'Write from where the pointer stands, and move it',
    arguments: { bytes: 'required' },
    ok: ['done'],
    failed: ['read-only', 'no-space', 'bad-name', 'not-found', 'too-large'],
    fields: ['length', 'size'],
  },
  (file, content, args, modem) => {
    if (file.mode === modes.readOnly) return { outcome: 'read-only' };
    const bytes = bufferOf(args.bytes);
    const end = file.at + bytes.length;
    const whole = Buffer.concat([content.subarray(0, file.at), bytes, content.subarray(end)]);
    const outcome = writeWhole(modem.files, file.name, whole);
    if (outcome === 'done') file.at = end;
    return { outcome, length: bytes.length, size: whole.length };
  },
);

export const seek = onHandle(
  {
    title: 'Move the pointer, counted from 0 the beginning, 1 where it stands, 2 the end and backwards',
    arguments: { offset: 'required', from: 'required' },
    ok: ['done'],
    failed: ['bad-range'],
  },
  (file, content, args) => {
    const offset = numberOf(args.offset, 0);
    const to = [offset, file.at + offset, content.length - offset][numberOf(args.from, 0)] ?? 0;
    if (to < 0 || to > content.length) return { outcome: 'bad-range' };
    file.at = to;
    return { outcome: 'done' };
  },
);

export const position = onHandle(
  { title: 'Where the pointer stands', ok: ['done'], failed: [], fields: ['offset'] },
  file => ({ outcome: 'done', offset: file.at }),
);

export const close: DialectOperation = {
  spec: { title: 'Close a handle', arguments: { handle: 'required' }, ok: ['done'], failed: ['not-open'] },
  run: (args, { modem }) => ({
    outcome: handlesOf(modem).delete(numberOf(args.handle, -1)) ? 'done' : 'not-open',
  }),
};
