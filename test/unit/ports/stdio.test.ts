import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import { silentLog } from '../../../src/base/log.js';
import { StdioPort } from '../../../src/ports/stdio.js';
import { Recorder } from './recorder.js';

async function opened() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const port = new StdioPort({ clock: systemClock, log: silentLog, input, output });
  const modem = new Recorder();
  await port.open(modem);
  return { port, modem, input, output };
}

describe('the port of the standard streams', () => {
  it('has its host from the first, whose bytes come after it', async () => {
    const { modem, input, port } = await opened();
    input.write('AT\r');
    expect(modem.log).toEqual([]);
    await modem.untilLogged('bytes AT\r');
    expect(modem.log).toEqual(['attached', 'bytes AT\r']);
    expect(port.isAttached).toBe(true);
  });

  it('writes bytes as they are, and tells when they are gone', async () => {
    const { modem, output, port } = await opened();
    port.write(Buffer.from('\r\nOK\r\n\xff', 'latin1'));
    expect(port.queued).toBe(7);
    await modem.untilLogged('drained');
    expect(output.read().toString('latin1')).toBe('\r\nOK\r\n\xff');
    expect(port.delivered).toBe(7);
  });

  it('loses its host when stdin ends, who still hears what was asked before', async () => {
    const { modem, input, output, port } = await opened();
    input.end('AT\r');
    await modem.untilLogged('detached');
    expect(modem.log).toEqual(['attached', 'bytes AT\r', 'detached']);
    port.write(Buffer.from('OK'));
    expect(output.read().toString()).toBe('OK');
  });

  it('loses its host when nobody reads stdout any more', async () => {
    const { modem, output, port } = await opened();
    await modem.untilLogged('attached');
    output.destroy(new Error('EPIPE'));
    await modem.untilLogged('detached');
    port.write(Buffer.from('boot'));
    expect(port.dropped).toBe(4);
  });

  it('leaves what stdin holds unread while it is held', async () => {
    const { modem, input, port } = await opened();
    port.hold(true);
    await modem.untilLogged('attached');
    input.write('AT\r');
    await new Promise<void>(resolve => systemClock.soon(resolve));
    expect(modem.received).toBe('');
    port.hold(false);
    await modem.untilLogged('bytes AT\r');
  });

  it('hears and says nothing once it is closed', async () => {
    const { modem, input, port } = await opened();
    await modem.untilLogged('attached');
    await Promise.all([port.close(), port.close()]);
    input.write('AT\r');
    port.write(Buffer.from('boot'));
    await new Promise<void>(resolve => systemClock.soon(resolve));
    expect(modem.log).toEqual(['attached']);
    expect(port.dropped).toBe(4);
  });
});
