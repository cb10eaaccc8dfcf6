/**
 * Whether bytes begin like packets of a client. A packet's border is where a length says so, and lengths made by hand are
 * wrong: then what stands at a border tells. Looks at a few hundred bytes at most, and lets a packet pass that is almost
 * right, so that it is named and not taken for noise.
 */
import { lengthBytes, packetKinds, RemainingLength } from '../fixed-header.js';
import { hasUsualFlags } from './packet-walk.js';

/** `cut`: the bytes end before it is sure. */
export type Likeness = 'yes' | 'no' | 'cut';

/** The short packets in a row that are enough to be sure. */
const enough = 4;

export function likeness(bytes: Buffer): Likeness {
  let at = 0;
  for (let seen = 0; seen < enough; seen++) {
    if (at === bytes.length) return seen > 0 ? 'yes' : 'cut';
    const found = first(bytes.subarray(at));
    if (typeof found === 'string') return found;
    at += found.short;
  }
  return 'yes';
}

/** The stronger claim: they are packets up to their end, though the last may go on. The inside of a packet hardly ever is. */
export function arePackets(bytes: Buffer): boolean {
  if (likeness(bytes) !== 'yes') return false;
  const header = readHeader(bytes);
  if (typeof header === 'string') return false;
  const end = header.end + header.length;
  return end >= bytes.length || likeness(bytes.subarray(end)) !== 'no';
}

/** A packet that is too short to be sure of counts with what is behind it. */
function first(bytes: Buffer): Likeness | { short: number } {
  const kind = packetKinds[bytes[0]! >> 4];
  if (!kind || kind.sender === 'broker') return 'no';
  if (kind.name === 'CONNECT') return connectLikeness(bytes);
  if (!hasUsualFlags(kind, bytes[0]!)) return 'no';
  const header = readHeader(bytes);
  if (typeof header === 'string') return header;
  if (kind.most === Number.POSITIVE_INFINITY) return topicLikeness(bytes, header, kind.name === 'PUBLISH' ? 0 : 2);
  if (header.length !== kind.most) return 'no';
  const end = header.end + header.length;
  return end > bytes.length ? 'cut' : { short: end };
}

interface Header {
  length: number;
  end: number;
}

function readHeader(bytes: Buffer): Header | 'no' | 'cut' {
  const length = new RemainingLength();
  for (let at = 1; at < bytes.length; at++) {
    const state = length.take(bytes[at]!);
    if (state === 'too-long') return 'no';
    if (state === 'whole') return { length: length.value, end: at + 1 };
  }
  return 'cut';
}

/** The name may stand where the wrong lengths before it put it. */
const nameWithin = 16;

function connectLikeness(bytes: Buffer): Likeness {
  const begin = bytes.toString('latin1', 0, nameWithin);
  if (/MQTT|MQIsdp/i.test(begin)) return 'yes';
  return bytes.length < nameWithin ? 'cut' : 'no';
}

/** Bytes of a topic that are enough to see that it is one. */
const enoughTopic = 256;

/** @param behind how far behind the fixed header the topic's length stands */
function topicLikeness(bytes: Buffer, header: Header, behind: number): Likeness {
  const found = sizedText(bytes, header.end + behind, header.length - behind);
  // Where the length lacks its second byte, the topic's has lost its first to it.
  const lacksByte = header.end - 1 > lengthBytes(header.length);
  return found === 'no' && lacksByte ? sizedText(bytes, header.end + behind - 1, 0) : found;
}

/** Text behind its length; without `room` in its packet it must be there whole. */
function sizedText(bytes: Buffer, at: number, room: number): Likeness {
  if (at + 2 > bytes.length) return room >= 3 ? 'cut' : 'no';
  const length = bytes.readUInt16BE(at);
  if (length === 0) return 'no';
  const wanted = Math.min(length, enoughTopic);
  const text = bytes.subarray(at + 2, at + 2 + wanted);
  if (text.some(byte => byte < 0x20 || byte === 0x7f)) return 'no';
  if (text.length === length) return 'yes';
  if (length + 2 > room) return 'no';
  return text.length === wanted ? 'yes' : 'cut';
}

/** Bytes of a write that are looked at for hex digits. */
const longestHex = 2048;

/** The bytes that were meant, where somebody wrote a packet as hex digits in text. */
export function hexMeant(bytes: Buffer): Buffer | undefined {
  const digits = bytes.toString('latin1', 0, longestHex).replace(/\s+/g, '');
  if (digits.length < 4 || !/^[0-9a-f]+$/i.test(digits)) return undefined;
  const meant = Buffer.from(digits, 'hex');
  return likeness(meant) === 'yes' ? meant : undefined;
}
