/** What +QFUPL does to the store: it asks whether a file may come, and takes it in whole, in pieces the store can take. */
import type { ByteString } from '../../base/bytes.js';
import { bufferOf, bytesOf, numberOf } from '../../modem/argument-values.js';
import type { DialectOperation } from '../../modem/operation.js';
import { fileChecksum } from './checksum.js';

/** Bytes of one write to the store. */
const piece = 8 * 1024;

export const admit: DialectOperation = {
  spec: {
    title: 'Make the file that is to come; a name is uploaded once',
    arguments: { name: 'required', size: 'required' },
    ok: ['admitted'],
    failed: ['exists', 'no-space', 'bad-name', 'not-found'],
  },
  run: (args, { modem }) => {
    if (numberOf(args.size, 0) > modem.files.free) return { outcome: modem.files.has(bytesOf(args.name)) ? 'exists' : 'no-space' };
    const outcome = modem.files.create(bytesOf(args.name));
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
    const name: ByteString = bytesOf(args.name);
    const bytes = bufferOf(args.bytes);
    for (let at = 0; at < bytes.length; at += piece) {
      const outcome = modem.files.write(name, bytes.subarray(at, at + piece), { append: at > 0 });
      if (outcome !== 'done') return { outcome };
    }
    return { outcome: 'done', length: bytes.length, checksum: fileChecksum(bytes) };
  },
};
