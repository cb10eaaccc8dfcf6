import { atMost, type Bench, type Finding } from '../bench.js';
import { residentBytes } from '../process-figures.js';
import type { Remote } from '../remote.js';
import type { HostApi } from '../roles/host.js';
import { host } from '../roles.js';
import { medianOfAt, openQuietly, rest } from '../rounds.js';
import { atmodem, bareNode, isBuilt, notBuilt, run, untilFirstLine } from '../spawned.js';
import { median, megabytes } from '../statistics.js';

const bar = 60 * 1024 * 1024;

export const memory: Bench = {
  name: 'memory',
  title: 'Resident memory of `atmodem run --broker none`, one modem, as built (`npm run build`)',
  async run({ isQuick, start }) {
    if (!isBuilt()) return [notBuilt];
    const samples = isQuick ? 1 : 5;
    const commands = isQuick ? 5_000 : 20_000;
    const dte = await start(host);
    const floor = median(await times(samples, residentOfNode));
    const measure = (dialect: string, echo: string) => times(samples, () => residentOf(dialect, echo, dte, commands));
    const [w800, luat] = [await measure('w800', 'ATE0\r\n'), await measure('luat', 'ATE0\r')];
    const ready = median(w800.map(each => each.ready));
    return [
      {
        ...stated('w800, the default: ready', w800, 'ready', floor),
        bar: `≤ ${megabytes(bar)}`,
        verdict: atMost(ready, bar),
      },
      stated(`w800: after ${commands} commands`, w800, 'used', floor),
      stated('luat: ready', luat, 'ready', floor),
      stated(`luat: after ${commands} commands`, luat, 'used', floor),
    ];
  },
};

interface Resident {
  ready: number;
  used: number;
}

function stated(what: string, samples: readonly Resident[], when: keyof Resident, floor: number): Finding {
  const resident = median(samples.map(each => each[when]));
  return {
    what,
    measured: megabytes(resident),
    floor: `${megabytes(floor)} bare Node`,
    ratio: resident / floor,
    bar: 'stated',
    verdict: 'stated',
  };
}

async function times<T>(count: number, measure: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let i = 0; i < count; i++) results.push(await measure());
  return results;
}

async function residentOfNode(): Promise<number> {
  let resident = 0;
  await untilFirstLine(bareNode, ({ pid }) => {
    resident = residentBytes(pid!);
  });
  return resident;
}

/** At rest after its start, and after work. @param echo of `ATE0`, which dialects write differently */
async function residentOf(dialect: string, echo: string, dte: Remote<HostApi>, commands: number): Promise<Resident> {
  const resident = { ready: 0, used: 0 };
  await untilFirstLine(atmodem(...run, '--dialect', dialect, '--broker', 'none'), async ({ pid }, line) => {
    // What a module says when it starts is said before a host comes.
    await rest(300);
    resident.ready = residentBytes(pid!);
    const { modems } = JSON.parse(line) as { modems: { port: string }[] };
    const port = await openQuietly(dte, modems[0]!.port, echo);
    await medianOfAt(dte, port, commands);
    await dte.call('close', port);
    resident.used = residentBytes(pid!);
  });
  return resident;
}
