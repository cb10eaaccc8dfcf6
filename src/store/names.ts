/**
 * File names as they come from AT, and what they are called on disk. A name is bytes; on disk it becomes one flat word of
 * `a-z 0-9 . _ - %`, so that no name, whatever it holds, is a path, and names that differ by case stay apart on a file
 * system that ignores case. Pure functions.
 */
import { type ByteString, fromBuffer } from '../base/bytes.js';

export type Layout = 'flat' | 'folders';

export interface NameRules {
  layout: Layout;
  /** Bytes of a whole name, folders included. */
  maximumLength: number;
}

/** What every file system takes in one name is 255 bytes; a temporary's own mark needs some. */
const maximumDiskLength = 240;

/**
 * The name in the one form that the store uses, or undefined where it is none: empty, too long, with control bytes, a
 * `.` or `..` step, or an empty step. One leading `/` names the store's root and is dropped.
 */
export function canonicalName(name: ByteString, { layout, maximumLength }: NameRules): ByteString | undefined {
  const bare = layout === 'folders' && name.startsWith('/') ? name.slice(1) : name;
  if (bare.length < 1 || bare.length > maximumLength || /[^\x20-\x7e\x80-\xff]/.test(bare)) return undefined;
  const steps = bare.split('/');
  if (layout === 'flat' && steps.length > 1) return undefined;
  if (steps.some(step => step === '' || step === '.' || step === '..')) return undefined;
  return diskName(bare).length <= maximumDiskLength ? bare : undefined;
}

/** The folder that a canonical name lies in; '' is the root. */
export const parentOf = (name: ByteString): ByteString => name.slice(0, Math.max(0, name.lastIndexOf('/')));

export const lastStepOf = (name: ByteString): ByteString => name.slice(name.lastIndexOf('/') + 1);

/** Never empty, never starts with a dot, holds no separator. */
export function diskName(name: ByteString): string {
  return name.replace(/^\.|[^a-z0-9._-]/g, byte => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** The name that `diskName` made this of, or undefined where it made none so. */
export function nameFromDisk(word: string): ByteString | undefined {
  const bytes = word.replace(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return bytes.length > 0 && diskName(bytes) === word ? bytes : undefined;
}

/** A modem's name, which is text, as one folder name. */
export const folderNameOf = (text: string): string => diskName(fromBuffer(Buffer.from(text, 'utf8')));
