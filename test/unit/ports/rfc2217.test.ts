import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ByteString, fromBuffer, toBuffer } from '../../../src/base/bytes.js';
import { ManualClock } from '../../../src/base/clock.js';
import { silentLog } from '../../../src/base/log.js';
import { Signal } from '../../../src/base/signal.js';
import { Rfc2217Port } from '../../../src/ports/rfc2217.js';
import { TcpPort } from '../../../src/ports/tcp.js';
import { eventually, turns } from '../../support/patience.js';
import { Recorder } from './recorder.js';

const hex = (text: string): ByteString => fromBuffer(Buffer.from(text.replaceAll(' ', ''), 'hex'));

/** IAC WILL COM-PORT, and what the server has to say to it. */
const willComPort = hex('fffb2c');
const welcomed = hex('fffd2c fffb00 fffd00 fffa2c6b00fff0');
const command = (payload: string): ByteString => hex(`fffa2c${payload}fff0`);

class Client {
  heard: ByteString = '';
  readonly #arrived = new Signal<void>();

  constructor(readonly socket: Socket) {
    socket.on('data', chunk => {
      this.heard += fromBuffer(chunk);
      this.#arrived.emit();
    });
  }

  write(bytes: ByteString): void {
    this.socket.write(toBuffer(bytes));
  }

  async hears(bytes: ByteString): Promise<void> {
    await eventually(() => this.heard.length >= bytes.length, this.#arrived);
    expect(toBuffer(this.heard.slice(0, bytes.length)).toString('hex')).toBe(toBuffer(bytes).toString('hex'));
    this.heard = this.heard.slice(bytes.length);
  }

  async asks(payload: string, answer: string): Promise<void> {
    this.write(command(payload));
    await this.hears(command(answer));
  }
}

async function opened() {
  const clock = new ManualClock();
  const spec = 'rfc2217:0';
  const tcp = new TcpPort({ spec, host: '127.0.0.1', port: 0, clock, log: silentLog });
  const port = new Rfc2217Port(tcp, { clock, log: silentLog });
  const modem = new Recorder();
  onTestFinished(() => port.close());
  await port.open(modem);
  return { clock, port, modem };
}

async function call(port: Rfc2217Port): Promise<Client> {
  const socket = connect(Number(port.path.split(':').at(-1)), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return new Client(socket);
}

/** One that speaks the option, and that the modem knows of. */
async function withClient() {
  const made = await opened();
  const client = await call(made.port);
  client.write(willComPort);
  await client.hears(welcomed);
  made.clock.advance(150);
  expect(made.modem.log).toEqual(['attached', 'lines dtr rts']);
  made.modem.log.length = 0;
  return { ...made, client };
}

describe('a client that speaks RFC 2217', () => {
  it('sends and hears every byte', async () => {
    const { client, modem, port } = await withClient();
    client.write(hex('ff ff 00 0d 00 0a'));
    await modem.until(() => modem.received.length === 5);
    expect(modem.received).toBe('\xff\x00\r\x00\n');
    port.write(toBuffer('\r\n\xff\r\n'));
    await client.hears('\r\n\xff\xff\r\n');
    await modem.untilLogged('drained');
    expect(port.queued).toBe(0);
  });

  it('tells its speed', async () => {
    const { client, modem } = await withClient();
    await client.asks('0100002580', '6500002580');
    expect(modem.log).toEqual(['speed 9600']);
  });

  it('tells DTR and RTS, and drops both by leaving', async () => {
    const { client, modem } = await withClient();
    await client.asks('0509', '6909');
    await client.asks('0508', '6908');
    client.socket.destroy();
    await modem.untilLogged('detached');
    expect(modem.log).toEqual(['lines rts', 'lines dtr rts', 'lines', 'detached']);
  });

  it('is told of the modem lines, and so is the next one', async () => {
    const { client, port, modem } = await withClient();
    port.setLines({ cts: true, dsr: true, dcd: false, ri: false });
    await client.hears(command('6b33'));
    client.socket.destroy();
    await modem.untilLogged('detached');
    const next = await call(port);
    next.write(willComPort);
    await next.hears(hex('fffd2c fffb00 fffd00 fffa2c6b30fff0'));
  });

  it('suspends the modem, and hears all of it later', async () => {
    const { client, port } = await withClient();
    client.write(command('08'));
    await client.asks('07', '6b00');
    port.write(toBuffer('OK'));
    expect(port.queued).toBe(2);
    await client.asks('07', '6b00');
    client.write(command('09'));
    await client.hears('OK');
  });

  it('purges what it has not heard', async () => {
    const { client, port } = await withClient();
    client.write(command('08'));
    await client.asks('07', '6b00');
    port.write(toBuffer('old'));
    await client.asks('0c01', '7001');
    client.write(command('09'));
    port.write(toBuffer('new'));
    await client.hears('new');
  });

  it('is never cut within an escape, however slowly it reads', async () => {
    const { client, port } = await withClient();
    client.socket.pause();
    for (let i = 0; i < 200; i++) port.write(Buffer.alloc(10_001, 0xff));
    port.discard();
    port.write(toBuffer('end'));
    client.socket.resume();
    const whole = new Signal<void>();
    client.socket.on('data', () => whole.emit());
    await eventually(() => client.heard.endsWith('end'), whole);
    expect(client.heard).toMatch(/^(\xff\xff)*end$/);
  });
});

describe('a client that sets up its line', () => {
  it('is told of to the modem when it is done, so that it loses no boot line', async () => {
    const { clock, port, modem } = await opened();
    const client = await call(port);
    client.write(willComPort);
    await client.hears(welcomed);
    for (const [set, answer] of [
      ['0100002580', '6500002580'],
      ['0208', '6608'],
      ['0c03', '7003'],
    ] as const) {
      clock.advance(100);
      await client.asks(set, answer);
    }
    expect(modem.log).toEqual(['speed 9600']);
    clock.advance(150);
    expect(modem.log).toEqual(['speed 9600', 'attached', 'lines dtr rts']);
  });

  it('is told of when it sends a byte', async () => {
    const { port, modem } = await opened();
    const client = await call(port);
    client.write(`${willComPort}A`);
    await modem.untilLogged('bytes A');
    expect(modem.log).toEqual(['attached', 'lines dtr rts', 'bytes A']);
  });

  it('and leaves without a word is told of to nobody', async () => {
    const { clock, port, modem } = await opened();
    const client = await call(port);
    client.write(willComPort);
    await client.hears(welcomed);
    client.socket.destroy();
    // The next one is taken only once the port has seen the first one go.
    await turns(20);
    clock.advance(10_000);
    expect(modem.log).toEqual([]);
    expect(port.isAttached).toBe(false);
  });
});

it('a client that sends garbage harms nobody', async () => {
  const { port, modem } = await opened();
  const client = await call(port);
  const garbage = Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i * i * 7 + (i >> 3)) & 0xff));
  client.socket.write(garbage);
  client.socket.write(hex('fffa2c'), 'latin1');
  client.socket.write('x'.repeat(100_000));
  client.socket.end();
  await modem.untilLogged('detached');
  const next = await call(port);
  next.write('AT\r');
  await modem.untilLogged('bytes AT\r');
  port.write(toBuffer('OK'));
  await next.hears('OK');
});

describe('a plain TCP client', () => {
  it('is asked for nothing, and told nothing but what the modem says', async () => {
    const { clock, port, modem } = await opened();
    const client = await call(port);
    await turns(5);
    clock.advance(150);
    port.setLines({ cts: true, dsr: true, dcd: true, ri: false });
    client.write('AT\r');
    await modem.untilLogged('bytes AT\r');
    port.write(toBuffer('OK'));
    await client.hears('OK');
  });
});
