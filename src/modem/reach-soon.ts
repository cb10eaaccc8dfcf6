/** May a link be dialled now? */
import type { Reach } from '../network/reach.js';
import type { Modem } from './modem.js';

/** In `timing: instant` the network is there some turns after power-on: a host that dials sooner waits that long. */
export async function reachSoon({ surroundings, timing, clock }: Modem): Promise<Reach> {
  const patience = timing === 'instant' ? 16 : 0;
  for (let turn = 0; turn < patience && !surroundings.isOnline; turn++) {
    await new Promise<void>(resolve => clock.soon(resolve));
  }
  return surroundings.reach;
}
