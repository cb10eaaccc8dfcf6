/**
 * File names as they come from AT, and what they are called on disk. A name is bytes; on disk it becomes one flat word of
 * `a-z 0-9 . _ - % ~`, so that no name, whatever it holds, is a path, and names that differ by case stay apart on a file
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

/** No readable word begins with it. */
const packedMark = '~';

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
  return diskName(`${bare}/`).length <= maximumDiskLength ? bare : undefined;
}

/** The folder that a canonical name lies in; '' is the root. */
export const parentOf = (name: ByteString): ByteString => name.slice(0, Math.max(0, name.lastIndexOf('/')));

export const lastStepOf = (name: ByteString): ByteString => name.slice(name.lastIndexOf('/') + 1);

/**
 * Never empty, never starts with a dot, holds no separator. Readable while it fits: capitals and bytes beyond ASCII take
 * three signs each, and where there are too many of them the whole name is written in base 32.
 */
export function diskName(name: ByteString): string {
  const readable = name.replace(/^\.|[^a-z0-9._-]/g, byte => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return readable.length <= maximumDiskLength ? readable : packedMark + toBase32(name);
}

/** The name that `diskName` made this of, or undefined where it made none so. */
export function nameFromDisk(word: string): ByteString | undefined {
  const bytes = word.startsWith(packedMark)
    ? fromBase32(word.slice(packedMark.length))
    : word.replace(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return bytes.length > 0 && diskName(bytes) === word ? bytes : undefined;
}

/** A modem's name, which is text, as one folder name. */
export const folderNameOf = (text: string): string => diskName(fromBuffer(Buffer.from(text, 'utf8')));

/** [RFC 4648 7] in lower case and without padding: words sort as their bytes do, a folder before what lies in it. */
function toBase32(bytes: ByteString): string {
  const bits = [...bytes].map(byte => byte.charCodeAt(0).toString(2).padStart(8, '0')).join('');
  return bits.replace(/.{1,5}/g, five => Number.parseInt(five.padEnd(5, '0'), 2).toString(32));
}

/** Signs that are none, and bits that make no whole byte, are left out: the caller compares. */
function fromBase32(word: string): ByteString {
  const bits = [...word].map(sign => Number.parseInt(sign, 32).toString(2).padStart(5, '0')).join('');
  return (bits.match(/[01]{8}/g) ?? []).map(eight => String.fromCharCode(Number.parseInt(eight, 2))).join('');
}
