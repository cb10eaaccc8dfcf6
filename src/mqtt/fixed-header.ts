/** The fixed header that every packet begins with [MQTT 2.2]: its kinds, and the remaining length digit by digit. */

export interface PacketKind {
  name: string;
  /** Who may send it. */
  sender: 'client' | 'broker' | 'both';
  /** The low half of the first byte; absent for PUBLISH, which has its own meaning there [MQTT 2.2.2]. */
  flags?: number;
  /** How many bytes may follow the fixed header. */
  least: number;
  most: number;
}

const noEnd = Number.POSITIVE_INFINITY;

/** By packet type; 0 and 15 are none. */
export const packetKinds: Readonly<Record<number, PacketKind>> = {
  1: { name: 'CONNECT', sender: 'client', flags: 0, least: 12, most: noEnd },
  2: { name: 'CONNACK', sender: 'broker', flags: 0, least: 2, most: 2 },
  3: { name: 'PUBLISH', sender: 'both', least: 3, most: noEnd },
  4: { name: 'PUBACK', sender: 'both', flags: 0, least: 2, most: 2 },
  5: { name: 'PUBREC', sender: 'both', flags: 0, least: 2, most: 2 },
  6: { name: 'PUBREL', sender: 'both', flags: 2, least: 2, most: 2 },
  7: { name: 'PUBCOMP', sender: 'both', flags: 0, least: 2, most: 2 },
  8: { name: 'SUBSCRIBE', sender: 'client', flags: 2, least: 6, most: noEnd },
  9: { name: 'SUBACK', sender: 'broker', flags: 0, least: 3, most: noEnd },
  10: { name: 'UNSUBSCRIBE', sender: 'client', flags: 2, least: 5, most: noEnd },
  11: { name: 'UNSUBACK', sender: 'broker', flags: 0, least: 2, most: 2 },
  12: { name: 'PINGREQ', sender: 'client', flags: 0, least: 0, most: 0 },
  13: { name: 'PINGRESP', sender: 'broker', flags: 0, least: 0, most: 0 },
  14: { name: 'DISCONNECT', sender: 'client', flags: 0, least: 0, most: 0 },
};

/** How many bytes the remaining length takes [MQTT 2.2.3]. */
export function lengthBytes(remaining: number): 1 | 2 | 3 | 4 {
  if (remaining < 0x80) return 1;
  if (remaining < 0x4000) return 2;
  return remaining < 0x20_0000 ? 3 : 4;
}

/** A remaining length as it comes: seven bits a byte, the low ones first, at most four bytes [MQTT 2.2.3]. */
export class RemainingLength {
  value = 0;
  /** Bytes so far. */
  digits = 0;

  take(byte: number): 'more' | 'whole' | 'too-long' {
    this.value += (byte & 0x7f) * 0x80 ** this.digits++;
    if (byte < 0x80) return 'whole';
    return this.digits === 4 ? 'too-long' : 'more';
  }

  clear(): void {
    this.value = 0;
    this.digits = 0;
  }
}
