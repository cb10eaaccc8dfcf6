/** The first lines of every test that needs a luat modem with a broker: quiet echo, connected, subscribed, reports direct. */
import type { Address } from './sockets.js';

/** A line and its whole answer. */
export type Exchange = readonly [line: string, answer: string];

const ok = '\r\nOK\r\n';

export const luatConnected = ({ host, port }: Address, clientId: string): Exchange[] => [
  ['ATE0\r', `ATE0\r${ok}`],
  [`AT+MCONFIG="${clientId}"\r`, ok],
  [`AT+MIPSTART="${host}",${port}\r`, `${ok}\r\nCONNECT OK\r\n`],
  ['AT+MCONNECT=1,60\r', `${ok}\r\nCONNACK OK\r\n`],
];

export const luatSubscribed = (topic: string, qos: number): Exchange[] => [
  ['AT+MQTTMSGSET=0\r', ok],
  [`AT+MSUB="${topic}",${qos}\r`, `${ok}\r\nSUBACK\r\n`],
];
