/** A transcript from the host's end: what is done, and what the modem then says. Pure. */
import type { ByteString } from '../base/bytes.js';
import type { FaultItem, HostItem, Item, PublishItem } from '../transcripts/transcript.js';
import { type FileContent, modemBytes } from '../transcripts/wire.js';

export interface Exchange {
  /** Absent: what the modem says before anything is done. */
  cause: HostItem | PublishItem | FaultItem | undefined;
  /** Ms that pass before it. */
  pause: number;
  answer: ByteString;
  /** Ms that pass in the answer, pauses before its lines. */
  answerTime: number;
}

/** Of the first port. Peers, and what the broker delivers, are no part of it. */
export function exchangesOf(items: readonly Item[], content: FileContent): Exchange[] {
  const exchanges: Exchange[] = [{ cause: undefined, pause: 0, answer: '', answerTime: 0 }];
  let pause = 0;
  for (const item of items) {
    const last = exchanges.at(-1)!;
    if (item.kind === 'pause') pause += item.milliseconds;
    else if (item.kind === 'modem' && item.channel === 1) {
      last.answer += modemBytes(item, content);
      last.answerTime += pause;
      pause = 0;
    } else if (isCause(item)) {
      exchanges.push({ cause: item, pause, answer: '', answerTime: 0 });
      pause = 0;
    }
  }
  return exchanges;
}

const isCause = (item: Item): item is HostItem | PublishItem | FaultItem =>
  (item.kind === 'host' && item.channel === 1) || item.kind === 'publish' || item.kind === 'fault';
