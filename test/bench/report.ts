/** Findings as a Markdown table: the same on a terminal and in docs/performance.md. */
import { cpus, release, type as systemName, totalmem } from 'node:os';
import type { Finding, Verdict } from './bench.js';

export interface Section {
  name: string;
  title: string;
  findings: readonly Finding[];
}

const words: Record<Verdict, string> = {
  pass: 'PASS',
  fail: '**FAIL**',
  stated: '',
  'left out': 'left out',
  broken: '**BROKEN**',
};

export function sectionText({ name, title, findings }: Section): string {
  const head = ['what', 'measured', 'floor', 'ratio', 'bar', ''];
  const rows = findings.map(({ what, measured, floor = '', ratio, bar = '', verdict, note }) => [
    note === undefined ? what : `${what} (${note})`,
    measured,
    floor,
    ratio === undefined ? '' : ratio.toFixed(2),
    bar,
    words[verdict],
  ]);
  return `### ${title}\n\n\`npm run bench -- ${name}\`\n\n${table([head, ...rows])}`;
}

function table(rows: readonly string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(3, ...rows.map(row => row[column]!.length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  const [head, ...rest] = rows;
  return [line(head!), line(widths.map(width => '-'.repeat(width))), ...rest.map(line)].join('\n');
}

/** Figures mean nothing without it. */
export function machine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${first?.model.trim() ?? 'unknown CPU'}, ${cpus().length} cores, ${memory} GB; ${systemName()} ${release()}; Node ${process.version}`;
}

export const document = (sections: readonly Section[]): string => `# Performance

Measured by \`npm run bench -- --write\` on: ${machine()}.

Each figure stands beside a floor that was measured in the same run, in turn with it: a ratio says more than a time, and
holds on another machine. Host, modem and floor are processes of their own; where one CPU is named, all of them are pinned
to it, so that a round trip is work and not the waking of another core. Figures are medians over several rounds. The
smallest Node answerer is [a pty, a \`tty.ReadStream\` and a \`writeSync\`](../test/bench/roles/answerer.ts): no echo, no
modes, no limits. MB are 1,048,576 bytes.

Round trips on a pty come in two sorts: on the machine of the first runs near 25 and near 85 µs, floor and ours alike, and
a run may change from one to the other. The likely reason, not traced, is where the kernel runs the worker that hands a
pty's bytes over: on the same CPU, or on another that must be woken. The ratio of two unlike commands depends on the sort:
in the fast one, with the host on the modem's CPU, publishing at QoS 0 was measured at 2.1 to 3.1 × \`AT\`.

${sections.map(sectionText).join('\n\n')}
`;
