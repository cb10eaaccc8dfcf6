/** Between a host's port and the line to a module: bytes as they are, at once, and neither side runs over. */
import { expect, test } from 'vitest';
import { fromBuffer, toBuffer } from '../../../src/base/bytes.js';
import { ManualClock } from '../../../src/base/clock.js';
import { MemoryPort } from '../../../src/ports/memory.js';
import type { LineEvents, ModuleLine } from '../../../src/recording/module-line.js';
import { RecordedPort } from '../../../src/recording/recorded-port.js';
import { Recording } from '../../../src/recording/recording.js';
import { Relay } from '../../../src/recording/relay.js';

class FakeLine implements ModuleLine {
  readonly name = 'module';
  written = '';
  /** Takes no more than it has. */
  isFull = false;
  isHeld = false;
  isOpen = true;
  events: LineEvents | undefined;

  readonly open = async (events: LineEvents): Promise<ModuleLine> => {
    this.events = events;
    return this;
  };

  says(bytes: string): void {
    this.events!.bytes(toBuffer(bytes));
  }

  write(bytes: Buffer): boolean {
    this.written += fromBuffer(bytes);
    return !this.isFull;
  }

  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
  }

  async close(): Promise<void> {
    this.isOpen = false;
  }
}

async function related() {
  const [port, line, clock] = [new MemoryPort(), new FakeLine(), new ManualClock()];
  let text = '';
  const recording = new Recording({
    masks: undefined,
    remarks: [],
    header: () => ({ dialect: 'x', settings: [], routes: [], files: [], accessPoints: [] }),
    write: each => {
      text += `${each}\n`;
    },
  });
  const lost: string[] = [];
  const recorded = new RecordedPort(port, recording.recorder, clock);
  const relay = new Relay(recorded, { lost: (what, reason) => lost.push(`${what}: ${reason}`) });
  await relay.open(line.open);
  const dialogue = () => {
    recording.end();
    return text
      .slice(text.indexOf('\n\n') + 2)
      .trim()
      .split('\n');
  };
  return { port, line, clock, relay, lost, dialogue };
}

test('bytes pass at once, whatever they are, and are recorded', async () => {
  const { port, line, clock, dialogue } = await related();
  line.says('\r\nNOBODY\r\n');
  port.attach();
  port.hostWrite('AT\r');
  expect(line.written).toBe('AT\r');
  clock.advance(30);
  line.says('\r\nO');
  line.says('K\r\n');
  line.says('\0\xFF');
  expect(port.take()).toBe('\r\nOK\r\n\0\xFF');
  expect(dialogue()).toEqual(['> AT', '~< 30ms', '< OK', '<| \\x00\\xFF']);
});

test('a host that leaves and comes back is recorded', async () => {
  const { port, dialogue } = await related();
  port.attach();
  port.hostWrite('AT\r');
  port.detach();
  port.attach();
  expect(dialogue()).toEqual(['> AT', '! dte detaches', '! dte attaches']);
});

test('a module that does not read is waited for', async () => {
  const { port, line } = await related();
  port.attach();
  line.isFull = true;
  port.hostWrite('one');
  port.hostWrite('two');
  expect(line.written).toBe('one');
  line.isFull = false;
  line.events!.drained();
  expect(line.written).toBe('onetwo');
});

test('a host that does not read is waited for, until it reads or leaves', async () => {
  const { port, line } = await related();
  port.attach();
  port.stall();
  line.says('x'.repeat(200 * 1024));
  expect(line.isHeld).toBe(false);
  line.says('x'.repeat(100 * 1024));
  expect(line.isHeld).toBe(true);
  port.resume();
  expect(line.isHeld).toBe(false);
  port.stall();
  line.says('x'.repeat(300 * 1024));
  port.detach();
  expect(line.isHeld).toBe(false);
});

test('an end that is lost is told, and closing closes both', async () => {
  const { port, line, relay, lost } = await related();
  line.events!.lost('unplugged');
  expect(lost).toEqual(['module: unplugged']);
  await relay.close();
  expect(line.isOpen).toBe(false);
  expect(() => port.attach()).toThrow('closed');
});
