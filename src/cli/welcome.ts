/** What `npm start` says after the ready line, to who has never seen an AT command. Pure; a test types what it says. */
import type { Ready } from './ready.js';

export interface FirstSteps {
  /** Joins a network, as a real module must before it has one. */
  join: readonly string[];
  /** Three lines after which a message has gone through the broker and come back. */
  firstMessage: readonly string[];
}

/** For the Wi-Fi modules with `AT+MQTTUSERCFG` and its siblings, which the default dialect is one of. */
export function firstSteps(broker: string): FirstSteps {
  const { hostname, port } = new URL(broker);
  return {
    join: ['AT+CWMODE=1', 'AT+CWJAP="any network","any password"', 'AT+MQTTUSERCFG=0,1,"me","","",0,0,""'],
    firstMessage: [
      `AT+MQTTCONN=0,"${hostname}",${port},0`,
      'AT+MQTTSUB=0,"hello",0',
      'AT+MQTTPUB=0,"hello","it works",0,0',
    ],
  };
}

export function welcome({ modems, broker }: Ready): string {
  const port = modems[0]?.port ?? '';
  const lines = ['', 'Open a terminal on it, in another window:', '', `    node bin/atmodem.js term ${port}`, ''];
  if (broker !== null) {
    const { join, firstMessage } = firstSteps(broker);
    lines.push(
      'Paste these: they join a network and say who you are.',
      '',
      ...join.map(indented),
      '',
      'Then these: they connect, subscribe and publish; the last line that you see is your message, come back.',
      '',
      ...firstMessage.map(indented),
      '',
    );
  }
  return [...lines, 'Every line of it shows here with -v. Ctrl-C stops.'].join('\n');
}

const indented = (line: string): string => `    ${line}`;
