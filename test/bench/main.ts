/** `npm run bench [-- NAME…] [--quick] [--write] [--profile DIR]`: runs benchmarks one after the other and prints their tables. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { didYouMean } from '../../src/base/nearest.js';
import { findMosquitto } from '../support/mosquitto.js';
import { inRepository } from '../support/repository.js';
import type { Address } from '../support/sockets.js';
import type { Bench, BenchContext, Finding } from './bench.js';
import { atOk } from './benches/at-ok.js';
import { familiesBench } from './benches/families.js';
import { inbound } from './benches/inbound.js';
import { links } from './benches/links.js';
import { lookUp } from './benches/look-up.js';
import { manyPtys } from './benches/many-ptys.js';
import { memory } from './benches/memory.js';
import { monitor } from './benches/monitor.js';
import { neighbours } from './benches/neighbours.js';
import { pacing } from './benches/pacing.js';
import { publish } from './benches/publish.js';
import { startTime } from './benches/start.js';
import { wholeRig } from './benches/whole-rig.js';
import { startRemote } from './remote.js';
import { document, machine, type Section, sectionText } from './report.js';
import { broker } from './roles.js';

const benches: readonly Bench[] = [
  atOk,
  manyPtys,
  wholeRig,
  lookUp,
  publish,
  familiesBench,
  inbound,
  links,
  startTime,
  memory,
  neighbours,
  pacing,
  monitor,
];

const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});

const folder = dirname(fileURLToPath(import.meta.url));
const canPin = spawnSync('taskset', ['-V']).status === 0;

async function runOne(bench: Bench): Promise<Section> {
  const undo: (() => Promise<void>)[] = [];
  let address: Address | undefined;
  const context: BenchContext = {
    isQuick: options.quick,
    start: async (role, { cpu } = {}) => {
      const profile = role.file === 'daemon' ? options.profile : undefined;
      const remote = await startRemote(role, { cpu: canPin ? cpu : undefined, profile }, folder);
      undo.push(() => remote.stop());
      return remote;
    },
    mosquitto: async () => {
      if (address || findMosquitto() === undefined) return address;
      const remote = await context.start(broker, { cpu: 'other' });
      undo.push(() => remote.call('stop'));
      address = await remote.call('start');
      return address;
    },
  };
  const { name, title } = bench;
  try {
    return { name, title, findings: await bench.run(context) };
  } catch (error) {
    return { name, title, findings: [broken(error as Error)] };
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

/** A wrong answer, or none: worse than slow. */
const broken = ({ message }: Error): Finding => ({ what: message.split('\n')[0]!, measured: '–', verdict: 'broken' });

function chosen(): readonly Bench[] {
  for (const name of wanted) {
    if (benches.some(bench => bench.name === name)) continue;
    const names = benches.map(bench => bench.name);
    console.error(`no benchmark ${name}; ${didYouMean(name, names) || names.join(', ')}`);
    process.exit(2);
  }
  return wanted.length === 0 ? benches : benches.filter(({ name }) => wanted.includes(name));
}

const selection = chosen();
if (options.profile !== undefined) mkdirSync(options.profile, { recursive: true });
console.log(`${machine()}${canPin ? '' : '; no taskset here: nothing is pinned'}\n`);
const sections: Section[] = [];
for (const bench of selection) {
  const section = await runOne(bench);
  sections.push(section);
  console.log(`${sectionText(section)}\n`);
}
if (options.write) writeFileSync(inRepository('docs/performance.md'), document(sections));

// A taste has too few rounds for a bar.
const verdicts = new Set(sections.flatMap(({ findings }) => findings.map(({ verdict }) => verdict)));
process.exitCode = verdicts.has('broken') || (verdicts.has('fail') && !options.quick) ? 1 : 0;
