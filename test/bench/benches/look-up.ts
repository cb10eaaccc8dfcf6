import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/base/clock.js';
import { startModem } from '../../../src/index.js';
import { MemoryPort } from '../../../src/ports/memory.js';
import { atMost, type Bench, type Finding } from '../bench.js';
import { type Compared, compare } from '../rounds.js';
import { time } from '../statistics.js';

const [few, many] = [50, 1_000];
/** No growth, within what two equal programs differ by here. */
const bar = 1.15;

export const lookUp: Bench = {
  name: 'look-up',
  title: `Looking up a command and refusing it, in this process: a grammar of ${many} commands against one of ${few}`,
  async run({ isQuick }) {
    const folder = await mkdtemp(join(tmpdir(), 'atmodem-bench-'));
    try {
      const small = await modemWith(folder, few);
      const large = await modemWith(folder, many);
      const measure = (line: string) => compareRounds(isQuick ? 20 : 200, small.refuse(line), large.refuse(line));
      const findings = [
        finding('a command that is there, in a form that it lacks', await measure('AT+BENCH7?\r')),
        finding('a command that no grammar has', await measure('AT+NOWHERE\r')),
      ];
      await Promise.all([small.stop(), large.stop()]);
      return findings;
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

function finding(what: string, { floor, ours, ratio }: Compared): Finding {
  return {
    what,
    measured: time(ours),
    floor: `${time(floor)} with ${few} commands`,
    ratio,
    bar: `≤ ${bar} ×`,
    verdict: atMost(ratio, bar),
  };
}

/** Short rounds in turn: whatever else the machine does takes longer than one. */
const count = 1_000;

async function compareRounds(rounds: number, inSmall: () => void, inLarge: () => void) {
  const perCall = async (refuse: () => void) => {
    const start = systemClock.now();
    for (let i = 0; i < count; i++) refuse();
    return (systemClock.now() - start) / count;
  };
  const inTurn = (times: number) =>
    compare(
      times,
      () => perCall(inSmall),
      () => perCall(inLarge),
    );
  await inTurn(20);
  return inTurn(rounds);
}

async function modemWith(folder: string, count: number) {
  const dialect = join(folder, `bench-${count}.yaml`);
  await writeFile(dialect, grammarOf(count));
  const port = new MemoryPort();
  const modem = await startModem({ dialect, port, power: 'start', broker: 'none' });
  port.attach();
  port.hostWrite('ATE0\r');
  port.take();
  return {
    /** @returns one refusal, checked */
    refuse: (line: string) => {
      const bytes = Buffer.from(line);
      return () => {
        port.hostWrite(bytes);
        const got = port.take();
        if (got !== '\r\nERROR\r\n') throw new Error(`${line} got ${JSON.stringify(got)}`);
      };
    },
    stop: () => modem.stop(),
  };
}

/** No command has a `read` form. */
function grammarOf(count: number): string {
  const command = (_: unknown, i: number) => `  '+BENCH${i}':
    title: Command ${i}
    set: '<value>'
    parameters:
      value: { range: 0..${i + 1} }
    exchange:
      - final: OK
`;
  return `dialect: bench
extends: v250
commands:
${Array.from({ length: count }, command).join('')}`;
}
