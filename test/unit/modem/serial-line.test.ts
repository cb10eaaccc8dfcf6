/** What a module does with its serial line, seen from a port that carries speed and control lines. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import type { ModemConfig } from '../../../src/config/modem-config.js';
import { startDaemon } from '../../../src/daemon.js';
import type { ModemEvent } from '../../../src/modem/modem.js';
import { MemoryPort } from '../../../src/ports/memory.js';
import type { DceLines } from '../../../src/ports/port.js';
import { tcpPeer } from '../sockets/socket-under-test.js';
import { TestHost } from './test-host.js';

/** Remembers what it was told of the line. */
class SerialMemoryPort extends MemoryPort {
  /** With what the host had not read by then. */
  speeds: { baud: number; after: string }[] = [];
  /** Those that are on, at each change. */
  lines: string[] = [];

  setSpeed(baud: number): void {
    this.speeds.push({ baud, after: this.output });
  }

  setLines(lines: DceLines): void {
    const on = Object.entries(lines).filter(([, level]) => level);
    this.lines.push(on.map(([name]) => name).join(' '));
  }
}

/** Powered on, without echo. */
async function started(dialect: string, config: ModemConfig = {}) {
  const port = new SerialMemoryPort();
  const clock = new ManualClock();
  const daemon = await startDaemon(
    { broker: 'none', modems: [{ dial: 'routes', power: 'manual', ...config, dialect, port }] },
    { clock },
  );
  onTestFinished(() => daemon.stop());
  const modem = daemon.modems[0]!;
  const host = new TestHost(port, modem.dialect.style.framing === 'esp' ? '\r\n' : '\r');
  host.attaches();
  modem.powerOn();
  await host.asks('ATE0');
  return { port, clock, modem, host };
}

/** Online with a peer, by a module whose DTR means what `&D` says. */
async function online(...settings: string[]) {
  const peer = await tcpPeer();
  const routes = [`*=127.0.0.1:${peer.port}`];
  const made = await started('./test/fixtures/grammars/held-numbers.yaml', { routes });
  for (const line of settings) await made.host.asks(line);
  await made.host.dialogue('AT+OPEN=0,tcp,"peer.example",80', '\r\nOK\r\n');
  const link = await peer.next();
  made.port.lines = [];
  await made.host.dialogue('AT+ONLINE=0,10,2', '\r\nCONNECT\r\n');
  made.port.hostLines({ dtr: true, rts: true });
  return { ...made, link };
}

describe('the speed', () => {
  test('is told at power-on, and after the answer to the command that sets it', async () => {
    const { port, host } = await started('3gpp-27.007');
    expect(new Set(port.speeds.map(({ baud }) => baud))).toEqual(new Set([115_200]));
    port.speeds = [];
    await host.asks('AT+IPR=9600;+IPR?');
    expect(port.speeds).toEqual([{ baud: 9600, after: '\r\n+IPR: 9600\r\n\r\nOK\r\n' }]);
  });

  test('is not told again where nothing changed, nor where the command was refused', async () => {
    const { port, host } = await started('3gpp-27.007');
    port.speeds = [];
    for (const line of ['AT', 'AT+IPR=115200', 'AT+IPR=9601', 'AT+IPR?']) await host.asks(line);
    expect(port.speeds).toEqual([]);
  });

  test('changes between two lines that come in one piece', async () => {
    const { port, host } = await started('3gpp-27.007');
    port.speeds = [];
    host.types('AT+IPR=9600\rAT+IPR=57600\r');
    await host.reads();
    expect(port.speeds).toEqual([
      { baud: 9600, after: '\r\nOK\r\n' },
      { baud: 57_600, after: '\r\nOK\r\n\r\nOK\r\n' },
    ]);
  });

  test('is what was stored, at the next power-on', async () => {
    const { port, host, modem } = await started('3gpp-27.007');
    await host.asks('AT+IPR=9600;&W');
    await host.asks('AT+IPR=57600');
    port.speeds = [];
    modem.powerOff();
    modem.powerOn();
    expect(port.speeds.at(-1)?.baud).toBe(9600);
  });

  test('0 is told again at each power-on, for the module listens anew', async () => {
    const { port, modem } = await started('luat');
    port.speeds = [];
    modem.powerOff();
    modem.powerOn();
    expect(port.speeds.at(-1)?.baud).toBe(0);
  });

  test('of a Wi-Fi module comes with its boot, from flash', async () => {
    const { port, host, modem } = await started('w800');
    await host.asks('AT+UART_DEF=57600,8,1,0,0');
    await host.asks('AT+UART_CUR=9600,8,1,0,0');
    expect(port.speeds.slice(-2)).toEqual([
      { baud: 57_600, after: '\r\nOK\r\n' },
      { baud: 9600, after: '\r\nOK\r\n' },
    ]);
    modem.powerOff();
    modem.powerOn();
    await host.reads();
    expect(port.speeds.at(-1)?.baud).toBe(57_600);
  });
});

describe('the lines of the modem', () => {
  test('are on while it has power', async () => {
    const { port, modem } = await started('v250', { settings: { '&C': 0 } });
    modem.powerOff();
    modem.powerOn();
    expect(port.lines).toEqual(['', 'cts dsr dcd', '', 'cts dsr dcd']);
  });

  test('DCD follows the link with &C1, and not with &C0', async () => {
    const { port, host, link } = await online();
    expect(port.lines).toEqual(['cts dsr dcd']);
    link.end();
    await host.expects('\r\nNO CARRIER\r\n');
    expect(port.lines).toEqual(['cts dsr dcd', 'cts dsr']);
    await host.asks('AT&C0');
    expect(port.lines.at(-1)).toBe('cts dsr dcd');
  });

  test('RI tells of a URC', async () => {
    const { port, clock, modem } = await started('quectel');
    clock.advance(10_000);
    port.lines = [];
    modem.channels[0]!.urc('+QIURC: "recv",0');
    expect(port.lines).toEqual(['cts dsr ri']);
    clock.advance(119);
    expect(port.lines).toHaveLength(1);
    clock.advance(1);
    expect(port.lines).toEqual(['cts dsr ri', 'cts dsr']);
  });
});

describe('the lines of the host', () => {
  test('are told of', async () => {
    const { port, modem } = await started('w800');
    const events: ModemEvent[] = [];
    modem.events.on(event => events.push(event));
    port.hostLines({ dtr: true, rts: false });
    expect(events).toEqual([{ event: 'lines', channel: 0, dtr: true, rts: false }]);
  });

  test('DTR that drops means nothing with &D0', async () => {
    const { port, modem, link, host } = await online('AT&D0');
    port.hostLines({ dtr: false, rts: true });
    expect(modem.channels[0]!.state).toBe('online');
    link.write('still there');
    await host.expects('still there');
  });

  test('brings the module back to command state with &D1', async () => {
    const { port, modem, host } = await online('AT&D1');
    port.hostLines({ dtr: false, rts: true });
    await host.expects('\r\nOK\r\n');
    expect(modem.channels[0]!.state).toBe('command');
    expect(modem.links.of(0).socket.state).toBe('connected');
  });

  test('ends the link with &D2, after what was typed', async () => {
    const { port, modem, host, link } = await online('AT&D2');
    const heard: Buffer[] = [];
    link.on('data', chunk => heard.push(chunk));
    const ended = new Promise(resolve => link.once('end', resolve));
    host.types('bye');
    port.hostLines({ dtr: false, rts: true });
    await host.expects('\r\nNO CARRIER\r\n');
    await ended;
    expect(Buffer.concat(heard).toString()).toBe('bye');
    expect(modem.channels[0]!.state).toBe('command');
    expect(await host.asks('AT')).toBe('\r\nOK\r\n');
  });

  test('RTS alone ends nothing', async () => {
    const { port, modem } = await online('AT&D2');
    port.hostLines({ dtr: true, rts: false });
    expect(modem.channels[0]!.state).toBe('online');
  });
});
