import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryPort } from '../../../src/ports/memory.js';
import { maximumQueued } from '../../../src/ports/port.js';
import { Recorder } from './recorder.js';

async function opened(options = {}) {
  const port = new MemoryPort(options);
  const modem = new Recorder();
  await port.open(modem);
  return { port, modem };
}

describe('the memory port', () => {
  it('tells of a DTE before its bytes, and of its leaving after them', async () => {
    const { port, modem } = await opened();
    port.attach();
    port.hostWrite('AT\r');
    port.hostSpeed(9600);
    port.detach();
    expect(modem.log).toEqual(['attached', 'bytes AT\r', 'speed 9600', 'detached']);
  });

  it('keeps the boundaries of writes', async () => {
    const { port } = await opened();
    const seen: string[] = [];
    port.onOutput.on(text => seen.push(text));
    port.attach();
    port.write(Buffer.from('\r\nOK\r\n'));
    port.write(Buffer.from([0xff, 0x00]));
    expect(port.writes).toEqual(['\r\nOK\r\n', '\xff\x00']);
    expect(seen).toEqual(port.writes);
    expect(port.delivered).toBe(8);
    expect(port.take()).toBe('\r\nOK\r\n\xff\x00');
    expect(port.output).toBe('');
    expect(port.writes).toEqual([]);
  });

  it('drops and counts what nobody is there to read', async () => {
    const { port } = await opened();
    port.write(Buffer.from('boot'));
    port.attach();
    port.detach();
    port.write(Buffer.from('late'));
    expect(port.output).toBe('');
    expect(port.dropped).toBe(8);
  });

  it('queues for a DTE that does not read, and says when it is through', async () => {
    const { port, modem } = await opened();
    port.attach();
    port.stall();
    port.write(Buffer.from('one'));
    port.write(Buffer.from('two'));
    expect([port.queued, port.delivered, port.output]).toEqual([6, 0, '']);
    port.resume();
    expect([port.queued, port.delivered]).toEqual([0, 6]);
    expect(port.writes).toEqual(['one', 'two']);
    expect(modem.log).toEqual(['attached', 'drained']);
  });

  it('forgets on discard, and drops the queue with the DTE', async () => {
    const { port, modem } = await opened();
    port.attach();
    port.stall();
    port.write(Buffer.from('old'));
    port.discard();
    port.write(Buffer.from('gone'));
    port.detach();
    port.attach();
    port.resume();
    expect(port.output).toBe('');
    expect(port.dropped).toBe(4);
    expect(modem.count('drained')).toBe(0);
  });

  it('holds no more than the bound of every port', async () => {
    const { port } = await opened();
    port.attach();
    port.stall();
    const megabyte = Buffer.alloc(1024 * 1024);
    for (let i = 0; i < 6; i++) port.write(megabyte);
    expect(port.queued).toBe(maximumQueued);
    expect(port.dropped).toBe(2 * megabyte.length);
  });

  it('cuts at given offsets and at the chunk limit', async () => {
    const { port, modem } = await opened({ chunkLimit: 3 });
    port.attach();
    port.hostWrite('ABCDEFGH', [1, 5]);
    expect(modem.log.slice(1)).toEqual(['bytes A', 'bytes BCD', 'bytes E', 'bytes FGH']);
  });

  it('loses no byte however it cuts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 64 }),
        fc.integer({ min: 1, max: 70 }),
        fc.array(fc.nat(64)),
        async (bytes, chunkLimit, splits) => {
          const { port, modem } = await opened({ chunkLimit });
          port.attach();
          const splitAt = splits.filter(at => at <= bytes.length).sort((a, b) => a - b);
          port.hostWrite(Buffer.from(bytes), splitAt);
          expect(Buffer.from(modem.received, 'latin1')).toEqual(Buffer.from(bytes));
          expect(modem.log.every(entry => entry.length <= 'bytes '.length + Math.max(chunkLimit, 2))).toBe(true);
        },
      ),
    );
  });

  it('gives no more bytes once the modem closed it', async () => {
    const { port, modem } = await opened({ chunkLimit: 1 });
    modem.onBytes = () => void port.close();
    port.attach();
    port.hostWrite('AT\r');
    expect(modem.received).toBe('A');
    await port.close();
    expect(() => port.hostWrite('AT\r')).toThrow('closed');
  });

  it('refuses what no test can mean', async () => {
    const { port } = await opened();
    expect(() => port.hostWrite('AT\r')).toThrow('no DTE');
    expect(() => port.detach()).toThrow('no DTE');
    port.attach();
    expect(() => port.attach()).toThrow('attached');
    await expect(port.open(new Recorder())).rejects.toThrow('opened before');
  });
});
