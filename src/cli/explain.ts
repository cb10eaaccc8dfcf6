/** `atmodem explain`: a command in every dialect that has it, the commands of a dialect, or its settings. */
import { OperatorError } from '../base/errors.js';
import { nearest } from '../base/nearest.js';
import { openDialectIn } from '../dialects/open.js';
import { faultManuals } from '../docs/faults.js';
import { type CommandManual, commandManual, type Source } from '../docs/manual.js';
import { type SettingManual, settingManuals, settingsOfCommand } from '../docs/settings.js';
import type { CommandEntry } from '../grammar/dialect.js';
import { assemble, dialectNames, type Library } from '../grammar/document.js';
import { builtInLibrary, isGrammarPath, withGrammarFile } from '../grammar/library.js';
import { commandsText, faultsText, manualText, settingsText } from './explain-text.js';
import type { ExitCode } from './failure.js';
import type { Output } from './output.js';

export interface ExplainOptions {
  dialect?: string;
  settings?: true;
  faults?: true;
  json?: true;
}

export async function explain(command: string | undefined, options: ExplainOptions, output: Output): Promise<ExitCode> {
  const { data, text } = options.faults ? faultsAnswer() : await grammarsAnswer(command, options);
  output.result(options.json ? JSON.stringify(data, null, 2) : text);
  return 0;
}

interface Answer {
  data: unknown;
  text: string;
}

const faultsAnswer = (): Answer => ({ data: faultManuals(), text: faultsText(faultManuals()) });

async function grammarsAnswer(command: string | undefined, options: ExplainOptions): Promise<Answer> {
  if (command === undefined && options.dialect === undefined) throw nothingAsked();
  return answer(command, await openSources(options.dialect), options);
}

function answer(command: string | undefined, sources: readonly Source[], { settings }: ExplainOptions): Answer {
  if (command === undefined) {
    const [source] = sources;
    return settings ? settingsAnswer(source!, settingManuals(source!.dialect)) : commandsAnswer(source!);
  }
  const found = sources.flatMap(source => {
    const entry = entryOf(source, command);
    return entry ? [{ source, entry }] : [];
  });
  if (found.length === 0) throw unknownCommand(command, sources);
  if (settings) return joined(found.map(({ source, entry }) => settingsOf(source, entry)));
  return joined(
    grouped(found.map(({ source, entry }) => ({ name: source.dialect.name, manual: commandManual(source, entry) }))),
  );
}

const joined = (answers: readonly Answer[]): Answer => ({
  data: answers.map(({ data }) => data),
  text: answers.map(({ text }) => text).join('\n\n'),
});

function settingsOf(source: Source, entry: CommandEntry): Answer {
  return settingsAnswer(source, settingsOfCommand(settingManuals(source.dialect), entry.name));
}

function settingsAnswer({ dialect }: Source, settings: readonly SettingManual[]): Answer {
  return { data: { dialect: dialect.name, settings }, text: settingsText(dialect.name, settings) };
}

function commandsAnswer({ dialect }: Source): Answer {
  const commands = [...dialect.commands.values()].map(({ name, title, status, assumed, ref }) => ({
    command: name,
    title,
    status,
    assumed,
    ref,
  }));
  return { data: { dialect: dialect.name, commands }, text: commandsText(dialect, commands) };
}

/** A profile that changes nothing of the entry shares its page. */
function grouped(manuals: readonly { name: string; manual: CommandManual }[]): Answer[] {
  const groups = new Map<string, { names: string[]; manual: CommandManual }>();
  for (const { name, manual } of manuals) {
    const key = JSON.stringify(manual);
    const group = groups.get(key);
    if (group) group.names.push(name);
    else groups.set(key, { names: [name], manual });
  }
  return [...groups.values()].map(({ names, manual }) => ({
    data: { dialects: names, ...manual },
    text: manualText(names, manual),
  }));
}

async function openSources(wanted: string | undefined): Promise<Source[]> {
  const builtIn = await builtInLibrary();
  if (wanted === undefined) return Promise.all(dialectNames(builtIn).map(name => openSource(builtIn, name)));
  if (!isGrammarPath(wanted)) return [await openSource(builtIn, wanted)];
  const { library, name } = await withGrammarFile(builtIn, wanted);
  return [await openSource(library, name)];
}

const openSource = async (library: Library, name: string): Promise<Source> => ({
  dialect: await openDialectIn(library, name),
  merged: assemble(name, library),
});

/** As people write it: `+MSUB`, `AT+MSUB`, `msub`. */
function entryOf({ dialect: { commands } }: Source, typed: string): CommandEntry | undefined {
  const name = typed.toUpperCase().replace(/[=?].*$/, '');
  const bare = name.replace(/^AT(?=.)/, '');
  return [name, bare, `+${bare}`].map(each => commands.get(each)).find(entry => entry !== undefined);
}

function unknownCommand(command: string, sources: readonly Source[]): OperatorError {
  const known = new Set(sources.flatMap(({ dialect }) => [...dialect.commands.keys()]));
  const near = nearest(command.toUpperCase().replace(/^AT(?=\W)/, ''), known);
  const where = sources.length === 1 ? sources[0]!.dialect.name : 'any dialect';
  return new OperatorError('usage', `${command} is not in ${where}`, { hint: near && `Did you mean \`${near}\`?` });
}

const nothingAsked = () =>
  new OperatorError('usage', 'explain what?', {
    expected: 'a command, or a dialect',
    hint: '`atmodem explain +MQTTCONN`, `atmodem explain --dialect w800`, `atmodem explain --dialect w800 --settings`, `atmodem explain --faults`',
  });
