/** What the kernel says of a process: proc(5). */
import { readFileSync } from 'node:fs';

export function residentBytes(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

/** USER_HZ, on every platform that Linux has today. */
const ticksPerSecond = 100;

/** User and system time, fields 14 and 15 of /proc/PID/stat, after the name in parentheses. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
