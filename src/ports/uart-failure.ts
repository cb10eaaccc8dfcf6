/** What the operator can do about a serial device that does not open, and which ones there are. */
import { readdirSync } from 'node:fs';
import { OperatorError } from '../base/errors.js';

const mostNamed = 8;

/** @param cause of `serialport`, which says in words what the system said */
export async function uartFailure(device: string, cause: Error): Promise<OperatorError> {
  const reason = cause.message.replace(/^Error:?\s*/, '').replace(/,? cannot open .*$/i, '');
  const there = await serialPorts();
  return new OperatorError('port', `cannot open ${device}`, {
    found: reason,
    expected: there.length === 0 ? 'a serial port; none is there' : `a serial port; there: ${named(there)}`,
    hint: whatToDo(device, reason),
    cause,
  });
}

/** By path, those of adapters first. */
export async function serialPorts(): Promise<string[]> {
  const paths = await listed().catch(() => inFolder('/dev'));
  const isAdapter = (path: string) => /USB|ACM|COM|cu\./.test(path);
  return [...paths.filter(isAdapter), ...paths.filter(path => !isAdapter(path))];
}

async function listed(): Promise<string[]> {
  const { SerialPort } = await import('serialport');
  return (await SerialPort.list()).map(({ path }) => path);
}

/** Where there is no udev, which the list is made from. */
const inFolder = (folder: string): string[] =>
  readdirSync(folder)
    .filter(name => /^tty(?:USB|ACM|AMA|SC|mxc|THS|O)\d+$/.test(name))
    .map(name => `${folder}/${name}`);

function named(paths: readonly string[]): string {
  const more = paths.length > mostNamed ? ` and ${paths.length - mostNamed} more` : '';
  return `${paths.slice(0, mostNamed).join(', ')}${more}`;
}

function whatToDo(device: string, reason: string): string {
  if (/no such (?:file|device)/i.test(reason))
    return 'plug it in, or name another: `--port uart:/dev/ttyUSB0`; a name under /dev/serial/by-id stays the same';
  if (/permission/i.test(reason))
    return `let this user in: \`sudo usermod -aG dialout $USER\` and sign in anew (\`ls -l ${device}\` names the group)`;
  if (/lock|busy|resource/i.test(reason)) return `another program has it: \`fuser -v ${device}\` says which`;
  if (/ioctl|directory|invalid/i.test(reason)) return 'that is no serial device';
  return 'look at what the system said above';
}
