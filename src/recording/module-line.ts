/**
 * The line to a module, from the host's end: a serial device, or a socket of who has one, such as ser2net or another atmodem.
 * It moves bytes and knows no AT. Serial drivers are loaded only when used.
 */
import { connect, type Socket } from 'node:net';
import type { Writable } from 'node:stream';
import type { SerialPort } from 'serialport';
import { OperatorError } from '../base/errors.js';
import { usualSpeed } from '../ports/port.js';
import { parsePort } from '../ports/port-spec.js';
import { uartFailure } from '../ports/uart-failure.js';

export type LineAddress =
  | { kind: 'device'; path: string; baud: number }
  | { kind: 'tcp'; host: string; port: number }
  | { kind: 'unix'; path: string };

export interface LineEvents {
  /** The buffer belongs to the receiver. */
  bytes(chunk: Buffer): void;
  /** All that was written is with the system, after it was too much: `write` returned false. */
  drained(): void;
  /** The other side is gone. Never after `close`. */
  lost(reason: string): void;
}

export interface ModuleLine {
  /** As people call it. */
  readonly name: string;
  /** @returns false where more than a little waits to be sent */
  write(bytes: Buffer): boolean;
  /** Stops reading, or goes on. */
  hold(isHeld: boolean): void;
  /** What was written is sent first. */
  close(): Promise<void>;
}

const usualHint = 'Does the program that has the module listen there, and is nobody else connected to it?';

/** `uart:DEVICE[@BAUD]`, `tcp:[HOST:]PORT` or `unix:PATH`. @throws OperatorError (usage) */
export function parseLine(text: string): LineAddress {
  const spec = parsePort(text);
  switch (spec.kind) {
    case 'uart':
      return { kind: 'device', path: spec.device, baud: spec.baud ?? usualSpeed };
    case 'tcp':
      return { kind: 'tcp', host: spec.host, port: spec.port };
    case 'unix':
      return { kind: 'unix', path: spec.path };
    default:
      throw new OperatorError('usage', 'no line leads to a module there', {
        found: text,
        expected: 'uart:DEVICE[@BAUD], tcp:[HOST:]PORT or unix:PATH',
        hint: 'The module is at the far end: a serial device, or a socket that leads to one. A pty is a device: uart:/dev/pts/3.',
      });
  }
}

/** @param hint what the operator can do when it cannot be opened; else what helps with lines to modules. @throws OperatorError (port) */
export async function openLine(address: LineAddress, events: LineEvents, hint?: string): Promise<ModuleLine> {
  switch (address.kind) {
    case 'device':
      return openDevice(address.path, address.baud, events, hint);
    case 'tcp': {
      const { host, port } = address;
      return openSocket(connect({ host, port, noDelay: true }), `${host}:${port}`, events, hint);
    }
    case 'unix':
      return openSocket(connect(address.path), address.path, events, hint);
  }
}

/** serialport sets the line raw, which a plain open would not: a terminal that echoes answers the modem with its own words. */
async function openDevice(path: string, baudRate: number, events: LineEvents, hint?: string): Promise<ModuleLine> {
  const { SerialPort } = await import('serialport');
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  const line = new StreamLine(port, path, events);
  const failure = await new Promise<Error | null | undefined>(resolve => port.open(resolve));
  if (!failure) return line;
  throw hint === undefined ? await uartFailure(path, failure) : cannotOpen(path, failure, hint);
}

async function openSocket(socket: Socket, name: string, events: LineEvents, hint = usualHint): Promise<ModuleLine> {
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', error => reject(cannotOpen(name, error, hint)));
  });
  return new StreamLine(socket, name, events);
}

class StreamLine implements ModuleLine {
  #isOpen = true;

  constructor(
    readonly stream: Socket | SerialPort,
    readonly name: string,
    readonly events: LineEvents,
  ) {
    const lost = (reason: string) => {
      if (this.#isOpen) events.lost(reason);
      this.#isOpen = false;
    };
    stream.on('data', (chunk: Buffer) => this.#isOpen && events.bytes(chunk));
    stream.on('drain', () => this.#isOpen && events.drained());
    stream.on('error', error => lost(error.message));
    stream.on('close', () => lost('it was closed'));
  }

  write(bytes: Buffer): boolean {
    return !this.#isOpen || this.stream.write(bytes);
  }

  hold(isHeld: boolean): void {
    if (isHeld) this.stream.pause();
    else this.stream.resume();
  }

  async close(): Promise<void> {
    // A port that is closed never drains: it would wait to be opened.
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await closed(this.stream);
  }
}

function closed(stream: Socket | SerialPort): Promise<void> {
  return new Promise(resolve => {
    if ('drain' in stream) stream.drain(() => stream.close(() => resolve()));
    else (stream as Writable).end(() => resolve());
  });
}

const cannotOpen = (name: string, cause: Error, hint: string) =>
  new OperatorError('port', `cannot open ${name}`, { found: cause.message, hint, cause });
