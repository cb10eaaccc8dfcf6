/** The spelling of `atmodem ctl`: its commands, arguments and help. What each does is in ctl.ts. */
import { type Command, InvalidArgumentError } from 'commander';
import type { ExitCode } from '../failure.js';
import type { Output } from '../output.js';
import type { Ctl, CtlOptions } from './ctl.js';

type Actions = typeof import('./ctl.js');

/** @param ended told of the exit code */
export function addCtl(program: Command, output: Output, ended: (exitCode: ExitCode) => void): Command {
  const ctl = program
    .command('ctl')
    .description('Drives modems that run: the client of their control API (`atmodem run --control 8080`).')
    .option('--url <url>', 'http://HOST:PORT, HOST:PORT or PORT (default: the atmodem that runs here)')
    .option('--token <token>', 'what the daemon wants to hear (default: ATMODEM_TOKEN)')
    .option('--token-file <FILE>', 'the same, from a file')
    .option('--json', 'answers as JSON')
    .addHelpText('after', examples);
  /** The parts of a command that are the same for all: which daemon, and with what the action works. */
  const run =
    <Args extends unknown[]>(act: (actions: Actions, ctl: Ctl, ...args: Args) => Promise<void>, isOfModem = true) =>
    async (...given: unknown[]) => {
      const command = given.at(-1) as Command;
      const args = given.slice(0, -1) as Args;
      const actions = await import('./ctl.js');
      const [first] = args;
      const modem = isOfModem && typeof first === 'string' ? first : undefined;
      await act(actions, actions.openCtl(command.optsWithGlobals<CtlOptions>(), output, modem), ...args);
      ended(0);
    };
  addStates(ctl, run);
  addActs(ctl, run);
  addDialogue(ctl, run);
  addCloud(ctl, run);
  return ctl;
}

type Run = <Args extends unknown[]>(
  act: (actions: Actions, ctl: Ctl, ...args: Args) => Promise<void>,
  isOfModem?: boolean,
) => (...given: unknown[]) => Promise<void>;

const examples = `
Examples: atmodem ctl modems
          atmodem ctl urc modem '+CREG: 2'
          atmodem ctl fault modem at.late by=2s command=+MPUB
          atmodem ctl dialogue modem -f
Exit codes: 0 done, 1 the daemon cannot or does not answer, 2 wrong usage.`;

function addStates(ctl: Command, run: Run): void {
  ctl
    .command('modems')
    .description('All modems and what they are in.')
    .action(run((actions, on) => actions.modems(on), false));
  ctl
    .command('reload')
    .description('Has the daemon read its config again, as SIGHUP does.')
    .action(run((actions, on) => actions.reload(on), false));
  ctl
    .command('show <NAME>')
    .description('All of one modem.')
    .action(run((actions, on, name: string) => actions.show(on, name)));
}

function addActs(ctl: Command, run: Run): void {
  ctl
    .command('urc <NAME> <TEXT...>')
    .description('Sends lines to the host of a modem, in the framing of its dialect.')
    .option('--bytes', 'TEXT is bytes as they are, with the escapes \\r \\n \\t \\\\ \\xHH')
    .option('--channel <number>', 'from 1 (default: where the dialect sends URCs)', channelNumber)
    .action(
      run((actions, on, name: string, text: string[], options) => actions.urc(on, name, text, options as object)),
    );
  ctl
    .command('power <NAME> <on|off|restart>')
    .description('Switches the supply of a modem.')
    .action(run((actions, on, name: string, to: string) => actions.power(on, name, to)));
  ctl
    .command('signal')
    .argument('<NAME>')
    .argument('<RSSI>', '0 to 31, 99 unknown', number)
    .description('How well the cellular network is heard.')
    .option('--ber <number>', '0 to 7, 99 unknown', number)
    .action(
      run((actions, on, name: string, rssi: number, options) => actions.signal(on, name, rssi, options as object)),
    );
  ctl
    .command('registration <NAME> <STATE>')
    .description('What the cellular network says: home, roaming, searching, denied, unknown, none.')
    .option('--domain <domain>', 'cs, ps or eps (default: all)')
    .action(
      run((actions, on, name: string, state: string, options) =>
        actions.registration(on, name, state, options as object),
      ),
    );
  ctl
    .command('fault <NAME> <FAULT> [KEY=VALUE...]')
    .description('Injects a fault; `faults` lists what there is.')
    .action(
      run((actions, on, name: string, kind: string, parameters: string[]) => actions.fault(on, name, kind, parameters)),
    );
  ctl
    .command('faults [NAME]')
    .description('Those that a modem suffers from; without a name, all that there are.')
    .action(run((actions, on, name: string | undefined) => actions.faults(on, name)));
  ctl
    .command('lift <NAME> [ID]')
    .description('Lifts a fault; without an id, all.')
    .action(run((actions, on, name: string, id: string | undefined) => actions.lift(on, name, id)));
}

function addDialogue(ctl: Command, run: Run): void {
  ctl
    .command('dialogue <NAME>')
    .description('The last lines between host, modem and broker, secrets hidden.')
    .option('-f, --follow', 'and those to come')
    .option('-n, --lines <count>', 'how many', number, 40)
    .action(
      run((actions, on, name: string, options) =>
        actions.dialogue(on, name, options as { follow?: true; lines: number }, interrupted),
      ),
    );
  ctl
    .command('transcript <NAME>')
    .description('The dialogue that is kept, as a transcript.')
    .action(run((actions, on, name: string) => actions.transcript(on, name)));
}

function addCloud(ctl: Command, run: Run): void {
  ctl
    .command('publish <TOPIC> <PAYLOAD>')
    .description('Publishes by the embedded broker.')
    .option('--qos <0|1|2>', 'default 0', number)
    .option('--retain', 'the broker keeps it')
    .option('--base64', 'PAYLOAD is base64')
    .action(
      run(
        (actions, on, topic: string, payload: string, options) =>
          actions.publish(on, topic, payload, options as object),
        false,
      ),
    );
  ctl
    .command('devices')
    .description('The devices of the cloud (`run --cloud`), and which are online.')
    .action(run((actions, on) => actions.devices(on), false));
  ctl
    .command('property <PRODUCT> <DEVICE> <KEY=VALUE...>')
    .description('Sets properties of a device of the cloud.')
    .option('--platform <name>', 'where two have the same device')
    .action(
      run(
        (actions, on, product: string, device: string, parameters: string[], options) =>
          actions.property(on, product, device, parameters, options as object),
        false,
      ),
    );
}

/** Ctrl-C ends what is followed, and is no failure. */
const interrupted = (): Promise<void> =>
  new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });

function number(text: string): number {
  if (!/^\d{1,8}$/.test(text)) throw new InvalidArgumentError('It is a number.');
  return Number(text);
}

function channelNumber(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError('Channels count from 1.');
  return Number(text);
}
