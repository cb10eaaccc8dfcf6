/** Names a remaining length that cannot be right, from what stands behind the packet in the same write. */
import { lengthBytes, packetKinds } from '../fixed-header.js';
import { likeness } from './likeness.js';
import type { Reading } from './packet-reading.js';
import type { WalkedPacket } from './packet-walk.js';

export interface LengthFault {
  fault: string;
  /** The next packet does not begin where the length says. */
  losesBorder: boolean;
}

/** @param rest what follows the packet in the write that ended it */
export function lengthFault(packet: WalkedPacket, { fits }: Reading, rest: Buffer): LengthFault | undefined {
  const { length, digits } = packet;
  // `92 00` is 18 in a byte too many, but likelier 146 without its `01`, and a topic's first length byte.
  const isPadded = digits > lengthBytes(length);
  if (endsThere(packet, fits, rest)) return isPadded ? paddingFault(packet, fits) : undefined;
  const follow = length + rest.length + (isPadded ? 1 : 0);
  const lacksByte = isPadded || (digits === 1 && follow % 0x80 === length);
  const fault = `remaining length ${length} but ${follow} bytes follow`;
  return { fault: lacksByte ? `${fault}: ${question}` : fault, losesBorder: true };
}

const question = 'is the second length byte missing?';

/** A packet whose own fields fill it ends there whatever follows; a payload tells nothing. */
function endsThere({ first }: WalkedPacket, fits: boolean, rest: Buffer): boolean {
  if (rest.length === 0) return true;
  return (fits && packetKinds[first >> 4]!.name !== 'PUBLISH') || likeness(rest) !== 'no';
}

function paddingFault({ length, digits }: WalkedPacket, fits: boolean): LengthFault {
  const fault = `remaining length ${length} is written in ${digits} bytes`;
  return fits
    ? { fault: `${fault} and takes ${lengthBytes(length)}`, losesBorder: false }
    : { fault: `${fault}: ${question}`, losesBorder: true };
}
