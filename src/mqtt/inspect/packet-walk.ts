/**
 * Follows the packets of one direction through its bytes, however they are cut, and keeps of each no more than it takes to
 * describe it: a payload is counted, not gathered.
 */
import { type PacketKind, packetKinds, RemainingLength } from '../fixed-header.js';

/** Bytes of a packet's body that are kept: a line shows 400 characters, and none has more than three bytes. */
const longestHead = 1280;

export interface WalkedPacket {
  /** Type and flags. */
  first: number;
  /** The remaining length, and how many bytes it was written in. */
  length: number;
  digits: number;
  /** False where it was cut short inside its fixed header. */
  hasHeader: boolean;
  /** Bytes of the body that came: all of `length`, unless the packet was cut short. */
  size: number;
  /** The first of them. */
  head: Buffer;
}

/** `whole`: a packet is there to be taken. `broken`: see the fault; where the next packet begins cannot be known. */
export type WalkState = 'between' | 'in-header' | 'in-body' | 'whole' | 'broken';

export class PacketWalk {
  #state: WalkState = 'between';
  #fault: string | undefined;
  #header: number[] = [];
  readonly #length = new RemainingLength();
  #head: Buffer = Buffer.alloc(0);
  #size = 0;

  constructor(readonly sender: 'client' | 'broker') {}

  get state(): WalkState {
    return this.#state;
  }

  /** Why it is broken. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** What has come of the current packet's fixed header. */
  get header(): Buffer {
    return Buffer.from(this.#header);
  }

  /** Bytes of the current body that are still to come. */
  get missing(): number {
    return this.#length.value - this.#size;
  }

  /** Reads from `at` to the end of a packet, or of the bytes; where that is. */
  read(bytes: Buffer, at: number): number {
    let end = at;
    if (this.#state === 'between' && end < bytes.length) this.#readFirst(bytes[end++]!);
    while (this.#state === 'in-header' && end < bytes.length) this.#readLength(bytes[end++]!);
    return this.#state === 'in-body' ? this.#readBody(bytes, end) : end;
  }

  /** What has come of the packet up to now. */
  get packet(): WalkedPacket {
    const { value: length, digits } = this.#length;
    const size = this.#size;
    const hasHeader = this.#state !== 'in-header';
    return { first: this.#header[0] ?? 0, length, digits, hasHeader, size, head: this.#head.subarray(0, size) };
  }

  /** The same, whole or not; the next packet begins behind it. */
  take(): WalkedPacket {
    const { packet } = this;
    this.#state = 'between';
    this.#fault = undefined;
    this.#header = [];
    this.#length.clear();
    this.#head = Buffer.alloc(0);
    this.#size = 0;
    return packet;
  }

  #readFirst(byte: number): void {
    const fault = firstByteFault(byte, this.sender);
    this.#header.push(byte);
    if (fault === undefined) this.#state = 'in-header';
    else this.#break(fault);
  }

  #readLength(byte: number): void {
    this.#header.push(byte);
    switch (this.#length.take(byte)) {
      case 'whole':
        this.#head = Buffer.allocUnsafe(Math.min(this.#length.value, longestHead));
        this.#state = this.#length.value === 0 ? 'whole' : 'in-body';
        return;
      case 'too-long':
        this.#break('a remaining length of more than four bytes');
        return;
      case 'more':
    }
  }

  #break(fault: string): void {
    this.#fault = fault;
    this.#state = 'broken';
  }

  #readBody(bytes: Buffer, at: number): number {
    const end = at + Math.min(this.missing, bytes.length - at);
    if (this.#size < this.#head.length) bytes.copy(this.#head, this.#size, at, end);
    this.#size += end - at;
    if (this.missing === 0) this.#state = 'whole';
    return end;
  }
}

/** Why no packet of that sender begins with this byte. A wrong flag alone is a packet's own fault. */
function firstByteFault(byte: number, sender: 'client' | 'broker'): string | undefined {
  const kind = packetKinds[byte >> 4];
  const isRight = kind !== undefined && (kind.sender === sender || kind.sender === 'both');
  if (isRight && hasUsualFlags(kind, byte)) return undefined;
  // Not the byte itself: what is lost may be the inside of a password.
  if (byte >= 0x20 && byte <= 0x7e) return 'text where a packet should begin';
  if (isRight) return undefined;
  return kind ? `a ${sender} sends no ${kind.name}` : `no packet is of type ${byte >> 4}`;
}

export const hasRightFlags = ({ flags }: PacketKind, first: number): boolean =>
  flags === undefined || (first & 0x0f) === flags;

/** Right, or without the bit that SUBSCRIBE and its like must have [MQTT-3.8.1-1], which is the usual slip. */
export const hasUsualFlags = (kind: PacketKind, first: number): boolean =>
  hasRightFlags(kind, first) || (kind.flags === 2 && (first & 0x0f) === 0);
