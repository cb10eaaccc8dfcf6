/** The first lines of a SIMCom and of a Quectel host whose module shall publish, and what one publish of theirs takes. */
import type { Exchange } from './luat-client.js';
import type { Address } from './sockets.js';

const ok = '\r\nOK\r\n';
const told = (line: string) => `${ok}\r\n${line}\r\n`;

export const simcomConnected = ({ host, port }: Address, clientId: string): Exchange[] => [
  ['ATE0\r', `ATE0\r${ok}`],
  ['AT+CMQTTSTART\r', told('+CMQTTSTART: 0')],
  [`AT+CMQTTACCQ=0,"${clientId}"\r`, ok],
  [`AT+CMQTTCONNECT=0,"tcp://${host}:${port}",60,1\r`, told('+CMQTTCONNECT: 0,0')],
];

/** Topic and payload are forgotten after each publish: both are typed again. */
export const simcomPublish = (topic: string, payload: string, qos: number): Exchange[] => [
  [`AT+CMQTTTOPIC=0,${topic.length}\r`, '\r\n>'],
  [topic, ok],
  [`AT+CMQTTPAYLOAD=0,${payload.length}\r`, '\r\n>'],
  [payload, ok],
  [`AT+CMQTTPUB=0,${qos},60\r`, told('+CMQTTPUB: 0,0')],
];

export const quectelConnected = ({ host, port }: Address, clientId: string): Exchange[] => [
  ['ATE0\r', `ATE0\r${ok}`],
  [`AT+QMTOPEN=0,"${host}",${port}\r`, told('+QMTOPEN: 0,0')],
  [`AT+QMTCONN=0,"${clientId}"\r`, told('+QMTCONN: 0,0,0')],
];

/** Message id 0 belongs to QoS 0. */
export const quectelPublish = (topic: string, payload: string, qos: number): Exchange[] => [
  [`AT+QMTPUBEX=0,${qos},${qos},0,"${topic}",${payload.length}\r`, '\r\n> '],
  [payload, told(`+QMTPUBEX: 0,${qos},0`)],
];
