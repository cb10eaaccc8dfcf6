/** What a failed replay tells: the dialogue up to the line, what was expected there and what came. */
import { visible } from '../../src/base/bytes.js';
import { formatItem } from '../../src/transcripts/format.js';
import type { Item, Message } from '../../src/transcripts/transcript.js';

/** An item as it was played, and the transcript it stands in. */
export interface PlayedItem {
  file: string;
  item: Item;
}

export interface Difference {
  summary: string;
  expected: string;
  actual: string;
}

const shown = 40;

export class ReplayFailure extends Error {
  override readonly name = 'ReplayFailure';

  /** @param played every item up to the one that failed */
  constructor(
    readonly played: readonly PlayedItem[],
    readonly difference: Difference,
    circumstances: string,
  ) {
    super(describe(played, difference, circumstances));
    this.stack = `${this.name}: ${this.message}`; // the place is in the transcript; frames of the player say nothing
  }
}

function describe(played: readonly PlayedItem[], { summary, expected, actual }: Difference, circumstances: string) {
  const last = played.at(-1);
  const place = last === undefined ? '' : `${last.file}:${last.item.line}: `;
  return [
    `${place}${summary} (${circumstances})`,
    '',
    ...dialogue(played.slice(-shown)),
    '',
    `  expected: ${expected}`,
    `  actual:   ${actual}`,
  ].join('\n');
}

function dialogue(played: readonly PlayedItem[]): string[] {
  return played.flatMap(({ file, item }, index) => {
    const line = `${String(item.line).padStart(6)}  ${formatItem(item)}`;
    return file === played[index - 1]?.file ? [line] : [`  ${file}`, line];
  });
}

export const bytesOrNothing = (bytes: string): string => (bytes === '' ? 'nothing' : visible(bytes));

export const messageOrNothing = (message: Message | undefined): string =>
  message === undefined ? 'no message' : formatItem({ kind: 'delivery', line: 0, message });
