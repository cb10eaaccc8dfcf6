/** `atmodem list`: what can be said after `--dialect`, and how much of each is there. */
import { openDialect } from '../dialects/open.js';
import type { Dialect, Status } from '../grammar/dialect.js';
import { dialectNames } from '../grammar/document.js';
import { builtInLibrary } from '../grammar/library.js';
import type { ExitCode } from './failure.js';
import { columns, type Output } from './output.js';

interface Listed extends Record<Status, number> {
  name: string;
  /** The dialect that a profile belongs to. */
  family: string;
  title: string;
}

export async function list({ json }: { json?: true }, output: Output): Promise<ExitCode> {
  const names = dialectNames(await builtInLibrary());
  const dialects = await Promise.all(names.map(async name => listed(await openDialect(name))));
  output.result(json ? JSON.stringify(dialects, null, 2) : asTable(dialects));
  return 0;
}

function listed({ name, family, title = '', commands }: Dialect): Listed {
  const count = (status: Status) => [...commands.values()].filter(command => command.status === status).length;
  return { name, family, title, full: count('full'), 'reply-only': count('reply-only'), absent: count('absent') };
}

function asTable(dialects: readonly Listed[]): string {
  const rows = dialects.map(each => [
    each.name === each.family ? each.name : `  ${each.name}`,
    ...[each.full, each['reply-only'], each.absent].map(count => String(count).padStart(4)),
    each.title,
  ]);
  const note = 'Commands: full do what they say; reply-only answer, with nothing behind it; absent are not there yet.';
  return [...columns([['dialect', 'full', 'reply-only', 'absent', ''], ...rows]), '', note].join('\n');
}
