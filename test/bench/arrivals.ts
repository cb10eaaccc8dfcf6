/** When bytes arrived, by the clock that all processes of a machine share, against when a line would have let them pass. */

export interface Arrival {
  /** `instant()` */
  at: number;
  count: number;
}

/** Milliseconds on CLOCK_MONOTONIC. */
export const instant = (): number => Number(process.hrtime.bigint()) / 1e6;

export interface Punctuality {
  /** Milliseconds after its time, byte by byte; negative is too early. */
  late: readonly number[];
  /** Of the whole, against the time that it should take: 0.01 is one percent. */
  error: number;
}

/** @param byteTime milliseconds */
export function punctuality(arrivals: readonly Arrival[], start: number, byteTime: number): Punctuality {
  const late: number[] = [];
  for (const { at, count } of arrivals) {
    for (let i = 0; i < count; i++) late.push(at - (start + (late.length + 1) * byteTime));
  }
  return { late, error: late.at(-1)! / (late.length * byteTime) };
}
