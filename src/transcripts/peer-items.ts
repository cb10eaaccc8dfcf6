/** `p>` and `p<`: what the peers of the modem's links send, receive and see. A digit in front names the link. */
import { didYouMean } from '../base/nearest.js';
import { hint, refuse, type Span, slice, trimmed } from './mistakes.js';
import { linkEvents, maximumLinks, type PeerItem, type PeerSeesItem } from './transcript.js';
import { afterBlank, verbatimFrom } from './verbatim.js';

const sending = 'p>| bytes or p>{ file NAME }';
const receiving = 'p<| bytes, p<{ file NAME }, p< opens, p< closes or p< resets';

/** @param line begins with `p>` or `p<`, behind a digit or not */
export function peerItemFrom(line: Span): PeerItem {
  const marked = line.text.indexOf('p') + 2;
  const link = linkFrom(slice(line, 0, marked - 2));
  const at = { line: line.line, ...(link === undefined ? {} : { link }) };
  const verbatim = verbatimFrom(line, marked);
  if (line.text.charAt(marked - 1) === '<') {
    if (verbatim) return { kind: 'peer-receives', ...at, receives: verbatim };
    return { kind: 'peer-sees', ...at, event: eventFrom(trimmed(afterBlank(line, marked)), link) };
  }
  return verbatim
    ? { kind: 'peer-sends', ...at, sends: verbatim }
    : refuse(slice(line, marked, line.text.length), 'a peer sends bytes, not lines', { expected: sending });
}

function linkFrom(digit: Span): number | undefined {
  if (digit.text === '') return undefined;
  const link = Number(digit.text);
  return link >= 1 && link <= maximumLinks ? link : refuse(digit, 'no such link', { expected: `1 to ${maximumLinks}` });
}

function eventFrom(word: Span, link: number | undefined): PeerSeesItem['event'] {
  const event = linkEvents.find(known => known === word.text);
  if (event === undefined) {
    return refuse(word, 'a peer sees no such thing', {
      expected: receiving,
      ...hint(didYouMean(word.text, linkEvents)),
    });
  }
  if (event === 'opens' && link !== undefined) {
    refuse(word, 'a link that opens has no number yet', { expected: 'p< opens', hint: 'It gets the next number.' });
  }
  return event;
}
