/** What stands after `!`: a closed list of things that go wrong around the modem, and their ends. */
import { nearest } from '../base/nearest.js';
import { refuse, type Span } from './mistakes.js';
import { type Fault, maximumChannels, registrationStates } from './transcript.js';

/** Every fault without a number, by its words. */
const plain: ReadonlyMap<string, Fault> = new Map(
  (
    [
      ...(['closes', 'resets', 'silent', 'back'] as const).map(does => ({ kind: 'broker', does }) as const),
      { kind: 'pdp-lost' },
      ...registrationStates.map(state => ({ kind: 'registration', state }) as const),
      ...(['lost', 'back'] as const).map(does => ({ kind: 'wifi', does }) as const),
      ...(['detaches', 'attaches'] as const).map(does => ({ kind: 'dte', does, channel: 1 }) as const),
      ...(['off', 'on'] as const).map(to => ({ kind: 'power', to }) as const),
      ...(['absent', 'ready'] as const).map(state => ({ kind: 'sim', state }) as const),
    ] satisfies Fault[]
  ).map(fault => [formatFault(fault), fault]),
);

const numbered = /^(.+) (\d{1,3})$/;

export function faultFrom(span: Span): Fault {
  const [, words = span.text, digits] = numbered.exec(span.text) ?? [];
  const fault = plain.get(words);
  if (fault === undefined) refuseFault(span, words);
  if (digits === undefined) return fault;
  const number = Number(digits);
  if (fault.kind === 'pdp-lost') return { ...fault, cid: number };
  if (fault.kind === 'dte' && number >= 1 && number <= maximumChannels) return { ...fault, channel: number };
  return refuse(span, 'no number belongs here', {
    expected: `a CID after \`pdp lost\`, a port 1 to ${maximumChannels} after \`dte …\``,
  });
}

function refuseFault(span: Span, words: string): never {
  const near = nearest(words, plain.keys());
  refuse(span, 'no such fault', {
    expected: `one of ${[...plain.keys()].join(', ')}`,
    ...(near === undefined ? {} : { hint: `Did you mean \`! ${near}\`?` }),
  });
}

export function formatFault(fault: Fault): string {
  switch (fault.kind) {
    case 'broker':
    case 'wifi':
      return `${fault.kind} ${fault.does}`;
    case 'pdp-lost':
      return fault.cid === undefined ? 'pdp lost' : `pdp lost ${fault.cid}`;
    case 'registration':
    case 'sim':
      return `${fault.kind} ${fault.state}`;
    case 'dte':
      return fault.channel === 1 ? `dte ${fault.does}` : `dte ${fault.does} ${fault.channel}`;
    case 'power':
      return `power ${fault.to}`;
  }
}
