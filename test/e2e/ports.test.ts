/** The ports besides pty and TCP, as the programs at their other end meet them. */
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type ModemConfig, type ModemEvent, startModem } from '../../src/index.js';
import { AtmodemProcess } from '../support/atmodem-process.js';
import { runPython } from '../support/python-host.js';
import { inRepository } from '../support/repository.js';
import { SerialHost } from '../support/serial-host.js';
import { SerialWire } from '../support/serial-wire.js';
import { ptyLibraryIfAny } from '../unit/ports/pty-host.js';
import { temporaryFolder } from '../unit/store/temporary.js';

const library = await ptyLibraryIfAny();
const started: AtmodemProcess[] = [];

beforeAll(() => {
  execFileSync(process.execPath, [inRepository('scripts/build.mjs')]);
});

afterEach(async () => {
  for (const daemon of started.splice(0)) {
    daemon.kill('SIGKILL');
    await daemon.ended();
  }
});

async function run(...args: string[]): Promise<AtmodemProcess> {
  const daemon = new AtmodemProcess(['run', '--broker', 'none', ...args], { XDG_RUNTIME_DIR: await temporaryFolder() });
  started.push(daemon);
  return daemon;
}

async function modemOn(config: ModemConfig) {
  const modem = await startModem({ broker: 'none', ...config });
  onTestFinished(() => modem.stop());
  const events: ModemEvent[] = [];
  modem.onEvent(event => events.push(event));
  return { modem, events };
}

describe.runIf(library)('a UART', () => {
  test('has a modem that follows its speed and survives being unplugged', async () => {
    const wire = await SerialWire.make(library!);
    const daemon = await run('--json', '--dialect', 'w800', '--port', `uart:${wire.path}@9600`);
    await daemon.says(`"port":"${wire.path}"`);
    await wire.hears('ready\r\n');
    expect(wire.speed).toBe(9600);
    wire.write('ATE0\r\n');
    await wire.hears('ATE0\r\n\r\nOK\r\n');
    wire.write('AT+UART_CUR=57600,8,1,0,0\r\n');
    await wire.hears('\r\nOK\r\n');
    wire.unplug();
    await daemon.says('waiting for it', 'stderr');
    wire.plug();
    await daemon.says('the serial device is back', 'stderr');
    expect(wire.speed).toBe(57_600);
    wire.write('AT\r\n');
    await wire.hears('\r\nOK\r\n');
    daemon.kill('SIGTERM');
    expect((await daemon.ended()).exitCode).toBe(0);
  });

  test('that is not there is told with those that are', async () => {
    const daemon = await run('--port', 'uart:/dev/ttyNOWHERE');
    const { exitCode, stdout, stderr } = await daemon.ended();
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/^cannot open \/dev\/ttyNOWHERE\n {2}found: {4}No such file.*\n {2}expected: a serial port/);
  });
});

describe('stdin and stdout', () => {
  test('are the port: nothing else is on stdout, and the end of stdin ends it', async () => {
    const daemon = await run('--json', '--dialect', 'v250', '--port', 'stdio');
    await daemon.says('"port":"stdio"', 'stderr');
    daemon.type('ATE0\rATI\r');
    expect(await daemon.ended()).toMatchObject({ exitCode: 0, stdout: 'ATE0\r\r\nOK\r\n\r\natmodem\r\n\r\nOK\r\n' });
  });

  test('lose no answer at the speed of a line', async () => {
    const daemon = await run('--dialect', 'v250', '--port', 'stdio', '--timing', 'real', '--power', 'start');
    daemon.type('ATE0\r');
    expect(await daemon.ended()).toMatchObject({ exitCode: 0, stdout: 'ATE0\r\r\nOK\r\n' });
  });
});

describe('a socket in the file system', () => {
  test('is this user’s alone, is found by `term`, and is gone with the daemon', async () => {
    const path = join(await temporaryFolder(), 'at.sock');
    const daemon = await run('--dialect', 'v250', '--port', `unix:${path}`);
    await daemon.says(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const term = new AtmodemProcess(['term', path]);
    term.type('ATI\n');
    expect((await term.ended()).stdout).toContain('atmodem');
    daemon.kill('SIGTERM');
    expect((await daemon.ended()).exitCode).toBe(0);
    expect(existsSync(path)).toBe(false);
  });

  test('that a killed daemon left is taken over', async () => {
    const path = join(await temporaryFolder(), 'at.sock');
    const first = await run('--port', `unix:${path}`);
    await first.says(path);
    first.kill('SIGKILL');
    await first.ended();
    expect(existsSync(path)).toBe(true);
    const second = await run('--port', `unix:${path}`);
    await second.says(path);
  });
});

describe.runIf(library)('a pty that is strict about the baud rate', () => {
  test('answers a host at the speed of the module, and no other', async () => {
    const { modem, events } = await modemOn({ dialect: '3gpp-27.007', baud: 'strict', power: 'start' });
    const wrong = await SerialHost.open(modem.port, '\r', 38_400);
    wrong.write('AT\rAT\r');
    await wrong.close();
    while (!events.some(({ event }) => event === 'detached')) await new Promise(resolve => setImmediate(resolve));
    expect(wrong.bytes).not.toContain('OK');
    const right = await SerialHost.open(modem.port, '\r', 115_200);
    await right.ask('\rATE0', /^ATE0/, 'OK');
    await right.ask('AT+IPR=38400', 'OK');
    await right.setSpeed(38_400);
    await right.ask('AT+IPR?', '+IPR: 38400', 'OK');
    await right.close();
  });
});

/** `port` is open, at 115200; `ask` sends a line and returns what comes until the text. */
const withSerial = `
import serial, sys, json, time
port = serial.serial_for_url('rfc2217://' + sys.argv[1], baudrate=115200, timeout=5)
def ask(line, until=b'OK\\r\\n'):
    port.write(line)
    return port.read_until(until).decode('latin1')
def within(condition):
    end = time.time() + 5
    while not condition() and time.time() < end: time.sleep(0.01)
    return condition()
`;

describe('RFC 2217 with pyserial', () => {
  test('sees boot lines, answers and modem lines, and sets baud rate, DTR and RTS', async () => {
    const { modem, events } = await modemOn({ dialect: 'quectel', port: 'rfc2217:0', baud: 'strict' });
    const printed = await runPython(
      `${withSerial}
said = {}
said['boot'] = port.read_until(b'RDY\\r\\n').decode('latin1')
said['echo off'] = ask(b'ATE0\\r')
said['lines'] = [port.cts, port.dsr, port.cd, port.ri]
ask(b'AT&C0\\r')
said['carrier'] = within(lambda: port.cd)
said['slower'] = ask(b'AT+IPR=9600\\r')
port.timeout = 0.5
said['wrong speed'] = 'OK' in ask(b'AT\\r')
port.baudrate = 9600
port.timeout = 5
said['right speed'] = ask(b'\\rAT+IPR?\\r')
port.rts = False
port.dtr = False
print(json.dumps(said))
port.close()`,
      modem.port,
    );
    expect(JSON.parse(printed)).toEqual({
      boot: expect.stringMatching(/^\r\nRDY\r\n$/),
      'echo off': expect.stringMatching(/\r\nOK\r\n$/),
      lines: [true, true, false, expect.any(Boolean)],
      carrier: true,
      slower: expect.stringMatching(/\r\nOK\r\n$/),
      'wrong speed': false,
      'right speed': expect.stringMatching(/\+IPR: 9600\r\n\r\nOK\r\n$/),
    });
    const lines = events.flatMap(event => (event.event === 'lines' ? [`${event.dtr} ${event.rts}`] : []));
    expect(lines).toEqual(['true true', 'true false', 'false false', 'false false']);
  });

  test('with pace: an answer takes the time that the line needs', async () => {
    const { modem } = await modemOn({ dialect: 'v250', port: 'rfc2217:0', timing: 'real', power: 'start' });
    const printed = await runPython(
      `${withSerial}
port.baudrate = 300
start = time.time()
ask(b'ATE0\\r')
print(time.time() - start)
port.close()`,
      modem.port,
    );
    // Five bytes there, and five and six back: each is echoed when it is heard.
    expect(Number(printed)).toBeGreaterThan((5 + 1 + 6) / 30);
  });
});

test('plain TCP reaches an rfc2217 port too', async () => {
  const { modem } = await modemOn({ dialect: 'v250', port: 'rfc2217:0', power: 'start' });
  const socket = connect(Number(modem.port.split(':')[1]), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let heard = '';
  socket.on('data', chunk => {
    heard += chunk.toString('latin1');
  });
  socket.write('ATE0\r');
  while (!heard.endsWith('OK\r\n')) await new Promise(resolve => socket.once('data', resolve));
  expect(heard).toBe('ATE0\r\r\nOK\r\n');
});
