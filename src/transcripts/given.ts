/**
 * A transcript and what stands under its `given:`, as one play: the dialogues in order and one header for all of them.
 * Pure: the caller reads the files.
 */
import { OperatorError } from '../base/errors.js';
import type { Route, Transcript, TranscriptHeader } from './transcript.js';

export interface Play {
  /** What the whole play needs; the last transcript's word holds over those before it. */
  header: PlayHeader;
  /** In playing order; the last is the one that was asked for. */
  parts: readonly Transcript[];
  /** How many ports the dialogue uses. */
  channels: number;
  /** Does the dialogue inject faults? */
  isFaulty: boolean;
}

export type PlayHeader = Omit<TranscriptHeader, 'given' | 'dialect'> & { dialect: string };

const everythingToBroker: Route = { pattern: '*', target: { kind: 'endpoint', name: 'broker' } };

/** @param load the transcript of that name; throws an OperatorError where there is none */
export function playOf(transcript: Transcript, load: (name: string) => Transcript): Play {
  const parts = [transcript];
  for (let first = transcript; first.header.given !== undefined; ) {
    first = load(first.header.given);
    if (parts.some(part => part.file === first.file)) refuseCircle(transcript, first);
    parts.unshift(first);
  }
  const items = parts.flatMap(part => part.items);
  return {
    header: headerOf(parts),
    parts,
    channels: Math.max(...items.map(channelOf)),
    isFaulty: items.some(item => item.kind === 'fault' && item.fault.kind === 'injected'),
  };
}

function channelOf(item: Transcript['items'][number]): number {
  if (item.kind === 'host' || item.kind === 'modem') return item.channel;
  return item.kind === 'fault' && item.fault.kind === 'dte' ? item.fault.channel : 1;
}

function headerOf(parts: readonly Transcript[]): PlayHeader {
  const { given: _, ...header } = parts.map(part => part.header).reduce(inherit);
  const routes = header.routes.length > 0 ? header.routes : [everythingToBroker];
  return { ...header, routes, dialect: header.dialect ?? '' };
}

/** Single values: the later transcript's. Lists: the later one's entries, and the earlier ones' of other names. */
function inherit(earlier: TranscriptHeader, later: TranscriptHeader): TranscriptHeader {
  return {
    ...earlier,
    ...later,
    settings: merge(earlier.settings, later.settings, setting => setting.name),
    routes: merge(earlier.routes, later.routes, route => route.pattern),
    files: merge(earlier.files, later.files, file => file.name),
    accessPoints: merge(earlier.accessPoints, later.accessPoints, point => point.ssid),
  };
}

function merge<Entry>(earlier: readonly Entry[], later: readonly Entry[], name: (entry: Entry) => string): Entry[] {
  const replaced = new Set(later.map(name));
  return [...later, ...earlier.filter(entry => !replaced.has(name(entry)))];
}

function refuseCircle(transcript: Transcript, repeated: Transcript): never {
  throw new OperatorError('transcript', 'the `given:` of this transcript leads back to itself', {
    place: { file: transcript.file, line: 1 },
    found: repeated.file,
    expected: 'a chain of transcripts that ends',
  });
}
