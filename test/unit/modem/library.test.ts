/** The library as a firmware project's own tests would use it: plain values in, a running modem out, mistakes explained. */
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { visible } from '../../../src/base/bytes.js';
import { openAuthority } from '../../../src/ca/folder.js';
import { type ModemEvent, OperatorError, type StartOptions, startModem, startModems } from '../../../src/index.js';
import { MemoryPort } from '../../../src/ports/memory.js';
import { certificate } from '../../support/certificates.js';
import { patience, within } from '../../support/patience.js';
import { temporaryFolder } from '../store/temporary.js';

async function start(options: StartOptions = {}) {
  const modem = await startModem({ port: 'tcp:0', dialect: 'v250', broker: 'none', ...options });
  onTestFinished(() => modem.stop());
  return modem;
}

/** A host on TCP that reads until what it waits for has come. */
class Caller {
  #text = '';

  private constructor(readonly socket: Socket) {
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      this.#text += chunk;
      socket.emit('progress');
    });
  }

  static async dial(port: string): Promise<Caller> {
    const [host, number] = port.split(':');
    const socket = connect(Number(number), host);
    await once(socket, 'connect');
    onTestFinished(() => void socket.destroy());
    return new Caller(socket);
  }

  async asks(line: string, answer: string): Promise<void> {
    this.socket.write(`${line}\r`, 'latin1');
    await this.reads(answer);
  }

  async reads(expected: string): Promise<void> {
    const what = () => `waited for ${visible(expected)}, got ${visible(this.#text)}`;
    while (!this.#text.includes(expected)) await within(patience, what, once(this.socket, 'progress'));
    this.#text = '';
  }
}

async function mistake(options: object): Promise<OperatorError> {
  const error = await startModem({ broker: 'none', port: 'tcp:0', ...options }).catch(caught => caught);
  expect(error).toBeInstanceOf(OperatorError);
  return error;
}

describe('startModem', () => {
  it('tells where to connect and what it is, and answers there', async () => {
    const modem = await start();
    expect(modem).toMatchObject({ name: 'modem', dialect: 'v250', broker: undefined });
    expect(modem.port).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(modem.ports).toEqual([modem.port]);
    const host = await Caller.dial(modem.port);
    await host.asks('ATE0', '\r\nOK\r\n');
  });

  it('takes ports of the caller’s own', async () => {
    const port = new MemoryPort();
    await start({ port });
    port.attach();
    port.hostWrite('ATE0\r');
    expect(port.output).toBe('ATE0\r\r\nOK\r\n');
  });

  it('injects faults, tells of the points that are met, and lifts', async () => {
    const port = new MemoryPort();
    const { faults } = await start({ port, seed: 5, faults: ['at.error,command=I'] });
    port.attach();
    port.hostWrite('ATE0\r');
    port.take();
    const asks = (line: string) => {
      port.hostWrite(`${line}\r`);
      return port.take();
    };
    expect([faults.seed, faults.active.map(({ text }) => text)]).toEqual([5, ['at.error command=I']]);
    expect(asks('ATI')).toBe('\r\nERROR\r\n');
    const met: string[] = [];
    const stop = faults.onMet(({ point, n, struck = [] }) => met.push(`${point} ${n} ${struck}`));
    const { id } = faults.inject({ fault: 'at.silent', rate: 1 });
    expect(asks('AT')).toBe('');
    stop();
    expect(met).toContain('at.command 3 at.silent');
    expect([faults.lift(id), faults.lift(id), faults.active]).toEqual([true, false, []]);
    expect(asks('AT')).toBe('\r\nOK\r\n');
    expect(() => faults.inject({ fault: 'at.silnt' })).toThrow(OperatorError);
  });

  it('gives several channels their ports', async () => {
    const ports = [new MemoryPort(), new MemoryPort()];
    const modem = await start({ port: ports });
    expect(modem.ports).toEqual(['memory', 'memory']);
    ports[1]!.attach();
    ports[1]!.hostWrite('ATE0\r');
    expect(ports[1]!.output).toContain('OK');
    expect(ports[0]!.output).toBe('');
  });

  it('brings a broker, whose messages can be seen and sent', async () => {
    const modem = await start({ dialect: 'luat', broker: 'embedded:0', routes: ['*=embedded'] });
    const { broker } = modem;
    expect(broker?.url).toBe(`mqtt://127.0.0.1:${broker?.port}`);
    const host = await Caller.dial(modem.port);
    await host.reads('+NITZ');
    await host.asks('AT+MIPSTART="broker.example",1883', 'CONNECT OK');
    await host.asks('AT+MCONNECT=1,60', 'CONNACK OK');
    await host.asks('AT+MSUB="down",0', 'SUBACK');
    const published = new Promise(resolve => broker!.onMessage(resolve));
    await host.asks('AT+MPUB="up",0,0,"hello"', 'OK');
    expect(await published).toMatchObject({ topic: 'up', payload: Buffer.from('hello') });
    await broker!.publish('down', 'world');
    await host.reads('+MSUB: "down",5 byte,world');
  });

  it('is a cloud where it is told devices: they sign in, properties are set, and others are refused', async () => {
    const cloud = { aliyun: [{ productKey: 'pk', deviceName: 'device', deviceSecret: 'secret' }] };
    const modem = await start({ dialect: 'quectel', broker: 'embedded:0', cloud, routes: ['*=embedded'] });
    const host = await Caller.dial(modem.port);
    await host.reads('RDY');
    await host.asks('AT+QMTCFG="aliauth",0,"pk","device","secret"', 'OK');
    await host.asks('AT+QMTOPEN=0,"pk.iot-as-mqtt.cn-shanghai.aliyuncs.com",1883', '+QMTOPEN: 0,0');
    await host.asks('AT+QMTCONN=0,"12345"', '+QMTCONN: 0,0,0');
    await host.asks('AT+QMTSUB=0,1,"/sys/pk/device/thing/service/property/set",0', '+QMTSUB: 0,1,0,0');
    await modem.broker?.cloud?.setProperty({ product: 'pk', device: 'device' }, { LightSwitch: 1 });
    await host.reads('"params":{"LightSwitch":1}');

    await host.asks('AT+QMTCFG="aliauth",1,"pk","device","secrte"', 'OK');
    await host.asks('AT+QMTOPEN=1,"pk.iot-as-mqtt.cn-shanghai.aliyuncs.com",1883', '+QMTOPEN: 1,0');
    await host.asks('AT+QMTCONN=1,"12345"', '+QMTCONN: 1,0,5');
  });

  it('tells what happens, and stops telling when asked to', async () => {
    const port = new MemoryPort();
    const modem = await start({ dialect: 'w800', port });
    const events: ModemEvent[] = [];
    const off = modem.onEvent(event => events.push(event));
    port.attach();
    port.detach();
    modem.powerOff();
    modem.powerOff();
    expect(events).toEqual([
      { event: 'attached', channel: 0 },
      { event: 'power', state: 'on' },
      { event: 'detached', channel: 0 },
      { event: 'power', state: 'off' },
    ]);
    off();
    modem.powerOn();
    expect(events).toHaveLength(4);
  });

  it('tells the dialogue, line by line', async () => {
    const port = new MemoryPort();
    const modem = await start({ port, name: 'meter' });
    port.attach();
    const lines: object[] = [];
    const off = modem.onDialogue(({ modem, channel, from, text }) => lines.push({ modem, channel, from, text }));
    port.hostWrite('ATE0S3?\r');
    off();
    port.hostWrite('AT\r');
    expect(lines).toEqual([
      { modem: 'meter', channel: 0, from: 'host', text: 'ATE0S3?' },
      { modem: 'meter', channel: 0, from: 'modem', text: '13' },
      { modem: 'meter', channel: 0, from: 'modem', text: 'OK' },
    ]);
  });

  it('takes certificates as files or as bytes', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'ca.pem'), certificate('ca.pem'));
    await start({ dialect: 'w800', certs: { ca: join(folder, 'ca.pem'), cert: certificate('client.pem') } });
  });

  it('stops twice, and its port is closed', async () => {
    const modem = await start();
    const host = await Caller.dial(modem.port);
    const closed = once(host.socket, 'close');
    await Promise.all([modem.stop(), modem.stop()]);
    await within(patience, () => 'the port stayed open', closed);
    await modem.stop();
    await expect(Caller.dial(modem.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('startModems', () => {
  it.each([
    ['TLS', 3],
    ['WebSocket over TLS', 8],
  ])('shows its broker’s certificate for the name that firmware dials, over %s', async (_, scheme) => {
    const folder = await temporaryFolder();
    const { pem } = await openAuthority(folder);
    const firmware = { dialect: 'w800', certs: { ca: Buffer.from(pem) }, routes: ['iot.cloud.example=embedded'] };
    const modem = await start({ ...firmware, broker: 'embedded:0', ca: folder });
    const host = await Caller.dial(modem.port);
    await host.asks('AT+CWMODE=1', 'OK');
    await host.asks('AT+CWJAP="ssid","password"', 'WIFI GOT IP');
    await host.asks(`AT+MQTTUSERCFG=0,${scheme},"W800","","",0,0,"mqtt"`, 'OK');
    await host.asks('AT+MQTTCONN=0,"iot.cloud.example",8883,0', '+MQTTCONNECTED:0');
  });

  it('runs several over one broker, each with a name and a face of its own', async () => {
    const all = await startModems(
      [{ dialect: 'luat' }, { dialect: 'luat' }, { dialect: 'w800', name: 'gate' }].map(each => ({
        ...each,
        port: 'tcp:0',
        routes: ['*=embedded'],
      })),
    );
    onTestFinished(() => all.stop());
    expect(all.modems.map(({ name }) => name)).toEqual(['modem', 'modem-2', 'gate']);
    expect(new Set(all.modems.map(({ port }) => port)).size).toBe(3);
    const imeis = new Set<string>();
    for (const modem of all.modems.slice(0, 2)) {
      const host = await Caller.dial(modem.port);
      const answer = new Promise<string>(resolve =>
        host.socket.on('data', text => /\d{15}/.exec(String(text))?.forEach(resolve)),
      );
      host.socket.write('AT+CGSN\r');
      imeis.add(await answer);
    }
    expect(imeis.size).toBe(2);
  });

  it('one stops, the others go on; all stop twice', async () => {
    const ports = [new MemoryPort(), new MemoryPort()];
    const all = await startModems(
      ports.map(port => ({ dialect: 'v250', port })),
      { broker: 'none' },
    );
    const [first, second] = all.modems;
    await first!.stop();
    ports[1]!.attach();
    ports[1]!.hostWrite('ATE0\r');
    expect(ports[1]!.output).toContain('OK');
    expect(second!.name).toBe('modem-2');
    await all.stop();
    await all.stop();
    await first!.stop();
  });

  it('stops what had started when one cannot', async () => {
    const taken = await start();
    const free = new MemoryPort();
    const failed = startModems(
      [
        { dialect: 'v250', port: free },
        { dialect: 'v250', port: `tcp:${taken.port}` },
      ],
      {
        broker: 'none',
      },
    );
    await expect(failed).rejects.toMatchObject({ code: 'port' });
    expect(() => free.attach()).toThrow('closed');
  });

  it('keeps one that a host floods from slowing another', async () => {
    const [deaf, other] = [new MemoryPort(), new MemoryPort()];
    const all = await startModems(
      [deaf, other].map(port => ({ dialect: 'v250', port })),
      { broker: 'none' },
    );
    onTestFinished(() => all.stop());
    for (const port of [deaf, other]) port.attach();
    deaf.stall();
    for (let i = 0; i < 40_000; i++) deaf.hostWrite('AT&V\r');
    expect(deaf.dropped).toBeGreaterThan(0);
    other.hostWrite('ATE0\r');
    expect(other.output).toContain('OK');
  });
});

describe('a wrong option', () => {
  it.each([
    [{ dialect: 'laut' }, 'usage', 'luat'],
    [{ dialect: './no-such.yaml' }, 'grammar', 'no-such.yaml'],
    [{ port: 'tpc:1' }, 'usage', 'tcp'],
    [{ port: 'tcp:70000' }, 'usage', '65535'],
    [{ port: 'uart:/dev/ttyNOWHERE' }, 'port', 'plug it in'],
    [{ port: ['tcp:2323', 'tcp:127.0.0.1:2323'] }, 'config', 'one port twice'],
    [{ baud: 'strickt' }, 'config', 'strict'],
    [{ routes: ['broker.example'] }, 'usage', '--route'],
    [{ settings: { 'shut-repl': 'OK' }, dialect: 'luat' }, 'usage', 'shut-reply'],
    [{ settings: { 'shut-reply': 'NO' }, dialect: 'luat' }, 'usage', 'SHUT OK'],
    [{ certs: { ca: '/no/such/file.pem' } }, 'config', 'no such file'],
    [{ broker: 'embeded' }, 'usage', 'embedded'],
    [{ broker: 'embedded:99999' }, 'usage', 'PORT'],
    [{ power: 'atach' }, 'config', 'attach'],
    [{ timing: 'reel' }, 'config', 'real'],
    [{ dial: 'loopbak' }, 'config', 'loopback'],
    [{ clock: 'always' }, 'config', 'never'],
    [{ dialekt: 'luat' }, 'config', 'dialect'],
  ])('%j is told, and what was meant', async (options, code, meant) => {
    const error = await mistake(options);
    expect(error.code).toBe(code);
    expect(error.message.toLowerCase()).toContain(meant.toLowerCase());
  });

  it('a name that two modems have', async () => {
    const twins = startModems([{ name: 'a' }, { name: 'a' }], { broker: 'none' });
    await expect(twins).rejects.toMatchObject({ code: 'config', details: { hint: expect.stringContaining('name') } });
  });

  it('a state folder that another daemon has', async () => {
    const state = await temporaryFolder();
    await start({ state });
    expect(await mistake({ dialect: 'v250', state })).toMatchObject({ code: 'state' });
  });

  it('a state folder that is a file', async () => {
    const state = join(await temporaryFolder(), 'file');
    await writeFile(state, '');
    expect(await mistake({ dialect: 'v250', state })).toMatchObject({ code: 'state' });
  });

  it('a route to the embedded broker where none runs', async () => {
    const routes = ['real.example=127.0.0.1:1883', '*=embedded'];
    const { code, details } = await mistake({ dialect: 'v250', routes });
    expect(code).toBe('config');
    expect(details.found).toContain('*=embedded');
  });

  it('a certificate that is a folder', async () => {
    const folder = join(await temporaryFolder(), 'ca.pem');
    await mkdir(folder);
    expect(await mistake({ certs: { ca: folder } })).toMatchObject({ code: 'config', details: { found: folder } });
  });
});
