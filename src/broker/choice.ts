/** What `--broker` may say: `embedded[:PORT]` or `none`. Pure. */
import { OperatorError } from '../base/errors.js';
import { didYouMean } from '../base/nearest.js';

/** Without a port: 1883 if it is free, else any. Port 0: any. */
export type BrokerChoice = { kind: 'none' } | { kind: 'embedded'; port?: number };

const words = ['embedded', 'none'] as const;

export function parseBroker(text: string): BrokerChoice {
  const colon = text.indexOf(':');
  const word = colon < 0 ? text : text.slice(0, colon);
  if (text === 'none') return { kind: 'none' };
  if (word !== 'embedded') throw notABroker(text, word);
  return colon < 0 ? { kind: 'embedded' } : { kind: 'embedded', port: parsePort(text, text.slice(colon + 1)) };
}

function parsePort(text: string, port: string): number {
  if (/^\d{1,5}$/.test(port) && Number(port) <= 65535) return Number(port);
  throw new OperatorError('usage', 'the port of the embedded broker is not valid', {
    found: text,
    expected: 'embedded:PORT with a port of 0 to 65535; 0 takes any free one',
  });
}

function notABroker(text: string, word: string): OperatorError {
  const elsewhere = text.includes('.') || text.includes('//');
  return new OperatorError('usage', 'no such broker', {
    found: text,
    expected: 'embedded, embedded:PORT or none',
    hint: elsewhere
      ? 'A modem dials the broker that its AT commands name; --route leads a name elsewhere.'
      : didYouMean(word, words) || undefined,
  });
}
