/** Instants and the times between them, as the dialogue shows them. Pure. */

/** `14:03:07.042`, in the zone of who looks. */
export function clockText(at: number): string {
  const date = new Date(at);
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()].map(part =>
    padded(part, 2),
  );
  return `${hours}:${minutes}:${seconds}.${padded(date.getMilliseconds(), 3)}`;
}

/** `+0.012 s`, `+4 min 07 s`; a clock that was set back gives `-`. */
export function betweenText(ms: number): string {
  const sign = ms < 0 ? '-' : '+';
  const size = Math.abs(ms);
  if (size < 60_000) return `${sign}${(size / 1000).toFixed(3)} s`;
  const seconds = Math.floor(size / 1000);
  if (seconds < 3600) return `${sign}${Math.floor(seconds / 60)} min ${padded(seconds % 60, 2)} s`;
  return `${sign}${Math.floor(seconds / 3600)} h ${padded(Math.floor(seconds / 60) % 60, 2)} min`;
}

const padded = (value: number, width: number): string => String(value).padStart(width, '0');
