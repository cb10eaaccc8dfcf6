/** A modem as the list has it. */
import type { ModemSummary } from '../../../src/control/messages.js';

export const summary = (name: string, change: Partial<ModemSummary> = {}): ModemSummary => ({
  name,
  dialect: 'luat',
  power: 'on',
  port: `/dev/pts/${name.length}`,
  attached: false,
  bearer: 'cellular',
  online: true,
  network: 'home',
  dbm: -51,
  mqtt: 0,
  links: 0,
  faults: 0,
  lines: 0,
  ...change,
});
