import { describe, expect, it } from 'vitest';
import { parsePort } from '../../../src/ports/port-spec.js';

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
    ['rfc2217:2217', { kind: 'rfc2217', host: '127.0.0.1', port: 2217 }],
    ['rfc2217:[::1]:0', { kind: 'rfc2217', host: '::1', port: 0 }],
    ['uart:/dev/ttyUSB0', { kind: 'uart', device: '/dev/ttyUSB0' }],
    ['uart:/dev/ttyUSB0@9600', { kind: 'uart', device: '/dev/ttyUSB0', baud: 9600 }],
    ['uart:/dev/bus@1/ttyUSB0', { kind: 'uart', device: '/dev/bus@1/ttyUSB0' }],
    ['uart:COM3@115200', { kind: 'uart', device: 'COM3', baud: 115200 }],
    ['uart:/dev/ttyUSB0,rtscts', { kind: 'uart', device: '/dev/ttyUSB0', flow: ['rtscts'] }],
    ['uart:/dev/ttyUSB0@9600,xonxoff', { kind: 'uart', device: '/dev/ttyUSB0', baud: 9600, flow: ['xonxoff'] }],
    ['unix:/run/at.sock', { kind: 'unix', path: '/run/at.sock' }],
    ['stdio', { kind: 'stdio' }],
  ])('%s', (spec, meaning) => {
    expect(parsePort(spec)).toEqual({ spec, ...meaning });
  });

  it.each([
    ['ptty', 'did you mean `pty`?'],
    ['tc:2323', 'did you mean `tcp`?'],
    ['serial:/dev/ttyS0', 'uart:DEVICE[@BAUD]'],
    ['rfc2218:2217', 'did you mean `rfc2217`?'],
    ['/run/at.sock', 'did you mean `unix:/run/at.sock`?'],
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
    ['rfc2217', 'rfc2217:[HOST:]PORT'],
    ['rfc2217:::1:2217', 'rfc2217:[::1]:2323'],
    ['rfc2217:host', 'PORT is a number'],
    ['uart', 'uart:DEVICE[@BAUD][,rtscts]'],
    ['uart:,rtscts', 'uart:DEVICE[@BAUD][,rtscts]'],
    ['uart:/dev/ttyUSB0,rtsct', 'did you mean `rtscts`?'],
    ['uart:/dev/ttyUSB0@9600,8N1', 'flow control is rtscts or xonxoff'],
    ['uart:/dev/ttyUSB0,', 'flow control is rtscts or xonxoff'],
    ['uart:/dev/ttyUSB0@fast', 'BAUD is a number'],
    ['uart:/dev/ttyUSB0@', 'BAUD is a number'],
    ['unix:', 'unix:PATH'],
    ['unix', 'unix:PATH'],
    [`unix:/${'x'.repeat(107)}`, "PATH has 108 bytes, and a socket's name at most 107"],
    [`unix:/${'é'.repeat(54)}`, 'PATH has 109 bytes'],
    ['stdio:1', 'expected: stdio'],
  ])('%s is refused with: %s', (spec, said) => {
    expect(() => parsePort(spec)).toThrow(said);
    expect(() => parsePort(spec)).toThrow(expect.objectContaining({ code: 'usage', exitCode: 2 }));
  });
});
