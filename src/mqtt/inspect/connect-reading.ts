/** A CONNECT [MQTT 3.1], which firmware that makes its packets by hand gets wrong first. */
import { hexByte } from '../../base/bytes.js';
import type { PacketFacts } from '../packet-text.js';
import type { Fields } from './fields.js';
import type { WalkedPacket } from './packet-walk.js';

/** Of MQTT 3.1 and of 3.1.1, with the protocol level that goes with each. */
const levels: Readonly<Record<string, number>> = { MQIsdp: 3, MQTT: 4 };

const flag = {
  userName: 0x80,
  password: 0x40,
  willRetain: 0x20,
  willQos: 0x18,
  will: 0x04,
  clean: 0x02,
  reserved: 0x01,
};

export function readConnect(fields: Fields): PacketFacts | undefined {
  const name = readName(fields);
  const level = fields.byte('protocol level') ?? 0;
  const flags = fields.byte('flags') ?? 0;
  const keepalive = fields.number('keepalive');
  const clientId = fields.text('client id');
  // One that took in the fields behind it has their lengths in it; and it is shown.
  if (clientId?.includes('\0')) fields.fault = 'the client id holds a zero byte: is its length too long?';
  if (flags & flag.will) {
    fields.text('will topic');
    fields.skip('will message');
  }
  if (flags & flag.userName) fields.skip('user name');
  if (flags & flag.password) fields.skip('password');
  if (fields.goesOn)
    fields.fault = `${fields.left} bytes follow the last field that flags 0x${hexByte(flags)} announce`;
  fields.remark = levelRemark(name, level) ?? flagsRemark(flags) ?? fields.remark;
  if (clientId === undefined) return undefined;
  const username = flags & flag.userName ? '***' : undefined;
  return { cmd: 'connect', clientId, username, keepalive, clean: (flags & flag.clean) !== 0 };
}

/** A CONNECT of MQTT 5, whose packets have properties? */
export const isMqtt5 = ({ first, head }: WalkedPacket): boolean => first === 0x10 && head.subarray(0, 7).equals(mqtt5);
const mqtt5 = Buffer.from('\0\x04MQTT\x05');

function readName(fields: Fields): string | undefined {
  const begin = fields.head.toString('latin1', 2, 8);
  const right = Object.keys(levels).find(name => begin.startsWith(name));
  const name = fields.text('protocol name');
  if (right && name !== right) {
    fields.fault = `the protocol name's length is ${fields.head.readUInt16BE(0)}, but ${right} has ${right.length} bytes`;
  } else if (name !== undefined && !right) fields.remark ??= 'the protocol name is neither MQTT nor MQIsdp';
  return right;
}

function levelRemark(name: string | undefined, level: number): string | undefined {
  const right = name && levels[name];
  return right === undefined || right === level ? undefined : `protocol level ${level}, but ${name} is level ${right}`;
}

function flagsRemark(flags: number): string | undefined {
  if (flags & flag.reserved) return 'bit 0 of the flags is reserved and must be 0'; // [MQTT-3.1.2-3]
  if (flags & flag.password && !(flags & flag.userName)) return 'a password without a user name'; // [MQTT-3.1.2-22]
  if ((flags & flag.willQos) === flag.willQos) return 'there is no will QoS 3';
  const ofWill = flags & (flag.willQos | flag.willRetain);
  return ofWill && !(flags & flag.will) ? 'the QoS or retain flag of a will, without a will' : undefined;
}
