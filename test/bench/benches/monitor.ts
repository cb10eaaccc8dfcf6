import { findChromium, startBrowser } from '../../support/browser.js';
import { type LoadFigures, type LoadPlan, loadMonitor } from '../../support/monitor-load.js';
import { atMost, type Bench, type Finding } from '../bench.js';
import { megabytes, time } from '../statistics.js';

/** Up to here an answer to a click is felt as good: https://web.dev/articles/inp. */
const bar = 200;
const heapBar = 16 * 1024 * 1024;

export const monitor: Bench = {
  name: 'monitor',
  title: 'The monitor page in chromium: 1000 modems, one of them open at 5000 lines a second, the others at one',
  async run({ isQuick }) {
    if (findChromium() === undefined) return [withoutChromium];
    const plan: LoadPlan = { modems: 1000, rate: 5000, seconds: isQuick ? 2 : 30 };
    const browser = await startBrowser();
    try {
      return findings(plan, await loadMonitor(browser, plan));
    } finally {
      await browser.close();
    }
  },
};

function findings({ seconds }: LoadPlan, figures: LoadFigures): Finding[] {
  const { lines, clicks, clickMedian, clickLongest, longestTask, longTasks, frames, heap, nodes } = figures;
  const [before, halfway, end] = heap;
  return [
    {
      what: `from a click to its paint, the longest of ${clicks} (${lines} lines in ${seconds} s)`,
      measured: time(clickLongest),
      bar: `≤ ${bar} ms`,
      verdict: atMost(clickLongest, bar),
    },
    { what: '– median', measured: time(clickMedian), verdict: 'stated' },
    {
      what: `longest task of the page; ${longTasks} took more than 50 ms`,
      measured: time(longestTask),
      verdict: 'stated',
    },
    { what: 'frames a second', measured: frames.toFixed(0), verdict: 'stated' },
    {
      what: `heap of the page at the end (${megabytes(before)} before, ${megabytes(halfway)} halfway; ${nodes} nodes)`,
      measured: megabytes(end),
      bar: `≤ ${megabytes(heapBar)}`,
      verdict: atMost(end, heapBar),
    },
    { what: 'growth of the heap of the daemon', measured: megabytes(figures.daemonGrowth), verdict: 'stated' },
  ];
}

const withoutChromium: Finding = {
  what: 'the page',
  measured: '–',
  verdict: 'left out',
  note: 'chromium is not installed: `sudo apt-get install chromium`',
};
