/** One line of the dialogue → one item. Never joins lines: an item is a line. */
import { utf8FromBytes, utf8ToBytes } from '../base/bytes.js';
import { bytesFromEscapes } from './escapes.js';
import { faultFrom } from './faults.js';
import { from, refuse, type Span, slice, trimmed } from './mistakes.js';
import { peerItemFrom } from './peer-items.js';
import { type Item, type Message, maximumChannels, type Piece } from './transcript.js';
import { afterBlank, markers, verbatimFrom } from './verbatim.js';

export function itemFrom(line: Span): Item {
  const talk = /^(\d?)([<>])/.exec(line.text);
  if (talk) return talkFrom(line, talk[1] ?? '', talk[2] === '>' ? 'host' : 'modem');
  if (/^\d?p[<>]/.test(line.text)) return peerItemFrom(line);
  const at = { line: line.line };
  const rest = from(line, 2);
  switch (line.text.slice(0, 2).trimEnd()) {
    case 'b>':
      return { kind: 'publish', ...at, message: messageFrom(afterBlank(line, 2)) };
    case 'b<':
      return { kind: 'delivery', ...at, message: messageFrom(afterBlank(line, 2)) };
    case '~':
      return { kind: 'pause', ...at, milliseconds: millisecondsFrom(trimmed(rest)) };
    case '~<':
      return { kind: 'pause', ...at, milliseconds: millisecondsFrom(trimmed(rest)), isAnswering: true };
    case '!':
      return { kind: 'fault', ...at, fault: faultFrom(trimmed(rest)) };
  }
  if (line.text.startsWith('#')) return { kind: 'comment', ...at, text: line.text.replace(/^# ?/, '').trimEnd() };
  return refuse(line, 'no item of a dialogue begins so', {
    expected: markers,
    hint: 'Bytes that spread over several lines are one item with escapes: `<| \\r\\n…\\r\\n`.',
  });
}

function talkFrom(line: Span, digit: string, kind: 'host' | 'modem'): Item {
  const channel = channelFrom(line, digit);
  const marked = digit.length + 1;
  const at = { line: line.line, channel };
  const verbatim = verbatimFrom(line, marked);
  if (verbatim) return { kind, ...at, sends: verbatim };
  if (kind === 'modem' && line.text.charAt(marked) === '-')
    return { kind, ...at, sends: { layout: 'line', pieces: piecesFrom(afterBlank(line, marked + 1)) } };
  const pieces = piecesFrom(afterBlank(line, marked));
  return kind === 'host'
    ? { kind, ...at, sends: { layout: 'line', pieces } }
    : { kind, ...at, sends: { layout: 'framed', pieces } };
}

function channelFrom(line: Span, digit: string): number {
  const channel = digit === '' ? 1 : Number(digit);
  if (channel >= 1 && channel <= maximumChannels) return channel;
  return refuse(slice(line, 0, 1), 'no such port', { expected: `1 to ${maximumChannels}` });
}

function piecesFrom({ text }: Span): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: field, 1: name, 2: link, index } of text.matchAll(fields)) {
    if (index > end) pieces.push({ bytes: utf8ToBytes(text.slice(end, index)) });
    pieces.push(name === undefined ? { portOf: Number(link) } : { sizeOf: name });
    end = index + field.length;
  }
  if (end < text.length) pieces.push({ bytes: utf8ToBytes(text.slice(end)) });
  return pieces;
}

/** `{size ca.pem}` and `{port 1}`: the fields of a line. */
export const fields = /\{size ([^\s{}]+)\}|\{port ([1-9])\}/g;

/** `TOPIC [qos=N] [retain] | PAYLOAD` */
function messageFrom(span: Span): Message {
  const match = /^(\S+)((?: \S+)*?) \|(?: (.*))?$/s.exec(span.text);
  if (!match) return refuse(span, 'a topic, ` | ` and a payload are wanted', { expected: messageForm });
  const [, topic = '', flags = '', payload = ''] = match;
  return {
    topic: topicFrom(slice(span, 0, topic.length)),
    ...flagsFrom(slice(span, topic.length, topic.length + flags.length)),
    payload: bytesFromEscapes(from(span, span.text.length - payload.length)),
  };
}

const messageForm = 'TOPIC [qos=N] [retain] | PAYLOAD';

function topicFrom(span: Span): string {
  return utf8FromBytes(bytesFromEscapes(span)) ?? refuse(span, 'a topic is UTF-8', { expected: 'text' });
}

function flagsFrom(span: Span): Pick<Message, 'qos' | 'retain'> {
  const flags: Pick<Message, 'qos' | 'retain'> = { qos: 0, retain: false };
  for (const { 0: word, index } of span.text.matchAll(/\S+/g)) {
    if (word === 'retain') flags.retain = true;
    else if (/^qos=[012]$/.test(word)) flags.qos = Number(word.slice(4)) as 0 | 1 | 2;
    else refuse(slice(span, index, index + word.length), 'no such flag of a message', { expected: messageForm });
  }
  return flags;
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

function millisecondsFrom(span: Span): number {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m)$/.exec(span.text);
  if (!match) return refuse(span, 'no length of time', { expected: 'a number and ms, s or m, such as `500ms`' });
  return Math.round(Number(match[1]) * units[match[2]!]!);
}
