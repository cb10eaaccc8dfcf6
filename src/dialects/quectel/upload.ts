/** What +QFUPL does to the store: it asks whether a file may come, and takes it in whole. */
import { bufferOf, bytesOf, numberOf } from '../../modem/argument-values.js';
import type { DialectOperation } from '../../modem/operation.js';
import { fileChecksum } from './checksum.js';
import { writeWhole } from './whole-file.js';

export const admit: DialectOperation = {
  spec: {
    title: 'Make the file that is to come; a name is uploaded once',
    arguments: { name: 'required', size: 'required' },
    ok: ['admitted'],
    failed: ['exists', 'no-space', 'bad-name', 'not-found'],
  },
  run: (args, { modem: { files } }) => {
    const name = bytesOf(args.name);
    if (files.has(name)) return { outcome: 'exists' };
    if (numberOf(args.size, 0) > files.free) return { outcome: 'no-space' };
    const outcome = files.create(name);
    return { outcome: outcome === 'done' ? 'admitted' : outcome };
  },
};

export const store: DialectOperation = {
  spec: {
    title: 'Write the file that came, and sum it up',
    arguments: { name: 'required', bytes: 'required' },
    ok: ['done'],
    failed: ['no-space', 'bad-name', 'not-found', 'too-large'],
    fields: ['length', 'checksum'],
  },
  run: (args, { modem }) => {
    const bytes = bufferOf(args.bytes);
    const outcome = writeWhole(modem.files, bytesOf(args.name), bytes);
    return { outcome, length: bytes.length, checksum: fileChecksum(bytes) };
  },
};
