import { SerialPort } from 'serialport';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../../src/base/clock.js';
import { OperatorError } from '../../../src/base/errors.js';
import { UartPort, type UartPortOptions } from '../../../src/ports/uart.js';
import { recordingLog } from '../../support/log.js';
import { SerialWire } from '../../support/serial-wire.js';
import { ptyLibraryIfAny } from './pty-host.js';
import { Recorder } from './recorder.js';

const library = await ptyLibraryIfAny();

function uart(device: string, options: Partial<UartPortOptions> = {}) {
  const log = recordingLog();
  const port = new UartPort({ spec: `uart:${device}`, device, clock: systemClock as Clock, log, ...options });
  const modem = new Recorder();
  onTestFinished(() => port.close());
  return { port, modem, said: log.said };
}

async function opened(options: Partial<UartPortOptions> = {}) {
  const wire = await SerialWire.make(library!);
  const made = uart(wire.path, options);
  await made.port.open(made.modem);
  await made.modem.untilLogged('attached');
  return { wire, ...made };
}

describe.runIf(library)('a UART', () => {
  it('carries bytes as they are, both ways', async () => {
    const { wire, port, modem } = await opened();
    expect(port.path).toBe(wire.path);
    wire.write('AT\r\n\xff\x00');
    await modem.until(() => modem.received.length === 6);
    expect(modem.received).toBe('AT\r\n\xff\x00');
    port.write(Buffer.from('\r\nOK\r\n\xff', 'latin1'));
    await wire.hears('\r\nOK\r\n\xff');
    await modem.untilLogged('drained');
    expect(port.delivered).toBe(7);
    expect(port.queued).toBe(0);
  });

  it('has a host while its device is there', async () => {
    const { port, modem } = await opened();
    expect(port.isAttached).toBe(true);
    expect(modem.log).toEqual(['attached']);
  });

  it('is unplugged, drops what nobody can read, and comes back', async () => {
    const { wire, port, modem, said } = await opened();
    wire.unplug();
    await modem.untilLogged('detached');
    expect(port.isAttached).toBe(false);
    port.write(Buffer.from('lost'));
    expect(port.dropped).toBe(4);
    wire.plug();
    await modem.untilLogged('attached', 2);
    wire.write('AT\r');
    await modem.untilLogged('bytes AT\r');
    port.write(Buffer.from('OK'));
    await wire.hears('OK');
    expect(modem.log.filter(entry => entry !== 'drained')).toEqual(['attached', 'detached', 'attached', 'bytes AT\r']);
    expect(said.map(({ text }) => text)).toEqual([
      'the serial device is gone: waiting for it',
      'the serial device is back',
    ]);
  });

  it('runs at the usual speed, or at that of the operator', async () => {
    expect((await opened()).wire.speed).toBe(115_200);
    expect((await opened({ baud: 9600 })).wire.speed).toBe(9600);
  });

  it('takes the speed of the module once what was written before has left, and keeps it over an unplugging', async () => {
    const { wire, port, modem } = await opened();
    port.setSpeed(115_200);
    port.write(Buffer.from('OK'));
    port.setSpeed(57_600);
    port.write(Buffer.from('AT'));
    await wire.hears('OK');
    expect(wire.speed).toBe(115_200);
    await wire.hears('AT');
    expect(wire.speed).toBe(57_600);
    wire.unplug();
    await modem.untilLogged('detached');
    wire.plug();
    await modem.untilLogged('attached', 2);
    expect(wire.speed).toBe(57_600);
  });

  it('lets the operator speak for the speed that the module starts with, and for no other', async () => {
    const { wire, port } = await opened({ baud: 9600 });
    const speedAfter = async (baud: number) => {
      port.setSpeed(baud);
      port.write(Buffer.from('.'));
      await wire.hears('.');
      return wire.speed;
    };
    expect(await speedAfter(115_200)).toBe(9600);
    expect(await speedAfter(57_600)).toBe(57_600);
    expect(await speedAfter(0)).toBe(57_600);
    expect(await speedAfter(115_200)).toBe(9600);
  });

  it('closes twice, and lets go of the device', async () => {
    const { wire, port, modem } = await opened();
    await Promise.all([port.close(), port.close()]);
    const next = uart(wire.path);
    await next.port.open(next.modem);
    await next.modem.untilLogged('attached');
    expect(modem.log).toEqual(['attached']);
  });

  it('is refused to a second one', async () => {
    const { wire } = await opened();
    const second = uart(wire.path);
    await expect(second.port.open(second.modem)).rejects.toThrow('another program has it');
  });
});

/** The driver, of a device that has the lines that a pty lacks. */
class SerialPortWithLines extends SerialPort {
  static status = { cts: false, dsr: false, dcd: false };
  static set: object[] = [];

  override get(told: (error: null, status: typeof SerialPortWithLines.status) => void): void {
    told(null, SerialPortWithLines.status);
  }

  override set(lines: object): void {
    SerialPortWithLines.set.push(lines);
  }
}

describe.runIf(library)('control lines, by a crossed cable', () => {
  const loadDriver = async () => SerialPortWithLines;
  const ready = { cts: true, dsr: true, dcd: false, ri: false };

  beforeEach(() => {
    SerialPortWithLines.status = { cts: false, dsr: false, dcd: false };
    SerialPortWithLines.set = [];
  });

  it('CTS and DSR of the modem are RTS and DTR here, and again after the device was away', async () => {
    const { wire, port, modem } = await opened({ loadDriver });
    port.setLines(ready);
    port.setLines({ ...ready, cts: false });
    wire.unplug();
    await modem.untilLogged('detached');
    wire.plug();
    await modem.untilLogged('attached', 2);
    expect(SerialPortWithLines.set).toEqual([
      { dtr: true, rts: true },
      { dtr: true, rts: false },
      { dtr: true, rts: false },
    ]);
  });

  it('RTS is the driver’s under hardware flow control', async () => {
    const { port } = await opened({ loadDriver, flow: ['rtscts'] });
    port.setLines({ ...ready, cts: false });
    expect(SerialPortWithLines.set).toEqual([{ dtr: true, rts: true }]);
  });

  it('CTS and DSR here are RTS and DTR of the host, told of when they change', async () => {
    const { modem } = await opened({ loadDriver });
    SerialPortWithLines.status = { cts: true, dsr: true, dcd: true };
    await modem.untilLogged('lines dtr rts');
    SerialPortWithLines.status = { cts: true, dsr: false, dcd: false };
    await modem.untilLogged('lines rts');
    expect(modem.log).toEqual(['lines', 'attached', 'lines dtr rts', 'lines rts']);
  });

  it('are let alone where the device has none', async () => {
    const { wire, port, modem } = await opened();
    port.setLines(ready);
    port.write(Buffer.from('OK'));
    await wire.hears('OK');
    expect(modem.log.filter(entry => entry.startsWith('lines'))).toEqual([]);
  });
});

describe('a UART that does not open', () => {
  it.each([
    ['/dev/ttyNOWHERE', 'No such file or directory', 'plug it in'],
    ['/dev/null', 'Inappropriate ioctl', 'no serial device'],
    ['/dev', 'Is a directory', 'no serial device'],
  ])('%s', async (device, found, hint) => {
    const { port, modem } = uart(device);
    const failure = await port.open(modem).catch(error => error);
    expect(failure).toBeInstanceOf(OperatorError);
    expect(failure).toMatchObject({ code: 'port', exitCode: 1 });
    expect(failure.message).toContain(`cannot open ${device}\n`);
    expect(failure.message).toContain(found);
    expect(failure.message).toContain('a serial port');
    expect(failure.message).toContain(hint);
  });
});
