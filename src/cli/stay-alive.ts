/** Timers of the house keep no process alive, and a modem in memory has nothing else that would. */

const longest = 0x7fff_ffff;

/** Until the work is done, the process waits for it. */
export async function stayAlive<Result>(work: () => Promise<Result>): Promise<Result> {
  const alive = setInterval(() => {}, longest);
  try {
    return await work();
  } finally {
    clearInterval(alive);
  }
}
