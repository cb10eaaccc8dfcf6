/** Time in the page: the only file of it that reads a clock, sets a timer or asks for a frame. Milliseconds. */

/** Since 1970. */
export const wall = (): number => Date.now();

/** @returns what cancels it */
export function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

/** Again and again. @returns what ends it */
export function every(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms);
  return () => clearInterval(timer);
}

/** Before the browser paints next; a page that nobody sees waits. */
export const onFrame = (run: () => void): void => void requestAnimationFrame(run);
