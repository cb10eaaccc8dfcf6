/** Ranges of whole numbers: `0..2`, `1..`, `0|1|4`, `0..5|34|88`. Pure. */

/** Both ends included; `undefined` is open. */
export type Span = { from: number; to: number | undefined };

/** Undefined where the text is no range. */
export function parseSpans(text: string): Span[] | undefined {
  const spans = text.split('|').map(parseSpan);
  return spans.every(span => span !== undefined) ? spans : undefined;
}

function parseSpan(text: string): Span | undefined {
  const match = /^(-?\d+)(\.\.(-?\d+)?)?$/.exec(text.trim());
  if (!match) return undefined;
  const [, first, dots, last] = match;
  const from = Number(first);
  const to = dots === undefined ? from : last === undefined ? undefined : Number(last);
  return to !== undefined && to < from ? undefined : { from, to };
}

export const inSpan = (n: number, { from, to }: Span): boolean => n >= from && (to === undefined || n <= to);

export const inSpans = (n: number, spans: readonly Span[]): boolean => spans.some(span => inSpan(n, span));
