/**
 * The commands and their options. What a command needs is imported when it runs, so that `--version` pays for nothing.
 * Owns spelling and help; what a command does stands in its own file.
 */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { baudPolicies, dialPolicies, powerPolicies, timings } from '../config/words.js';
import { packageVersion } from '../grammar/library.js';
import { parseDuration } from '../grammar/times.js';
import { portSpellings } from '../ports/port-spec.js';
import type { CaOptions } from './ca.js';
import type { CheckOptions } from './check.js';
import { addCtl } from './ctl/commands.js';
import type { ExecOptions } from './exec/exec.js';
import { ownFailure } from './exec/exit-code.js';
import { tellFailure } from './failure.js';
import { logLevels } from './log.js';
import type { Output } from './output.js';
import type { RecordOptions } from './record.js';
import type { ReplayOptions } from './replay.js';
import type { RunOptions } from './run-options.js';

/** @param args without node and script */
export async function runCommandLine(args: readonly string[], output: Output): Promise<number> {
  let exitCode = 0;
  const program = createProgram(output, ended => {
    exitCode = ended;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has said what is wrong, or has printed what was asked for.
    if (error instanceof CommanderError)
      return error.exitCode === 0 || error.exitCode === ownFailure ? error.exitCode : 2;
    return tellFailure(error, output);
  }
}

type Ended = (exitCode: number) => void;

function createProgram(output: Output, ended: Ended): Command {
  const program = new Command('atmodem')
    .description('A daemon that is a serial AT-command modem: the bytes of a real module, with real MQTT behind them.')
    .usage('COMMAND [options]')
    .version(packageVersion(), '-V, --version')
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({
      writeOut: text => output.result(text.replace(/\n$/, '')),
      writeErr: text => output.note(text.replace(/\n$/, '')),
    })
    .showSuggestionAfterError();
  startWith(program, 'atmodem run --dialect luat --port pty:/tmp/ttyAT0');
  const run = addRun(program, output, ended);
  addExec(program, run, output, ended);
  addTerm(program, output, ended);
  startWith(addCtl(program, output, ended), 'atmodem ctl modems');
  addList(program, output, ended);
  addExplain(program, output, ended);
  addCheck(program, output, ended);
  addCa(program, output, ended);
  addRecord(program, output, ended);
  addReplay(program, output, ended);
  return program;
}

const whereToDial = 'where modems may dial (default: any; routes where a port can be reached from outside)';
const whereServersListen =
  "where the module's servers listen: ADDRESS or PORT=[ADDRESS:]PORT; repeatable (default: 127.0.0.1, the same port)";
const whenPowerComes = 'when power comes (default: attach, with the first host)';
const howFast = 'answers at once, or as slow as the module and its line (default: instant)';
const whichSpeed = "must a host's baud rate be the module's? strict: else both hear garbage (default: any)";

function addRun(program: Command, output: Output, ended: Ended): Command {
  const run = program
    .command('run')
    .description('Start modems, until SIGINT or SIGTERM.')
    .argument('[config.yaml]', 'modems, and what they share; the options below go on top of it; SIGHUP reads it again')
    .option('--dialect <name>', 'a dialect or profile (see `atmodem list`), or the path of a grammar (default: w800)')
    .option('--port <port>', `${portSpellings}; repeatable: one AT channel each (default: pty)`, collect)
    .option('--name <name>', 'of the modem; its IMEI, MAC and addresses follow from it (default: modem)')
    .option('--broker <broker>', 'embedded[:PORT] or none (default: embedded, on 1883 if that is free)')
    .option('--cloud <FILE>', 'makes the embedded broker a cloud: a list of its devices (see examples/cloud.yaml)')
    .option('--ca <DIR>', 'folder of the local CA that certifies the embedded broker (default: as `atmodem ca` has it)')
    .option('--route <route>', 'HOST[:PORT]=HOST:PORT or =embedded, `*` is any host; repeatable', collect)
    .addOption(oneOf('--dial <policy>', whereToDial, dialPolicies))
    .option('--listen <rule>', whereServersListen, collect)
    .option('--set <NAME=VALUE>', 'a setting (see `atmodem explain --settings`); repeatable', collectPair)
    .option('--cert <NAME=FILE>', 'a certificate or key that the module was made with; repeatable', collectPair)
    .addOption(oneOf('--power <when>', whenPowerComes, powerPolicies))
    .addOption(oneOf('--timing <timing>', howFast, timings))
    .addOption(oneOf('--baud <policy>', whichSpeed, baudPolicies))
    .option('--control <address>', 'the control API and its page: [HOST:]PORT (default host: 127.0.0.1)')
    .option('--control-token <FILE>', 'what callers of the control API must say (default: ATMODEM_TOKEN, or nothing)')
    .option('--state <DIR>', "keeps what the module's flash keeps (default: nowhere)")
    .option(
      '--fault <FAULT>',
      'NAME[,KEY=VALUE…]: something goes wrong (see `atmodem explain --faults`); repeatable',
      collect,
    )
    .option('--seed <N>', 'what chance in faults follows from: the same again, as the ready line said it', seed)
    .option(
      '--scenario <FILE>',
      'what is done when, and what the host must and must never do (docs/scenario-format.md)',
    )
    .option('--junit <FILE>', "the scenario's verdict as JUnit XML")
    .option('--tap <FILE>', "the scenario's verdict as TAP")
    .option('--pty-mode <mode>', 'rights of the pty device, such as 660 (default: 600)', octal)
    .option('--record <FILE>', "what passes each modem's first port, as a transcript; {name} in it is the modem's")
    .option('--secrets', 'secrets stay in the recording, where they are masked else')
    .option('--json', 'the ready line as JSON')
    .addOption(oneOf('--log-level <level>', 'what is logged to stderr', logLevels).default('info'))
    .option('-v, --verbose', 'the dialogue of host, modem and broker, live on stderr')
    .addOption(new Option('--welcome', 'says what to do next').hideHelp())
    .action(async (file: string | undefined, options: RunOptions) => {
      const { run: start } = await import('./run.js');
      ended(await start(file, options, output));
    });
  startWith(run, 'atmodem run --dialect luat --port pty:/tmp/ttyAT0 -v', "atmodem run --route '*=embedded' --json");
  return run;
}

/** Options of `run` that `exec` has not: the command has its terminal, and is told where the modem is. */
const onlyOfRun: readonly string[] = ['--json', '--welcome', '--record', '--log-level', '--junit'];

function addExec(program: Command, run: Command, output: Output, ended: Ended): void {
  const exec = program
    .command('exec')
    .description('A modem for as long as a command runs: a test of firmware, with its exit code.')
    .argument('<COMMAND...>', 'after `--`; {port} in it is the path of the port, {broker} the address of the broker')
    .option('--config <FILE>', 'modems, as `run` takes them; {port:NAME} is the port of the modem NAME')
    .option('--timeout <time>', 'ends the command then, such as 90s or 5m (default: never)', time)
    .addOption(new Option('--grace <time>', 'from SIGTERM to SIGKILL').argParser(time).default(2000, '2s'))
    .option('--until-verdict', 'ends the command when the verdict on the scenario is final')
    .option('--transcript <FILE>', 'what passes the port, as a transcript; written in any case')
    .option('--junit <FILE>', 'what came of command and scenario as JUnit XML; written in any case')
    .addOption(oneOf('--log-level <level>', 'what is logged to stderr', logLevels).default('warn'))
    .addHelpText('after', execHelp)
    // What is wrong with the options is no exit code of the command.
    .exitOverride(({ exitCode, code, message }) => {
      throw new CommanderError(exitCode === 0 ? 0 : ownFailure, code, message);
    })
    .action(async (command: string[], options: ExecOptions) => {
      const { exec: start } = await import('./exec/exec.js');
      ended(await start(command, options, output));
    });
  for (const option of run.options) if (!onlyOfRun.includes(option.long ?? '')) exec.addOption(option);
  startWith(
    exec,
    'atmodem exec --dialect luat -- ./firmware {port}',
    'atmodem exec --dialect luat --scenario link-drops.yaml --timeout 2m --junit junit.xml -- ./firmware {port}',
  );
}

const execHelp = `
The command runs without a shell, in a process group of its own, which is ended with it; its streams are atmodem's own.
It finds the port in $ATMODEM_PORT too, all of them in $ATMODEM_PORTS, and the broker in $ATMODEM_BROKER.
Exit code: the command's; 128+n when signal n ended it; 1 when it ended with 0 and the scenario failed; 124 timed out;
125 atmodem failed; 126 the command cannot be executed; 127 it is not there.`;

function addTerm(program: Command, output: Output, ended: Ended): void {
  const term = program
    .command('term')
    .description('A terminal on a port: line editing, history, and what the modem says as it comes.')
    .argument('[PORT]', 'a device, link or socket, [tcp:][HOST:]PORT; without it, the port of the atmodem that runs')
    .addOption(oneOf('--end <end>', 'what ends a line', ['cr', 'crlf', 'lf']).default('cr'))
    .option('--baud <rate>', 'speed of a real serial port', count, 115_200)
    .option('--quiet <ms>', 'how long no byte comes before an answer counts as complete', count, 200)
    .addHelpText('after', termHelp)
    .action(async (port: string | undefined, options) => {
      const { term: start } = await import('./term/term.js');
      ended(await start(port, options, output));
    });
  startWith(term, 'atmodem term', "printf 'AT\\nATI\\n' | atmodem term /tmp/ttyAT0");
}

const termHelp = `
Keys: Enter sends the line and the line end. Ctrl-Z sends the line and the byte 1A, which ends data at many prompts;
Esc sends 1B. Up and Down go through the history. Ctrl-C clears the line, on an empty line it leaves; so does Ctrl-D.
\\x1A in a line is that byte (any two hex digits; \\\\x is a backslash and an x); a line of nothing else gets no line end.
Lines that are pasted, or come through a pipe, are sent one by one: the next when the last one was answered.
Through a pipe nothing is hidden: the echo shows too. The end of the input ends the session once the line is quiet.`;

function addList(program: Command, output: Output, ended: Ended): void {
  const list = program
    .command('list')
    .description('The dialects and their profiles, and how much of each is there.')
    .option('--json', 'as JSON')
    .action(async (options: { json?: true }) => {
      const { list: print } = await import('./list.js');
      ended(await print(options, output));
    });
  startWith(list, 'atmodem list');
}

function addExplain(program: Command, output: Output, ended: Ended): void {
  const explain = program
    .command('explain')
    .description(
      'A command as its manual has it, in every dialect that knows it; what can be set, or go wrong on purpose.',
    )
    .argument('[COMMAND]', 'such as +MCONNECT; without it, the commands of --dialect')
    .option('--dialect <name>', 'this dialect or profile, or grammar file, alone')
    .option('--faults', 'what can go wrong on purpose: the faults by name, and what they take')
    .option('--settings', 'the settings: type, default, source, and where sources disagree')
    .option('--json', 'as JSON')
    .action(async (command: string | undefined, options) => {
      const { explain: print } = await import('./explain.js');
      ended(await print(command, options, output));
    });
  startWith(
    explain,
    'atmodem explain +MQTTCONN',
    'atmodem explain --dialect w800 --settings',
    'atmodem explain --faults',
  );
}

function addCheck(program: Command, output: Output, ended: Ended): void {
  const check = program
    .command('check')
    .description(
      'Is a grammar, config, scenario, device list or transcript right? Else where not, and what to do. Exit code 2 for mistakes.',
    )
    .argument('<FILE...>', 'YAML of a grammar, a config, a scenario or a device list; a transcript (.at)')
    .option('--dialect <name>', 'what scenarios are checked against (default: the dialect that they name)')
    .action(async (files: string[], options: CheckOptions) => {
      const { check: look } = await import('./check.js');
      ended(await look(files, output, options));
    });
  startWith(check, 'atmodem check ./vendor.yaml');
}

function addCa(program: Command, output: Output, ended: Ended): void {
  const ca = program
    .command('ca')
    .description('The certificate of the local CA, for firmware to trust in a test build; made where there is none.')
    .option('--dir <DIR>', 'where it is kept (default: $XDG_DATA_HOME/atmodem/ca, else ~/.local/share/atmodem/ca)')
    .option('--rsa', 'with RSA keys, for TLS stacks that have nothing else')
    .action(async (options: CaOptions) => {
      const { ca: print } = await import('./ca.js');
      ended(await print(options, output));
    });
  startWith(ca, 'atmodem ca > ca.pem', 'atmodem ca --rsa --dir ./test-ca > ca.pem');
}

function addRecord(program: Command, output: Output, ended: Ended): void {
  const record = program
    .command('record')
    .description('Stands between a host and a real module, and records what passes as a transcript.')
    .requiredOption('--through <line>', 'to the module: uart:DEVICE[@BAUD], tcp:[HOST:]PORT or unix:PATH')
    .option('--port <port>', 'for the host: any port of `run`, such as pty:LINK', 'pty')
    .option('--out <FILE>', 'of the transcript (default: stdout)')
    .option(
      '--dialect <name>',
      'which module it is, for the transcript and its secrets (default: as --compare, or v250)',
    )
    .option('--compare <dialect>', 'tells an emulated modem the same, and says where it answers otherwise')
    .option('--route <route>', 'with --compare: where the emulated modem dials; repeatable (default: nowhere)', collect)
    .option('--strict', 'with --compare: other values count as different too')
    .option('--secrets', 'secrets stay in the recording, where they are masked else')
    .addOption(oneOf('--log-level <level>', 'what is logged to stderr', logLevels).default('warn'))
    .addHelpText('after', '\nExit codes: 0 stopped by SIGINT or SIGTERM, 1 an end was lost, or the modems differ.')
    .action(async (options: RecordOptions) => {
      const { record: start } = await import('./record.js');
      ended(await start(options, output));
    });
  startWith(
    record,
    'atmodem record --through uart:/dev/ttyUSB0@115200 --port pty:/tmp/ttyAT0 --out session.at',
    'atmodem record --through tcp:192.0.2.7:2323 --compare luat --out session.at',
  );
}

function addReplay(program: Command, output: Output, ended: Ended): void {
  const replay = program
    .command('replay')
    .description(
      "Plays one side of a transcript: the module's at a port; with --host the host's, and compares the answers.",
    )
    .argument('<FILE>', 'a transcript (.at), recorded or written')
    .addOption(oneOf('--timing <timing>', 'with its pauses, or without', ['recorded', 'none']).default('recorded'))
    .option('--port <port>', 'where the module is played: any port of `run` (default: pty)')
    .option('--lenient', 'goes on after what the host says otherwise, where the transcript has it')
    .option('--host', 'plays the host instead, at an emulated modem or at --to')
    .option('--dialect <name>', "with --host: at this dialect (default: the transcript's)")
    .option('--to <line>', 'with --host: at a module: uart:DEVICE[@BAUD], tcp:[HOST:]PORT or unix:PATH')
    .option(
      '--route <route>',
      'with --host: where the emulated modem dials, before what the file says; repeatable',
      collect,
    )
    .option('--strict', 'with --host: other values count as different too')
    .addOption(oneOf('--log-level <level>', 'what is logged to stderr', logLevels).default('warn'))
    .addHelpText('after', '\nExit codes: 0 played to the end, and nothing differs; 1 otherwise.')
    .action(async (file: string, options: ReplayOptions) => {
      const { replay: start } = await import('./replay.js');
      ended(await start(file, options, output));
    });
  startWith(
    replay,
    'atmodem replay session.at --port pty:/tmp/ttyAT0',
    'atmodem replay session.at --host --dialect luat',
  );
}

/** Help begins with what to type. */
function startWith(command: Command, ...examples: string[]): void {
  const [first, ...rest] = examples;
  command.addHelpText('before', [`Example: ${first}`, ...rest.map(each => `         ${each}`), ''].join('\n'));
}

// How options are read.

const oneOf = (flags: string, description: string, words: readonly string[]): Option =>
  new Option(flags, description).choices(words);

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

function collectPair(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new InvalidArgumentError('It has the form NAME=VALUE.');
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}

function octal(text: string): number {
  if (!/^0?[0-7]{3}$/.test(text)) throw new InvalidArgumentError('It is three octal digits, such as 660.');
  return Number.parseInt(text, 8);
}

function time(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError('It is a time, such as 500ms, 90s or 5m.');
  return ms;
}

function seed(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('It is a whole number.');
  return Number(text);
}

function count(text: string): number {
  if (!/^\d{1,8}$/.test(text)) throw new InvalidArgumentError('It is a number.');
  return Number(text);
}
