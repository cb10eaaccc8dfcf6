import { atMost, type Bench, type Finding } from '../bench.js';
import { compare } from '../rounds.js';
import { atmodem, bareNode, isBuilt, notBuilt, run, untilFirstLine } from '../spawned.js';
import { time } from '../statistics.js';

export const startTime: Bench = {
  name: 'start',
  title: 'From the start of the process to its first line, as built (`npm run build`)',
  async run({ isQuick }) {
    if (!isBuilt()) return [notBuilt];
    const measure = async (what: string, args: string[], bar?: number): Promise<Finding> => {
      await untilFirstLine(args);
      const { floor, ours, ratio } = await compare(
        isQuick ? 3 : 15,
        () => untilFirstLine(bareNode),
        () => untilFirstLine(args),
      );
      return {
        what,
        measured: time(ours),
        floor: `${time(floor)} bare Node`,
        ratio,
        bar: bar === undefined ? 'stated' : `≤ ${bar} ms`,
        verdict: bar === undefined ? 'stated' : atMost(ours, bar),
      };
    };
    return [
      await measure('`run --broker none`, to the ready line', atmodem(...run, '--broker', 'none'), 200),
      await measure('`run --broker embedded:0`, to the ready line', atmodem(...run, '--broker', 'embedded:0')),
      await measure('`--version`', atmodem('--version'), 100),
    ];
  },
};
