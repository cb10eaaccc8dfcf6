/** Middle and tail of samples; and how figures are written. */

/** @param share 0.5 for the median */
export function quantile(samples: ArrayLike<number>, share: number): number {
  if (samples.length === 0) throw new RangeError('no samples');
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

export const median = (samples: ArrayLike<number>): number => quantile(samples, 0.5);

/** @param milliseconds printed as µs below 1 ms */
export function time(milliseconds: number): string {
  if (milliseconds < 1) return `${(milliseconds * 1000).toFixed(1)} µs`;
  return milliseconds < 100 ? `${milliseconds.toFixed(2)} ms` : `${Math.round(milliseconds)} ms`;
}

export const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
