/** Which lines of a dialogue are shown: by speaker, and by what they say. Pure. */
import type { DialogueEntry } from '../control/messages.js';

/** Who speaks, as the page tells them apart. */
export type Speaker = 'host' | 'modem' | 'urc' | 'broker' | 'fault';

export const speakers: readonly Speaker[] = ['host', 'modem', 'urc', 'broker', 'fault'];

export const speakerNames: Readonly<Record<Speaker, string>> = {
  host: 'host',
  modem: 'modem',
  urc: 'URC',
  broker: 'MQTT',
  fault: 'fault',
};

export function speakerOf({ from, urc }: Pick<DialogueEntry, 'from' | 'urc'>): Speaker {
  return from === 'modem' && urc ? 'urc' : (from as Speaker);
}

export interface LineFilter {
  /** Words that must all be there, `-word` that must not, or one `/expression/`; letters of either case. */
  readonly search: string;
  readonly hidden: ReadonlySet<Speaker>;
  /** Is what terminals say left out? */
  readonly withoutTerminals: boolean;
}

export const everyLine: LineFilter = { search: '', hidden: new Set(), withoutTerminals: false };

export type LineTest = (line: DialogueEntry) => boolean;

export interface ReadFilter {
  test: LineTest;
  /** Why the search cannot be read; nothing is left out by it then. */
  mistake?: string;
}

/** @param isTerminal is that channel one that this API opened? */
export function readFilter(
  { search, hidden, withoutTerminals }: LineFilter,
  isTerminal: (channel: number) => boolean = () => false,
): ReadFilter {
  const { test: says, mistake } = readSearch(search);
  const test: LineTest = line =>
    !hidden.has(speakerOf(line)) && !(withoutTerminals && isTerminal(line.channel)) && says(line.text);
  return mistake === undefined ? { test } : { test, mistake };
}

function readSearch(search: string): { test: (text: string) => boolean; mistake?: string } {
  const [, expression] = /^\/(.+?)\/?$/.exec(search.trim()) ?? [];
  return expression === undefined ? readWords(search) : readExpression(expression);
}

function readExpression(source: string): { test: (text: string) => boolean; mistake?: string } {
  try {
    const expression = new RegExp(source, 'i');
    return { test: text => expression.test(text) };
  } catch (error) {
    return { test: () => true, mistake: (error as Error).message };
  }
}

function readWords(search: string): { test: (text: string) => boolean } {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const unwanted = words.filter(word => word.length > 1 && word.startsWith('-')).map(word => word.slice(1));
  const wanted = words.filter(word => !(word.length > 1 && word.startsWith('-')));
  if (words.length === 0) return { test: () => true };
  return {
    test: text => {
      const said = text.toLowerCase();
      return wanted.every(word => said.includes(word)) && !unwanted.some(word => said.includes(word));
    },
  };
}
