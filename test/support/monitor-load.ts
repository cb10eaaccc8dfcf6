/**
 * The monitor page under load: a thousand modems, one of them open and loud. What is measured is what somebody at the page
 * meets (from a click to the paint that shows it, by the browser's own Event Timing) and what it costs in memory.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { systemClock } from '../../src/base/clock.js';
import type { Modem } from '../../src/modem/modem.js';
import { MemoryPort } from '../../src/ports/memory.js';
import { picture, visit } from './browser.js';
import { MonitorRig } from './monitor-rig.js';

export interface LoadPlan {
  modems: number;
  /** Lines a second of the open modem; each of the others says one. */
  rate: number;
  seconds: number;
}

export interface LoadFigures {
  /** Lines that the open modem said. */
  lines: number;
  /** Milliseconds from a click to the paint that shows it; of so many clicks. */
  clicks: number;
  clickMedian: number;
  clickLongest: number;
  /** The longest task of the page's thread, and how many took more than 50 ms. */
  longestTask: number;
  longTasks: number;
  /** Frames a second that the page drew. */
  frames: number;
  /** Bytes of the page's heap after a collection: before the load, halfway, at its end. */
  heap: [number, number, number];
  /** Elements in the document at the end. */
  nodes: number;
  /** Bytes that the daemon's heap has grown by, with what it keeps of the dialogues. */
  daemonGrowth: number;
}

const tick = 20;
const betweenClicks = 250;

export async function loadMonitor(browser: Browser, plan: LoadPlan): Promise<LoadFigures> {
  const names = Array.from({ length: plan.modems }, (_, i) => `meter-${i + 1}`);
  const modems = names.map(name => ({ name, dialect: 'luat', port: new MemoryPort() }));
  const rig = await MonitorRig.start({ modems });
  const { page, context, complaints } = await visit(browser, rig.url);
  try {
    await page.getByRole('row', { name: 'meter-2 luat' }).waitFor();
    if (plan.modems >= 1000) await picture(page, 'list-of-1000');
    const figures = await measure({ rig, page, cdp: await context.newCDPSession(page), plan });
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
    return figures;
  } finally {
    await context.close();
    await rig.stop();
  }
}

interface Measuring {
  rig: MonitorRig;
  page: Page;
  cdp: CDPSession;
  plan: LoadPlan;
}

async function measure({ rig, page, cdp, plan }: Measuring): Promise<LoadFigures> {
  const [loud, ...others] = rig.daemon.modems as [Modem, ...Modem[]];
  await page.getByRole('row', { name: `${loud.name} luat` }).click();
  await page.getByRole('heading', { name: loud.name, exact: true }).waitFor();
  const before = await heapOf(cdp);
  const daemonBefore = ownHeap();
  await page.evaluate(observing);

  const speech = new Speech(loud, others, plan);
  const half = speech.until(0.5).then(() => heapOf(cdp));
  const clicks = await clickUntil(page, speech.until(1));
  await page.getByRole('option', { name: `line ${speech.total} ` }).waitFor();

  const observed = await page.evaluate<Observed>('window.observed');
  await picture(page, 'loud');
  const heap: LoadFigures['heap'] = [before, await half, await heapOf(cdp)];
  // After that collection.
  const { metrics } = await cdp.send('Performance.getMetrics');
  const durations = observed.clicks.sort((a, b) => a - b);
  return {
    lines: speech.total,
    clicks,
    clickMedian: durations[durations.length >> 1] ?? observed.least,
    clickLongest: durations.at(-1) ?? observed.least,
    longestTask: Math.max(0, ...observed.tasks),
    longTasks: observed.tasks.length,
    frames: observed.frames / plan.seconds,
    heap,
    nodes: metrics.find(({ name }) => name === 'Nodes')?.value ?? 0,
    daemonGrowth: ownHeap() - daemonBefore,
  };
}

interface Observed {
  tasks: number[];
  clicks: number[];
  /** The browser tells of no event that took less, in ms. */
  least: number;
  frames: number;
}

/** Runs in the page. */
const observing = `
  window.observed = { tasks: [], clicks: [], least: 16, frames: 0 };
  new PerformanceObserver(list => observed.tasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: 'longtask' });
  new PerformanceObserver(list => observed.clicks.push(
    ...list.getEntries().filter(({ name }) => name === 'click').map(({ duration }) => duration)))
    .observe({ type: 'event', durationThreshold: 16 });
  const frame = () => { observed.frames += 1; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  performance.now();
`;

/** Real clicks on what changes every line in sight. @returns how many */
async function clickUntil(page: Page, end: Promise<void>): Promise<number> {
  let isOver = false;
  void end.then(() => {
    isOver = true;
  });
  let clicks = 0;
  while (!isOver) {
    await page.getByRole('button', { name: 'Δ time' }).click();
    clicks += 1;
    await new Promise<void>(resolve => systemClock.after(betweenClicks, resolve));
  }
  await end;
  return clicks;
}

/** Says its lines at the rate of the plan, whatever the timers do. */
class Speech {
  readonly total: number;
  #said = 0;
  #saidByOthers = 0;
  readonly #began = systemClock.now();
  #waiting: { at: number; resolve: () => void }[] = [];

  constructor(
    readonly loud: Modem,
    readonly others: readonly Modem[],
    readonly plan: LoadPlan,
  ) {
    this.total = plan.rate * plan.seconds;
    this.#speak();
  }

  /** @param part of all its lines */
  until(part: number): Promise<void> {
    return new Promise(resolve => this.#waiting.push({ at: part * this.total, resolve }));
  }

  #speak(): void {
    const seconds = (systemClock.now() - this.#began) / 1000;
    const due = Math.min(this.total, Math.floor(seconds * this.plan.rate));
    for (; this.#said < due; this.#said++) {
      const from = this.#said % 2 === 0 ? 'host' : 'modem';
      this.loud.say({
        channel: 0,
        from,
        text: `line ${this.#said + 1} of a dialogue, such as +MPUB: "greenhouse/1/air"`,
      });
    }
    const dueByOthers = Math.floor(seconds * this.others.length);
    for (; this.#saidByOthers < dueByOthers; this.#saidByOthers++)
      this.others[this.#saidByOthers % this.others.length]!.say({ channel: 0, from: 'modem', text: 'OK' });
    for (const { resolve } of this.#waiting.filter(({ at }) => at <= this.#said)) resolve();
    this.#waiting = this.#waiting.filter(({ at }) => at > this.#said);
    if (this.#said < this.total) systemClock.after(tick, () => this.#speak());
  }
}

/** After a collection. */
async function heapOf(cdp: CDPSession): Promise<number> {
  await cdp.send('Performance.enable');
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')!.value;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function ownHeap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
