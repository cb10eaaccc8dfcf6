import { atMost, type Bench } from '../bench.js';
import { answerer, daemon, host } from '../roles.js';
import { compare, medianOfAt, openQuietly } from '../rounds.js';
import { time } from '../statistics.js';

const bar = 1.5;

export const atOk: Bench = {
  name: 'at-ok',
  title: '`AT` → `OK` on a pty, one CPU for host and modem',
  async run({ isQuick, start }) {
    const [smallest, ours, dte] = await Promise.all([
      start(answerer, { cpu: 'shared' }),
      start(daemon, { cpu: 'shared' }),
      start(host, { cpu: 'shared' }),
    ]);
    const [floorPath] = await smallest.call('open', 1);
    const [path] = await ours.call('start', { dialect: 'luat', power: 'start' });
    const floorPort = await dte.call('open', floorPath!);
    const port = await openQuietly(dte, path!);
    const count = isQuick ? 2_000 : 10_000;
    await medianOfAt(dte, floorPort, count);
    await medianOfAt(dte, port, count);
    const {
      floor,
      ours: measured,
      ratio,
    } = await compare(
      isQuick ? 3 : 9,
      () => medianOfAt(dte, floorPort, count),
      () => medianOfAt(dte, port, count),
    );
    return [
      {
        what: 'round trip, median',
        measured: time(measured),
        floor: `${time(floor)} smallest Node answerer`,
        ratio,
        bar: `≤ ${bar} ×`,
        verdict: atMost(ratio, bar),
      },
    ];
  },
};
