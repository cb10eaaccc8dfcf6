/**
 * A kept dialogue as a transcript: something to start a test from. What was said is there, in order; bytes of the wire that
 * the dialogue does not have (line ends, echo, what was cut off or hidden) are not. Whoever needs these records the port.
 */
import type { ByteString } from '../base/bytes.js';
import { bytesFromEscapes } from '../transcripts/escapes.js';
import { formatTranscript, isPlainLine } from '../transcripts/format.js';
import { type Item, maximumChannels, type TranscriptHeader } from '../transcripts/transcript.js';
import type { DialogueEntry } from './messages.js';
import type { WatchedModem } from './watched-modem.js';

/** A silence of so many ms is worth a comment. */
const longSilence = 1000;
const crlf = '\r\n';
const finalResult = /^(?:OK|ERROR|FAIL|\+CM[ES] ERROR: ?.*|SEND OK|busy .*)$/;

export function transcriptOf({ name, modem, dialogue }: WatchedModem): string {
  const entries = dialogue.newest(Number.POSITIVE_INFINITY);
  const header: TranscriptHeader = {
    dialect: modem.dialect.name,
    settings: [],
    routes: [],
    files: [],
    accessPoints: [],
  };
  const isEsp = modem.dialect.style.framing === 'esp';
  const items = entries.flatMap((entry, i) => [...silenceBefore(entry, entries[i - 1]), itemOf(entry, isEsp)]);
  const opening = [
    `The dialogue of ${JSON.stringify(name)}, lines ${dialogue.first} to ${dialogue.last}. Secrets are ***, long lines are cut.`,
    'It is made from what was said, not from the bytes of the port: check line ends before it is a test.',
  ];
  return formatTranscript({ header, items: [...opening.map(comment), ...items] });
}

function silenceBefore({ at }: DialogueEntry, before: DialogueEntry | undefined): Item[] {
  const silence = before ? at - before.at : 0;
  return silence < longSilence ? [] : [comment(`${(silence / 1000).toFixed(1)} s later`)];
}

function itemOf(entry: DialogueEntry, isEsp: boolean): Item {
  const { from, direction, channel, text } = entry;
  if (from === 'fault') return comment(`! ${text}`);
  if (from === 'broker') return comment(`${direction === 'out' ? '⇢' : '⇠'} ${text}`);
  if (channel >= maximumChannels || isNoLine(text))
    return comment(`${channel + 1} ${from === 'host' ? '→' : '←'} ${text}`);
  const bytes = bytesFromEscapes({ file: 'dialogue', line: entry.n, column: 1, text });
  const place = { line: 0, channel: channel + 1 };
  if (from === 'host') return { kind: 'host', ...place, sends: lineOr(bytes, '', '\r', 'line') };
  const isFramed = !isEsp || (finalResult.test(text) && !entry.urc);
  return { kind: 'modem', ...place, sends: lineOr(bytes, isFramed ? crlf : '', crlf, isFramed ? 'framed' : 'line') };
}

/** Data, a line past the limit, and lines that were cut for people. */
const isNoLine = (text: string): boolean => /^\((?:data|a line)/.test(text) || /… \(\d+ characters\)$/.test(text);

/** As a line where it can stand in one, with its bytes before and behind else. What has line ends of its own is whole. */
function lineOr<Layout>(bytes: ByteString, before: ByteString, behind: ByteString, layout: Layout) {
  if (isPlainLine(bytes)) return { layout, pieces: [{ bytes }] };
  const isWhole = /[\r\n]/.test(bytes);
  return { layout: 'exact' as const, bytes: isWhole ? bytes : before + bytes + behind };
}

const comment = (text: string): Item => ({ kind: 'comment', line: 0, text });
