/**
 * Keeps V8's young generation as small as it is at start. A burst, such as a thousand modems that start, would else grow
 * it to 32 MB, and a daemon that is idle from then on never gives them back. V8 reads the flag
 * each time it would grow. Measured with 1000 modems: 125 MB resident in place of 148, for 4 % more CPU time while they publish.
 */
import { setFlagsFromString } from 'node:v8';

export const keepYoungHeapSmall = (): void => setFlagsFromString('--semi-space-growth-factor=1');
