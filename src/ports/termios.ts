/**
 * The kernel's `struct termios2` as bytes, for the few fields that a pty needs. Pure: no ioctl here.
 * Layout and values: Linux asm-generic/termbits.h, the same on every architecture that koffi is built for.
 */

/** Size of `struct termios2`: four flag words, c_line, c_cc[19], two speeds. */
export const termiosSize = 44;

const controlFlags = 8;
const localFlags = 12;
const controlCharacters = 17;
const outputSpeed = 40;

/** VMIN's place in c_cc. */
const vmin = 6;

const B115200 = 0x1002;
const CS8 = 0x30;
const CREAD = 0x80;
const CLOCAL = 0x800;
/** The other side does the line editing: the driver neither echoes nor waits for lines, and tells us of each change. */
const EXTPROC = 0x10000;

/** Raw, 115200 8N1: a host that sets nothing (`echo`, `cat`, a shell script) already gets bytes as they are. */
export function rawTermios(): Buffer {
  const termios = Buffer.alloc(termiosSize);
  termios.writeUInt32LE(B115200 | CS8 | CREAD | CLOCAL, controlFlags);
  termios.writeUInt32LE(EXTPROC, localFlags);
  termios[controlCharacters + vmin] = 1;
  return termios;
}

export const hasExtproc = (termios: Buffer): boolean => (termios.readUInt32LE(localFlags) & EXTPROC) !== 0;

export function withExtproc(termios: Buffer): Buffer {
  const changed = Buffer.from(termios);
  changed.writeUInt32LE((termios.readUInt32LE(localFlags) | EXTPROC) >>> 0, localFlags);
  return changed;
}

/** Bits a second as the DTE set them; 0 is B0, "hang up". */
export const lineSpeed = (termios: Buffer): number => termios.readUInt32LE(outputSpeed);
