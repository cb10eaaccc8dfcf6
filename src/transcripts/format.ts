/** Items → text, as a person would write them; `parseTranscript` reads it back to the same. */
import { type ByteString, utf8FromBytes, utf8ToBytes } from '../base/bytes.js';
import { escapesFromBytes, isPrintable } from './escapes.js';
import { formatFault } from './faults.js';
import { fields } from './items.js';
import { formatTarget } from './routes.js';
import type {
  HostItem,
  Item,
  Message,
  ModemItem,
  Piece,
  Transcript,
  TranscriptHeader,
  Verbatim,
} from './transcript.js';

export function formatTranscript({ header, items }: Pick<Transcript, 'header' | 'items'>): string {
  return [...formatHeader(header), '', ...items.map(formatItem), ''].join('\n');
}

export function formatHeader(header: TranscriptHeader): string[] {
  const lines: [string, string | undefined][] = [
    ['dialect', header.dialect],
    ['name', header.name],
    ['date', header.date === undefined ? undefined : new Date(header.date).toISOString()],
    ['given', header.given],
    ...header.settings.map(({ name, value }): [string, string] => ['set', `${name}=${value}`]),
    ...header.routes.map(({ pattern, target }): [string, string] => ['route', `${pattern}=${formatTarget(target)}`]),
    ...header.files.map(({ name, path }): [string, string] => ['file', `${name}=${path}`]),
    ...header.accessPoints.map(({ ssid, password }): [string, string] => [
      'ap',
      password === undefined ? ssid : `${ssid},${password}`,
    ]),
    ['sim', header.sim],
    ['power', header.power],
    ['echo', header.echo],
    ['end', header.end === undefined ? undefined : escapesFromBytes(header.end)],
    ['timing', header.timing],
    ['secrets', header.secrets],
    ['brokers', header.brokers?.join(', ')],
  ];
  return lines.filter(([, value]) => value !== undefined).map(([key, value]) => `${key}: ${value}`);
}

export function formatItem(item: Item): string {
  switch (item.kind) {
    case 'host':
    case 'modem':
      return `${item.channel === 1 ? '' : item.channel}${formatTalk(item)}`;
    case 'publish':
      return `b> ${formatMessage(item.message)}`;
    case 'delivery':
      return `b< ${formatMessage(item.message)}`;
    case 'peer-sends':
      return `${item.link ?? ''}p>${formatVerbatim(item.sends)}`;
    case 'peer-receives':
      return `${item.link ?? ''}p<${formatVerbatim(item.receives)}`;
    case 'peer-sees':
      return `${item.link ?? ''}p< ${item.event}`;
    case 'pause':
      return `~${item.isAnswering ? '<' : ''} ${formatMilliseconds(item.milliseconds)}`;
    case 'fault':
      return `! ${formatFault(item.fault)}`;
    case 'comment':
      return item.text === '' ? '#' : `# ${item.text}`;
  }
}

/**
 * What a modem wrote in one go, as lines a reader knows: `<` where CR LF stand on both sides, `<-` where only behind,
 * `<|` for the rest.
 */
export function modemItemsFrom(bytes: ByteString, channel = 1): ModemItem[] {
  const items: ModemItem[] = [];
  let at = 0;
  for (const match of bytes.matchAll(modemLine)) {
    if (match[3] === undefined || !isPlainLine(match[2]!)) continue;
    if (match.index > at) items.push(exactItem(bytes.slice(at, match.index), channel));
    const layout = match[1] === '' ? 'line' : 'framed';
    items.push({ kind: 'modem', line: 0, channel, sends: { layout, pieces: [{ bytes: match[2]! }] } });
    at = match.index + match[0].length;
  }
  if (at < bytes.length) items.push(exactItem(bytes.slice(at), channel));
  return items;
}

/** What no CR LF ends matches too, so that it is read once and not from each of its bytes again. */
const modemLine = /((?:\r\n)?)([^\r\n]+)(\r\n)?/g;

const exactItem = (bytes: ByteString, channel: number): ModemItem => ({
  kind: 'modem',
  line: 0,
  channel,
  sends: { layout: 'exact', bytes },
});

function formatTalk({ kind, sends }: HostItem | ModemItem): string {
  const marker = kind === 'host' ? '>' : '<';
  switch (sends.layout) {
    case 'exact':
    case 'file':
      return `${marker}${formatVerbatim(sends)}`;
    case 'line':
      return lineOf(kind === 'host' ? '>' : '<-', sends.pieces);
    case 'framed':
      return lineOf(marker, sends.pieces);
  }
}

function lineOf(marker: string, pieces: readonly Piece[]): string {
  const text = formatPieces(pieces);
  return text === '' ? marker : `${marker} ${text}`;
}

function formatVerbatim(sends: Verbatim): string {
  return sends.layout === 'file' ? `{ file ${sends.file} }` : `| ${escapesFromBytes(sends.bytes)}`;
}

function formatPieces(pieces: readonly Piece[]): string {
  return pieces.map(formatPiece).join('');
}

function formatPiece(piece: Piece): string {
  if ('bytes' in piece) return textOf(piece.bytes);
  return 'sizeOf' in piece ? `{size ${piece.sizeOf}}` : `{port ${piece.portOf}}`;
}

/** A line has no escapes, so only text can stand in one. Whoever makes items asks `isPlainLine` first. */
function textOf(bytes: ByteString): string {
  const text = utf8FromBytes(bytes);
  if (text === undefined || /[\r\n]/.test(text)) throw new Error('these bytes are no line: write them as `exact`');
  return text;
}

/** Can these bytes stand after `> ` or `< ` and be read back, also when an editor has cut blanks at the end? */
export function isPlainLine(bytes: ByteString): boolean {
  const text = utf8FromBytes(bytes);
  return text !== undefined && isPrintable(text) && !text.endsWith(' ') && text.search(fields) < 0;
}

function formatMessage({ topic, qos, retain, payload }: Message): string {
  const flags = `${qos === 0 ? '' : ` qos=${qos}`}${retain ? ' retain' : ''}`;
  return `${formatTopic(topic)}${flags} |${payload === '' ? '' : ` ${escapesFromBytes(payload)}`}`;
}

/** A blank would end the topic. */
const formatTopic = (topic: string) => escapesFromBytes(utf8ToBytes(topic)).replaceAll(' ', '\\x20');

function formatMilliseconds(milliseconds: number): string {
  if (milliseconds > 0 && milliseconds % 60_000 === 0) return `${milliseconds / 60_000}m`;
  if (milliseconds > 0 && milliseconds % 1000 === 0) return `${milliseconds / 1000}s`;
  return `${milliseconds}ms`;
}
