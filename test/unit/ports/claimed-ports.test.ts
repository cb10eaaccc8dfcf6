import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ClaimedPorts } from '../../../src/ports/claimed-ports.js';
import { parsePort } from '../../../src/ports/port-spec.js';
import { temporaryFolder } from '../store/temporary.js';

function claim(...specs: string[]): void {
  const ports = new ClaimedPorts();
  for (const [i, spec] of specs.entries()) ports.claim(`modem-${i + 1}`, parsePort(spec));
}

describe('two modems', () => {
  it.each([
    ['tcp:2323', 'tcp:127.0.0.1:2323'],
    ['tcp:2323', 'rfc2217:2323'],
    ['pty:ttyAT0', 'pty:ttyAT0'],
    ['pty:/tmp/ttyAT0', 'pty:/tmp/ttyAT0'],
    ['unix:/tmp/at.sock', 'unix:/tmp/../tmp/at.sock'],
    ['uart:/dev/ttyNOWHERE', 'uart:/dev/ttyNOWHERE@9600,rtscts'],
    ['stdio', 'stdio'],
  ])('cannot have %s and %s', (first, second) => {
    expect(() => claim(first, second)).toThrow('`modem-1` and `modem-2` are on one port');
    expect(() => claim(first, second)).toThrow(expect.objectContaining({ code: 'config', exitCode: 2 }));
  });

  it.each([
    ['pty', 'pty'],
    ['tcp:0', 'tcp:0'],
    ['tcp:2323', 'tcp:2324'],
    ['tcp:127.0.0.1:2323', 'tcp:127.0.0.2:2323'],
    ['pty:ttyAT0', 'pty:ttyAT1'],
    ['uart:/dev/ttyUSB0', 'uart:/dev/ttyUSB1'],
  ])('can have %s and %s', (first, second) => {
    expect(() => claim(first, second)).not.toThrow();
  });

  it('cannot have one device by two names', async () => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, 'ttyUSB0'), '');
    symlinkSync(join(folder, 'ttyUSB0'), join(folder, 'by-id'));
    expect(() => claim(`uart:${join(folder, 'ttyUSB0')}`, `uart:${join(folder, 'by-id')}`)).toThrow('on one port');
  });
});

it('one modem cannot have a port twice', () => {
  const ports = new ClaimedPorts();
  ports.claim('gate', parsePort('tcp:2323'));
  expect(() => ports.claim('gate', parsePort('tcp:2323'))).toThrow('`gate` has one port twice');
});
