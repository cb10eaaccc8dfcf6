import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { silentLog } from '../../../src/base/log.js';
import { createPort, type PortOptions, parsePort } from '../../../src/ports/open-port.js';
import { PacedPort } from '../../../src/ports/paced-port.js';
import { StrictBaudPort } from '../../../src/ports/strict-baud-port.js';

const create = (spec: string, options: Partial<PortOptions> = {}) =>
  createPort(parsePort(spec), { clock: new ManualClock(), log: silentLog, ...options });

describe('creating a port', () => {
  it.each(['pty', 'tcp:0', 'rfc2217:0', 'uart:/dev/ttyUSB0@9600,rtscts', 'unix:/run/at.sock', 'stdio'])(
    '%s gives a port that keeps its spec, however it is wrapped',
    async spec => {
      for (const options of [{}, { paced: true, strictBaud: true }]) {
        const port = await create(spec, options);
        expect(port.spec).toBe(spec);
        expect(port.isAttached).toBe(false);
      }
    },
  );

  it('puts around it what the operator wants', async () => {
    expect(await create('tcp:0', { paced: true })).toBeInstanceOf(PacedPort);
    expect(await create('tcp:0', { strictBaud: true })).toBeInstanceOf(StrictBaudPort);
    const plain = await create('tcp:0');
    expect(plain).not.toBeInstanceOf(PacedPort);
    expect(plain).not.toBeInstanceOf(StrictBaudPort);
  });

  it('leaves a real line to itself', async () => {
    const port = await create('uart:/dev/ttyUSB0', { paced: true, strictBaud: true });
    expect(port).not.toBeInstanceOf(PacedPort);
    expect(port).not.toBeInstanceOf(StrictBaudPort);
  });
});
