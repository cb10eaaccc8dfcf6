/**
 * Takes the body of a command line apart into its commands [V.250 5.2.2, 5.3, 5.4]. It knows how commands are written,
 * not which ones exist. What it cannot read is a value: the commands before it still run [V.250 5.2.2].
 */
import type { ByteString } from '../base/bytes.js';
import { readQuotedString } from './quoted-string.js';
import { skipSpaces, trimEnd } from './spaces.js';
import type { LineStyle } from './style.js';

/** `=?`, `?`, `=` or a number, nothing. */
export type CommandForm = 'test' | 'read' | 'set' | 'execute';

export interface Command {
  /** In upper case, with its first sign: `E`, `S3`, `&W`, `+CREG`, `D`. */
  name: ByteString;
  form: CommandForm;
  /** As typed, without the spaces around it: what follows `=`, a basic command's number, what `D` dials. */
  args: ByteString;
  /** Places in the body, so that a log can hide a secret: the command is [start, end), its `args` begin at `argsStart`. */
  start: number;
  end: number;
  argsStart: number;
}

export type CommandLine =
  | { commands: Command[]; fault?: undefined }
  /** `commands` stand before the fault; `at` is a place in the body. */
  | { commands: Command[]; fault: 'bad-line'; at: number };

export function parseCommandLine(body: ByteString, style: LineStyle): CommandLine {
  const commands: Command[] = [];
  let at = skipSpaces(body, 0, style);
  while (at < body.length) {
    const command = readCommand(body, at, style);
    if (isBad(command)) return { commands, fault: 'bad-line', at: command.badAt };
    at = skipSpaces(body, command.end, style);
    if (!style.chain && at < body.length) return { commands: [], fault: 'bad-line', at };
    if (commands.length === style.maximumCommands) return { commands: [], fault: 'bad-line', at: command.start };
    commands.push(command);
    // Manuals print `X4;+IFC=0,0` too, so `;` may follow any command, and end the line.
    if (body[at] === ';') at = skipSpaces(body, at + 1, style);
  }
  return { commands };
}

interface Bad {
  badAt: number;
}

const isBad = (reading: Command | Bad): reading is Bad => 'badAt' in reading;

function readCommand(body: ByteString, start: number, style: LineStyle): Command | Bad {
  const sign = body[start]!;
  if ('+*^$#%'.includes(sign)) return readExtended(body, start, style);
  if (sign !== '&') return readBasic(body, start, '', start, style);
  return readBasic(body, start, '&', skipSpaces(body, start + 1, style), style);
}

/** [V.250 5.4.1] names; letters and digits in practice. */
const nameCharacter = /[A-Za-z0-9!%\-./:_]/;

function readExtended(body: ByteString, start: number, style: LineStyle): Command | Bad {
  let at = skipSpaces(body, start + 1, style);
  while (at < body.length && nameCharacter.test(body[at]!)) at = skipSpaces(body, at + 1, style);
  const name = body.slice(start, at).replaceAll(' ', '').toUpperCase();
  if (name.length === 1) return { badAt: at };
  switch (body[at]) {
    case '=':
      return readSet(body, { name, start }, at, style);
    case '?':
      return ending(body, bare(name, 'read', start, at + 1), style);
    default:
      return ending(body, bare(name, 'execute', start, at), style);
  }
}

function readSet(body: ByteString, { name, start }: Pick<Command, 'name' | 'start'>, equals: number, style: LineStyle) {
  const argsStart = skipSpaces(body, equals + 1, style);
  const end = trimEnd(body, argsStart, endOfArguments(body, argsStart, style), style);
  const args = body.slice(argsStart, end);
  if (args === '?') return bare(name, 'test', start, end);
  return { name, form: 'set' as const, args, start, end, argsStart };
}

/** The `;` that ends the command, if it is outside quotes. A quote that is never closed runs to the end of the line. */
function endOfArguments(body: ByteString, start: number, style: LineStyle): number {
  if (!style.chain) return body.length;
  let at = start;
  while (at < body.length && body[at] !== ';') {
    at = body[at] === '"' ? readQuotedString(body, at, style).end : at + 1;
  }
  return at;
}

/** An extended command needs `;` before the next one. */
function ending(body: ByteString, command: Command, style: LineStyle): Command | Bad {
  const at = skipSpaces(body, command.end, style);
  return at === body.length || body[at] === ';' ? command : { badAt: at };
}

/** `E0`, `S3=13`, `S3?`, `&F`, `D*99#` [V.250 5.3]; `at` is the letter. Modules also take `E?` and `&D=?`. */
function readBasic(body: ByteString, start: number, sign: '' | '&', at: number, style: LineStyle): Command | Bad {
  const letter = body[at] ?? '';
  if (!/^[A-Za-z]$/.test(letter)) return { badAt: at };
  const name = sign + letter.toUpperCase();
  const next = skipSpaces(body, at + 1, style);
  switch (name) {
    case 'D':
      return readDial(body, start, next, style);
    case 'S': {
      const end = endOfDigits(body, next);
      return readBasicForm(body, name + withoutLeadingZeros(body.slice(next, end)), start, end, style);
    }
    default: {
      const end = endOfDigits(body, next);
      return end > next ? numbered(body, name, start, next, end) : readBasicForm(body, name, start, at + 1, style);
    }
  }
}

/** Everything after D is the dial string, `;` included [V.250 6.3.1]. */
function readDial(body: ByteString, start: number, argsStart: number, style: LineStyle): Command {
  const end = trimEnd(body, argsStart, body.length, style);
  const args = body.slice(argsStart, end);
  return { name: 'D', form: args === '' ? 'execute' : 'set', args, start, end, argsStart };
}

/** `?`, `=?`, `=<number>` or nothing, after the name that ends at `nameEnd`. */
function readBasicForm(body: ByteString, name: ByteString, start: number, nameEnd: number, style: LineStyle): Command {
  const at = skipSpaces(body, nameEnd, style);
  switch (body[at]) {
    case '?':
      return bare(name, 'read', start, at + 1);
    case '=': {
      const value = skipSpaces(body, at + 1, style);
      if (body[value] === '?') return bare(name, 'test', start, value + 1);
      return numbered(body, name, start, value, endOfDigits(body, value));
    }
    default:
      return bare(name, 'execute', start, nameEnd);
  }
}

function numbered(body: ByteString, name: ByteString, start: number, argsStart: number, end: number): Command {
  return { name, form: 'set', args: body.slice(argsStart, end), start, end, argsStart };
}

function bare(name: ByteString, form: CommandForm, start: number, end: number): Command {
  return { name, form, args: '', start, end, argsStart: end };
}

function endOfDigits(body: ByteString, at: number): number {
  while (at < body.length && /[0-9]/.test(body[at]!)) at++;
  return at;
}

const withoutLeadingZeros = (digits: ByteString): ByteString => digits.replace(/^0+(?=\d)/, '');
