/** Every operation of the core that this version runs; src/grammar/vocabulary.ts says what each takes and gives. */
import type { RunOperation } from '../operation.js';
import { cellularOperations } from './cellular.js';
import { fileOperations } from './files.js';
import { mqttOperations } from './mqtt.js';
import { socketOperations } from './sockets.js';
import { systemOperations } from './system.js';
import { wifiOperations } from './wifi.js';

export const operations: ReadonlyMap<string, RunOperation> = new Map(
  Object.entries({
    ...mqttOperations,
    ...socketOperations,
    ...fileOperations,
    ...cellularOperations,
    ...wifiOperations,
    ...systemOperations,
  }),
);
