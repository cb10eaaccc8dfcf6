/**
 * The packets that a DTE writes. It makes them by hand, and one write is one packet as a rule, so where the lengths and the
 * borders of the writes do not agree, a length is wrong.
 */
import { packetKinds } from '../fixed-header.js';
import { isMqtt5 } from './connect-reading.js';
import { lengthFault } from './length-fault.js';
import { arePackets, hexMeant, likeness } from './likeness.js';
import { type Finding, type Reading, readCutPacket, readPacket } from './packet-reading.js';
import { PacketWalk, type WalkedPacket } from './packet-walk.js';

/** `lost`: where the next packet begins is not known, and the next write may tell. `mqtt-5`: not read here. */
export type ClientState = 'following' | 'lost' | 'over' | 'mqtt-5';

/** Bytes of a write that are enough to judge it. */
const enough = 512;

export class ClientFlow {
  readonly #walk = new PacketWalk('client');
  #state: ClientState = 'following';
  #greeted = false;
  /** No CONNECT was right yet, or the last was not: what seems to be a topic may be the inside of one. */
  #mayBeSecret = true;
  #found: Finding[] = [];

  get state(): ClientState {
    return this.#state;
  }

  write(bytes: Buffer): Finding[] {
    this.#found = [];
    if (this.#isCutShortBy(bytes)) this.#cutShort();
    if (this.#walk.state !== 'between' || this.#beginsRight(bytes)) this.#follow(bytes);
    return this.#found;
  }

  end(): Finding[] {
    this.#found = [];
    if (this.#walk.state !== 'between') this.#cutShort();
    this.#state = 'over';
    return this.#found;
  }

  #follow(bytes: Buffer): void {
    for (let at = 0; at < bytes.length && this.#state === 'following'; ) {
      const begin = at;
      at = this.#walk.read(bytes, at);
      if (this.#walk.fault !== undefined) this.#lose(bytes.length - begin, this.#walk.fault);
      else if (this.#walk.state === 'whole') this.#tell(this.#walk.take(), bytes.subarray(at));
    }
  }

  /** @param rest what stands behind the packet in its write */
  #tell(packet: WalkedPacket, rest: Buffer): void {
    if (isMqtt5(packet)) {
      this.#found.push({ text: 'CONNECT of MQTT 5, which is not inspected' });
      this.#state = 'mqtt-5';
      return;
    }
    const reading = readPacket(packet);
    const wrong = lengthFault(packet, reading, rest);
    this.#say(packet, reading, wrong?.fault);
    if (wrong?.losesBorder) this.#state = 'lost';
  }

  #cutShort(): void {
    const packet = this.#walk.take();
    const reading = readCutPacket(packet);
    this.#say(packet, reading, reading.fault);
  }

  #say({ first }: WalkedPacket, { text, brief, fault, fits }: Reading, wrongLength: string | undefined): void {
    const { name } = packetKinds[first >> 4]!;
    if (name === 'CONNECT') this.#mayBeSecret = !fits || wrongLength !== undefined;
    this.#found.push({
      text: this.#mayBeSecret ? brief : text,
      fault: wrongLength ?? fault ?? this.#misplaced(name),
    });
    if (name === 'CONNECT') this.#greeted = true;
  }

  /** CONNECT comes first, and once [MQTT-3.1.0-1, MQTT-3.1.0-2]. */
  #misplaced(name: string): string | undefined {
    if (name === 'CONNECT') return this.#greeted ? 'a second CONNECT on one link' : undefined;
    return this.#greeted ? undefined : `${name} before CONNECT`;
  }

  /** What does not begin like a packet may be the rest of one whose length was too short. */
  #lose(count: number, fault: string): void {
    this.#walk.take();
    this.#found.push({ text: `${count} bytes`, fault });
    this.#state = 'lost';
  }

  /** Does the write begin a new packet though the last has not had all of its bytes? */
  #isCutShortBy(bytes: Buffer): boolean {
    const { state, missing, header, packet } = this.#walk;
    if (state === 'between' || !arePackets(bytes)) return false;
    if (state === 'in-header') return likeness(Buffer.concat([header, bytes.subarray(0, enough)])) === 'no';
    // The inside of a packet may look like one. It goes on where a field was cut, and ends just where it should.
    if (!beginsConnect(bytes) && !readPacket(packet).fits) return false;
    if (bytes.length === missing) return false;
    return bytes.length < missing || likeness(bytes.subarray(missing)) === 'no';
  }

  /** At a write that begins a packet. */
  #beginsRight(bytes: Buffer): boolean {
    if (this.#state === 'over' || this.#state === 'mqtt-5') return false;
    const like = likeness(bytes);
    if (like === 'no' && hexMeant(bytes)) {
      this.#lose(bytes.length, 'these are hex digits as text, not bytes');
      return false;
    }
    if (this.#state === 'following' || like === 'yes') {
      this.#state = 'following';
      return true;
    }
    this.#found.push({ text: `${bytes.length} bytes, no packet again: no longer inspected` });
    this.#state = 'over';
    return false;
  }
}

const beginsConnect = (bytes: Buffer): boolean => packetKinds[bytes[0]! >> 4]?.name === 'CONNECT';
