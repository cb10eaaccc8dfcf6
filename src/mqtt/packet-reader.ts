/**
 * Bytes from a broker, cut into packets. mqtt-packet reads what is inside; this stands before it and looks at every fixed
 * header [MQTT 2.2], because mqtt-packet buffers whatever length is announced, reads acknowledgements of any length, and
 * starts anew after an error. A reader that found a fault is done.
 */
import { type Packet, parser } from 'mqtt-packet';
import { lengthBytes, packetKinds, RemainingLength } from './fixed-header.js';
import { headerLength, type IncomingPacket } from './packets.js';

export interface PacketFault {
  cause: 'protocol-error' | 'too-large';
  detail: string;
}

export class PacketReader {
  readonly #parser = parser({ protocolVersion: 4 });
  #fault: PacketFault | undefined;
  /** Bytes of the current packet that are still to come; 0 between packets and inside a fixed header. */
  #remaining = 0;
  /** The fixed header so far, when a chunk ended inside it. */
  #type = -1;
  readonly #length = new RemainingLength();

  constructor(
    readonly limit: number,
    deliver: (packet: IncomingPacket) => void,
  ) {
    this.#parser.on('packet', packet => {
      this.#fault ??= contentFault(packet);
      if (!this.#fault) deliver(packet as IncomingPacket);
    });
    this.#parser.on('error', (error: Error) => {
      this.#fault ??= { cause: 'protocol-error', detail: error.message };
    });
  }

  /** Delivers the packets that the chunk completes, up to the first fault, which it returns. */
  push(chunk: Buffer): PacketFault | undefined {
    if (this.#fault) return this.#fault;
    const good = this.#inspect(chunk);
    const found = this.#fault;
    this.#fault = undefined;
    if (good > 0) this.#parser.parse(good === chunk.length ? chunk : chunk.subarray(0, good));
    // What is inside came before the header at which the inspection stopped.
    this.#fault ??= found;
    return this.#fault;
  }

  /** Walks the fixed headers; how many bytes may go on to mqtt-packet. */
  #inspect(chunk: Buffer): number {
    let at = 0;
    while (at < chunk.length) {
      if (this.#remaining > 0) {
        const taken = Math.min(this.#remaining, chunk.length - at);
        this.#remaining -= taken;
        at += taken;
        continue;
      }
      const begin = at;
      if (this.#type < 0) this.#readType(chunk[at++]!);
      if (!this.#fault) at = this.#readLength(chunk, at);
      if (this.#fault) return begin;
    }
    return at;
  }

  #readType(byte: number): void {
    this.#type = byte >> 4;
    const kind = packetKinds[this.#type];
    const flags = byte & 0x0f;
    const good = kind?.flags === undefined ? (flags & 0x06) !== 0x06 : flags === kind.flags;
    if (!kind || kind.sender === 'client') this.#refuse(`a packet of type ${this.#type} from a broker`);
    else if (!good) this.#refuse(`flags ${flags} in a packet of type ${this.#type}`); // [MQTT-2.2.2-2]; QoS 3 is none
  }

  #readLength(chunk: Buffer, begin: number): number {
    let at = begin;
    while (at < chunk.length) {
      switch (this.#length.take(chunk[at++]!)) {
        case 'whole':
          this.#checkLength();
          return at;
        case 'too-long':
          this.#refuse('a packet length of more than four bytes');
          return at;
        case 'more':
      }
    }
    return at;
  }

  #checkLength(): void {
    const { least, most } = packetKinds[this.#type]!;
    const length = this.#length.value;
    if (length < least || length > most) this.#refuse(`${length} bytes in a packet of type ${this.#type}`);
    else if (length > this.limit) this.#refuse(`a packet of ${length} bytes; the limit is ${this.limit}`, 'too-large');
    this.#remaining = length;
    this.#type = -1;
    this.#length.clear();
  }

  #refuse(detail: string, cause: PacketFault['cause'] = 'protocol-error'): void {
    this.#fault = { cause, detail };
  }
}

/** mqtt-packet takes packet ids of 0 [MQTT-2.3.1-1], empty topics [MQTT-4.7.3-1], and text that is no UTF-8 [MQTT-1.5.3-1]. */
function contentFault(packet: Packet): PacketFault | undefined {
  const wrong = (detail: string): PacketFault => ({ cause: 'protocol-error', detail });
  const needsId =
    packet.cmd !== 'connack' && packet.cmd !== 'pingresp' && !(packet.cmd === 'publish' && packet.qos === 0);
  if (needsId && !((packet.messageId ?? 0) > 0)) return wrong(`${packet.cmd} without a packet id`);
  if (packet.cmd !== 'publish') return undefined;
  if (packet.topic === '') return wrong('a message with an empty topic');
  // Bytes that are no UTF-8 come out as U+FFFD, which changes the length (but for the first three bytes of a cut four-byte
  // character); so does an id that was read beyond the packet's end.
  const header = headerLength(packet, packet.payload as Buffer);
  const expected = 1 + lengthBytes(packet.length ?? 0) + 2 + Buffer.byteLength(packet.topic) + (packet.qos > 0 ? 2 : 0);
  return header === expected ? undefined : wrong('a message whose topic is not UTF-8, or which ends inside its header');
}
