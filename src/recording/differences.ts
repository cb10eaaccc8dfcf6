/**
 * Two answers to the same words of a host, line by line: where they differ, and whether in a value or in what they say. Pure:
 * recording against a real module and replaying at one compare with this alike.
 */
import type { ByteString } from '../base/bytes.js';
import { formatItem, modemItemsFrom } from '../transcripts/format.js';
import type { DeliveryItem, Item, Message, ModemItem } from '../transcripts/transcript.js';
import { wordsOf } from '../transcripts/wire.js';
import { shapeOf } from './shapes.js';

export type Difference =
  /** The same line with another value, or another line. */
  | { kind: 'value' | 'shape'; expected: Item; actual: Item }
  | { kind: 'missing'; expected: Item }
  | { kind: 'extra'; actual: Item };

/** In the order of the lines. */
export function differencesOf(expected: ByteString, actual: ByteString): Difference[] {
  if (expected === actual) return [];
  const [left, right] = [linesOf(expected), linesOf(actual)];
  const found: Difference[] = [];
  let [i, j] = [0, 0];
  for (const [nextLeft, nextRight] of [...commonShapes(left, right), [left.length, right.length] as const]) {
    found.push(...unlikeRun(left.slice(i, nextLeft), right.slice(j, nextRight)));
    const [one, other] = [left[nextLeft], right[nextRight]];
    if (one && other && one.text !== other.text) found.push({ kind: 'value', expected: one.item, actual: other.item });
    [i, j] = [nextLeft + 1, nextRight + 1];
  }
  return found;
}

/** Lines that have nothing in common, in pairs from the end: a final result stands against a final result. */
function unlikeRun(left: readonly Line[], right: readonly Line[]): Difference[] {
  const length = Math.max(left.length, right.length);
  return Array.from({ length }, (_, n) =>
    unlike(left[n - length + left.length]?.item, right[n - length + right.length]?.item),
  );
}

/** Does every line that is expected stand there, whatever its values? */
export const isWhole = (expected: ByteString, actual: ByteString): boolean =>
  differencesOf(expected, actual).every(({ kind }) => kind === 'value' || kind === 'extra');

/** Of what a broker got, message by message. */
export function messageDifferences(expected: readonly Message[], actual: readonly Message[]): Difference[] {
  const [left, right] = [expected.map(delivery), actual.map(delivery)];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => i)
    .filter(i => left[i] === undefined || right[i] === undefined || formatItem(left[i]) !== formatItem(right[i]))
    .map(i => unlike(left[i], right[i]));
}

const delivery = (message: Message): DeliveryItem => ({ kind: 'delivery', line: 0, message });

interface Line {
  item: ModemItem;
  text: ByteString;
  /** With its layout: a line without its CR LF is another. */
  shape: string;
}

function linesOf(bytes: ByteString): Line[] {
  return modemItemsFrom(bytes).map(item => {
    const text = wordsOf(item);
    return { item, text, shape: `${item.sends.layout} ${shapeOf(text)}` };
  });
}

function unlike(expected: Item | undefined, actual: Item | undefined): Difference {
  if (expected && actual) return { kind: 'shape', expected, actual };
  return expected ? { kind: 'missing', expected } : { kind: 'extra', actual: actual! };
}

/** Answers longer than this, in lines, are compared from their ends alone: the table below grows with the square. */
const longestTable = 1000;

/** Places of a longest common subsequence of shapes, in order. */
function commonShapes(left: readonly Line[], right: readonly Line[]): (readonly [number, number])[] {
  const isAlike = (i: number, j: number) => left[i]?.shape === right[j]?.shape;
  let start = 0;
  while (start < Math.min(left.length, right.length) && isAlike(start, start)) start++;
  let behind = 0;
  const room = Math.min(left.length, right.length) - start;
  while (behind < room && isAlike(left.length - 1 - behind, right.length - 1 - behind)) behind++;
  const pairs = (count: number, i: number, j: number) =>
    Array.from({ length: count }, (_, n) => [i + n, j + n] as const);
  const middle = { left: left.slice(start, left.length - behind), right: right.slice(start, right.length - behind) };
  return [
    ...pairs(start, 0, 0),
    ...longestCommon(middle.left, middle.right).map(([i, j]) => [start + i, start + j] as const),
    ...pairs(behind, left.length - behind, right.length - behind),
  ];
}

function longestCommon(left: readonly Line[], right: readonly Line[]): (readonly [number, number])[] {
  if (left.length === 0 || right.length === 0 || Math.max(left.length, right.length) > longestTable) return [];
  const width = right.length + 1;
  /** Length of the longest common subsequence of what begins at i and j. */
  const lengths = new Uint16Array((left.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j]!;
  for (let i = left.length - 1; i >= 0; i--)
    for (let j = right.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        left[i]!.shape === right[j]!.shape ? 1 + at(i + 1, j + 1) : Math.max(at(i + 1, j), at(i, j + 1));
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    if (left[i]!.shape === right[j]!.shape) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}
