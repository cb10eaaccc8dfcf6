import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import { OperatorError } from '../../../src/base/errors.js';
import { silentLog } from '../../../src/base/log.js';
import { createPort, parsePort } from '../../../src/ports/open-port.js';

describe('a port spec', () => {
  it.each([
    ['pty', { kind: 'pty' }],
    ['pty:ttyAT0', { kind: 'pty', link: 'ttyAT0' }],
    ['pty:/tmp/ttyAT0', { kind: 'pty', link: '/tmp/ttyAT0' }],
    ['tcp:2323', { kind: 'tcp', host: '127.0.0.1', port: 2323 }],
    ['tcp:0', { kind: 'tcp', host: '127.0.0.1', port: 0 }],
    ['tcp:0.0.0.0:2323', { kind: 'tcp', host: '0.0.0.0', port: 2323 }],
    ['tcp:rig.local:65535', { kind: 'tcp', host: 'rig.local', port: 65535 }],
    ['tcp:[::1]:2323', { kind: 'tcp', host: '::1', port: 2323 }],
    ['uart:/dev/ttyUSB0', { kind: 'uart', device: '/dev/ttyUSB0' }],
    ['uart:/dev/ttyUSB0@9600', { kind: 'uart', device: '/dev/ttyUSB0', baud: 9600 }],
    ['uart:/dev/bus@1/ttyUSB0', { kind: 'uart', device: '/dev/bus@1/ttyUSB0' }],
    ['uart:COM3@115200', { kind: 'uart', device: 'COM3', baud: 115200 }],
    ['unix:/run/at.sock', { kind: 'unix', path: '/run/at.sock' }],
    ['stdio', { kind: 'stdio' }],
  ])('%s', (spec, meaning) => {
    expect(parsePort(spec)).toEqual({ spec, ...meaning });
  });

  it.each([
    ['ptty', 'did you mean `pty`?'],
    ['tc:2323', 'did you mean `tcp`?'],
    ['serial:/dev/ttyS0', 'uart:DEVICE[@BAUD]'],
    ['/dev/ttyUSB0', 'did you mean `uart:/dev/ttyUSB0`?'],
    ['COM3', 'did you mean `uart:COM3`?'],
    ['/tmp/ttyAT0', 'did you mean `pty:/tmp/ttyAT0`?'],
    ['2323', 'did you mean `tcp:2323`?'],
    ['', 'an empty port'],
    ['pty:', 'leave the colon out'],
    ['pty:a/b', 'absolute path'],
    ['pty:..', 'absolute path'],
    ['tcp', 'tcp:[HOST:]PORT'],
    ['tcp:', 'PORT is a number'],
    ['tcp::2323', 'PORT is a number'],
    ['tcp:::1:2323', 'in brackets'],
    ['tcp:host:http', 'PORT is a number'],
    ['tcp:65536', '65535'],
    ['uart', 'uart:DEVICE[@BAUD]'],
    ['uart:/dev/ttyUSB0@fast', 'BAUD is a number'],
    ['uart:/dev/ttyUSB0@', 'BAUD is a number'],
    ['unix:', 'unix:PATH'],
    ['stdio:1', 'expected: stdio'],
  ])('%s is refused with: %s', (spec, said) => {
    expect(() => parsePort(spec)).toThrow(said);
    expect(() => parsePort(spec)).toThrow(expect.objectContaining({ code: 'usage', exitCode: 2 }));
  });
});

describe('creating a port', () => {
  const options = { clock: systemClock, log: silentLog };

  it.each(['pty', 'tcp:0'])('%s gives a port that keeps its spec', async spec => {
    const port = await createPort(parsePort(spec), options);
    expect(port.spec).toBe(spec);
    expect(port.isAttached).toBe(false);
  });

  it.each(['uart:/dev/ttyUSB0', 'unix:/run/at.sock', 'stdio'])('%s is known, and not in this version', async spec => {
    const refusal = createPort(parsePort(spec), options);
    await expect(refusal).rejects.toBeInstanceOf(OperatorError);
    await expect(refusal).rejects.toThrow('not in this version');
  });
});
