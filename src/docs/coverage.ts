/** docs/coverage/DIALECT.md: every command with its forms, how much of it is there, its source, and what proves it. Pure. */
import { parseCommandLine } from '../at/command-line.js';
import type { CommandEntry, Dialect, Status } from '../grammar/dialect.js';
import type { Transcript } from '../transcripts/transcript.js';
import { originOf, type Source } from './manual.js';
import { code, generated, table } from './markdown.js';

/** A transcript by its name, such as `luat/connected`. */
export interface NamedTranscript {
  name: string;
  transcript: Transcript;
}

const mostNamed = 3;

export function coveragePage(source: Source, transcripts: readonly NamedTranscript[]): string {
  const { dialect, merged } = source;
  const proofs = proofsOf(dialect, foldersOf(source), transcripts);
  const commands = [...dialect.commands.values()];
  const origins = [...new Set(commands.map(({ name }) => originOf(merged, name)))].sort(ownFirst(dialect.name));
  const lines = [
    generated,
    '',
    `# ${dialect.name}`,
    '',
    ...(dialect.title === undefined ? [] : [`${dialect.title}.`, '']),
    countsText(commands),
    '',
  ];
  for (const origin of origins) {
    const rows = commands.filter(({ name }) => originOf(merged, name) === origin);
    lines.push(origin === dialect.name ? '## Its own commands' : `## From [${origin}](${origin}.md)`, '');
    lines.push(
      ...table(
        ['command', 'what it does', 'forms', 'status', 'assumed', 'source', 'transcripts'],
        rows.map(row(proofs)),
      ),
      '',
    );
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

const ownFirst = (own: string) => (a: string, b: string) => Number(b === own) - Number(a === own);

function countsText(commands: readonly CommandEntry[]): string {
  const count = (status: Status) => commands.filter(command => command.status === status).length;
  const assumed = commands.filter(command => command.assumed !== false).length;
  return `${count('full')} commands do what they say, ${count('reply-only')} answer with nothing behind it (\`reply-only\`), ${count('absent')} are described and answered as unknown (\`absent\`). Of ${assumed} something is assumed: no source backs it.`;
}

const row =
  (proofs: ReadonlyMap<string, readonly string[]>) =>
  ({ name, title = '', status, assumed, ref = '', set, read, execute, test }: CommandEntry): string[] => {
    const forms = [execute && 'execute', set.length > 0 && 'set', read && 'read', test && 'test'];
    return [
      code(name),
      title,
      forms.filter(Boolean).join(', '),
      status,
      assumed === true ? 'all' : assumed || '',
      ref,
      named(proofs.get(name.toUpperCase()) ?? []),
    ];
  };

function named(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return [...names.slice(0, mostNamed), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** Transcripts lie in a folder by their dialect; those of a base count for all that build on it. Own ones first. */
const foldersOf = ({ merged }: Source): string[] =>
  merged.layers.map(({ source }) => String(source.document.dialect)).reverse();

function proofsOf(
  dialect: Dialect,
  folders: readonly string[],
  transcripts: readonly NamedTranscript[],
): Map<string, string[]> {
  const proofs = new Map<string, string[]>();
  for (const folder of folders) {
    for (const { name, transcript } of transcripts) {
      if (!name.startsWith(`${folder}/`)) continue;
      for (const command of commandsIn(transcript, dialect))
        proofs.set(command, [...(proofs.get(command) ?? []), name]);
    }
  }
  return proofs;
}

function commandsIn({ items }: Transcript, { style }: Dialect): Set<string> {
  const commands = new Set<string>();
  for (const item of items) {
    if (item.kind !== 'host' || item.sends.layout !== 'line') continue;
    const line = item.sends.pieces.map(piece => ('bytes' in piece ? piece.bytes : '0')).join('');
    if (!/^AT/i.test(line)) continue;
    for (const { name } of parseCommandLine(line.slice(2), style).commands) commands.add(name);
  }
  return commands;
}
