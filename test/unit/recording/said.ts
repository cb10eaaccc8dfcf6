/** What was said at a port, for tests: whose turn it was, and the bytes. */
import type { Masks } from '../../../src/recording/masks.js';
import { Recorder } from '../../../src/recording/recorder.js';
import { Recording } from '../../../src/recording/recording.js';
import { Transcriber } from '../../../src/recording/transcriber.js';
import type { Item } from '../../../src/transcripts/transcript.js';

/** `>` the host, `<` the modem. */
export type Said = [side: '>' | '<', bytes: string];
/** With the time in ms. */
export type SaidAt = [at: number, ...Said];

function tell(recorder: Recorder, said: readonly SaidAt[]): void {
  for (const [at, side, bytes] of said) recorder[side === '>' ? 'host' : 'modem'](bytes, at);
}

export function itemsOf(said: readonly SaidAt[], masks?: Masks): Item[] {
  const items: Item[] = [];
  const recorder: Recorder = new Recorder(
    new Transcriber({ masks, lineEnd: () => recorder.lineEnd, add: item => items.push(item) }),
  );
  tell(recorder, said);
  recorder.flush();
  return items;
}

export function textOf(said: readonly SaidAt[], limit?: number): string {
  let text = '';
  const recording = new Recording({
    masks: undefined,
    remarks: [],
    header: () => ({ dialect: 'x', settings: [], routes: [], files: [], accessPoints: [] }),
    write: line => {
      text += `${line}\n`;
    },
    limit,
  });
  tell(recording.recorder, said);
  recording.end();
  return text;
}
