import type { Bench, Finding } from '../bench.js';
import { answerer, daemon, rig } from '../roles.js';
import { time } from '../statistics.js';

const rate = 10;

export const manyPtys: Bench = {
  name: 'many-ptys',
  title: 'Many modems in one daemon, each port with 10 `AT` a second',
  async run({ isQuick, start }) {
    const count = isQuick ? 200 : 1_000;
    const seconds = isQuick ? 3 : 20;
    const smallest = await start(answerer);
    const floorPaths = await smallest.call('open', count);
    const floorRig = await start(rig);
    const floor = await floorRig.call('run', { paths: floorPaths, rate, seconds: Math.ceil(seconds / 4) });
    await Promise.all([smallest.stop(), floorRig.stop()]);

    const [ours, hosts] = await Promise.all([start(daemon), start(rig)]);
    const paths = await ours.call('start', { dialect: 'luat', power: 'start', count });
    await hosts.call('precede', paths);
    const result = await hosts.call('run', { paths, rate, seconds });
    const lost = result.sent - result.answered;
    const bad = lost + result.stale + result.wrong;
    const { resident } = await ours.call('memory');
    const stated = (what: string, measured: number, least: number): Finding => ({
      what,
      measured: time(measured),
      floor: `${time(least)} smallest Node answerer`,
      ratio: measured / least,
      bar: 'stated',
      verdict: 'stated',
    });
    return [
      {
        what: `${count} ptys, ${result.sent} commands in ${seconds} s`,
        measured: `${lost} lost, ${result.stale} stale, ${result.wrong} bytes wrong`,
        bar: 'none',
        verdict: bad === 0 ? 'pass' : 'fail',
        note: `${Math.round(resident / 1024 / 1024)} MB resident`,
      },
      stated('latency p50', result.p50, floor.p50),
      stated('latency p99', result.p99, floor.p99),
    ];
  },
};
