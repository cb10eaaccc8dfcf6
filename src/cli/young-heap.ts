/**
 * Keeps V8's young generation as small as it is at start. A burst, such as a thousand modems that start, would else grow
 * it to 32 MB, and a daemon that is idle from then on never gives them back. Read by V8 each time it would grow; what it
 * costs in time is below what can be measured (docs/performance.md).
 */
import { setFlagsFromString } from 'node:v8';

export const keepYoungHeapSmall = (): void => setFlagsFromString('--semi-space-growth-factor=1');
