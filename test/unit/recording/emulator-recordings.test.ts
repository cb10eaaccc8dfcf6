/** What is recorded at the emulator is a transcript that holds: the player of the transcripts plays it, strictly. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Clock, ManualClock, systemClock } from '../../../src/base/clock.js';
import { Signal } from '../../../src/base/signal.js';
import { RunRecordings } from '../../../src/cli/run-recordings.js';
import type { ModemConfig } from '../../../src/config/modem-config.js';
import { type Daemon, startDaemon } from '../../../src/daemon.js';
import { MemoryPort } from '../../../src/ports/memory.js';
import { parseTranscript } from '../../../src/transcripts/parse.js';
import { eventually, turns } from '../../support/patience.js';
import { runTranscript } from '../../support/run-transcript.js';
import { splits } from '../../support/splits.js';
import { World } from '../../support/world.js';
import { temporaryFolder } from '../store/temporary.js';

let world: World;
beforeAll(async () => {
  world = await World.start('aedes');
});
afterAll(() => world.stop());

interface Manner {
  config?: ModemConfig;
  secrets?: boolean;
  clock?: Clock;
}

/** A host of a modem that is recorded, over a broker of its own. */
class RecordedHost {
  readonly #arrived = new Signal<void>();
  #said = '';

  private constructor(
    readonly port: MemoryPort,
    readonly daemon: Daemon,
    readonly recordings: RunRecordings,
    readonly file: string,
  ) {
    port.onOutput.on(() => {
      this.#said += port.take();
      this.#arrived.emit();
    });
  }

  static async start(dialect: string, { config = {}, secrets = false, clock = systemClock }: Manner = {}) {
    const port = new MemoryPort();
    const folder = await temporaryFolder();
    const path = join(folder, '{name}.at');
    const recordings = new RunRecordings({ path, secrets, hasState: false, clock }, 1);
    const modems = [{ name: 'bench', dialect, port, routes: ['*=embedded'], ...config }];
    const daemon = await startDaemon({ broker: 'embedded:0', modems }, { clock, between: recordings.between });
    recordings.follow(daemon);
    onTestFinished(() => daemon.stop());
    return new RecordedHost(port, daemon, recordings, join(folder, 'bench.at'));
  }

  /** Sends, and reads until this has come. */
  async asks(bytes: string, answer: string): Promise<void> {
    this.port.hostWrite(bytes);
    await this.hears(answer);
  }

  async hears(answer: string): Promise<void> {
    if (!(await eventually(() => this.#said.includes(answer), this.#arrived)))
      throw new Error(`${JSON.stringify(answer)} did not come, but ${JSON.stringify(this.#said)}`);
    this.#said = this.#said.slice(this.#said.indexOf(answer) + answer.length);
  }

  /** The text of the recording. */
  async ends(): Promise<string> {
    await this.daemon.stop();
    await this.recordings.end();
    return readFileSync(this.file, 'utf8');
  }
}

async function holds(text: string): Promise<void> {
  const transcript = parseTranscript(text, 'recorded.at');
  for (const split of splits) await runTranscript(transcript, { world, split });
}

test('a session with MQTT, messages both ways, and a secret', async () => {
  const host = await RecordedHost.start('luat');
  host.port.attach();
  await host.hears('+NITZ');
  await host.asks('AT\r', '\r\nOK\r\n');
  await host.asks('AT+MCONFIG="dev1","user","hunter22"\r', '\r\nOK\r\n');
  await host.asks('AT+MIPSTART="broker.example",1883\r', '\r\nCONNECT OK\r\n');
  await host.asks('AT+MCONNECT=1,60\r', '\r\nCONNACK OK\r\n');
  await host.asks('AT+MSUB="greenhouse/1",1\r', '\r\nSUBACK\r\n');
  await host.asks('AT+MPUB="greenhouse/1/air",1,0,"21.5"\r', '\r\nPUBACK\r\n');
  await host.daemon.broker!.publish('nobody/hears', 'this');
  await host.daemon.broker!.publish('greenhouse/1', 'water', { qos: 1 });
  await host.hears('5 byte,water\r\n');
  host.port.detach();
  host.port.attach();
  await host.asks('AT+CGSN\r', '\r\nOK\r\n');
  const text = await host.ends();
  expect(text).toContain('> AT+MCONFIG="dev1","user","********"\n');
  expect(text).not.toContain('hunter22');
  await holds(text);
});

test('a host that types, with CR LF, over several answers', async () => {
  const host = await RecordedHost.start('esp-at');
  host.port.attach();
  await host.hears('ready\r\n');
  for (const key of 'AT+CWMODE=1') host.port.hostWrite(key);
  host.port.hostWrite('\r\n');
  await host.hears('\r\nOK\r\n');
  await host.asks('AT+CWJAP="lab","hunter22"\r\n', '\r\nOK\r\n');
  await host.asks('AT+NOSUCH=1\r\n', '\r\nERROR\r\n');
  await host.asks('ATE0\r\n', '\r\nOK\r\n');
  await host.asks('AT+GMR\r\n', '\r\nOK\r\n');
  const text = await host.ends();
  expect(text).toContain('\nend: \\r\\n\n');
  expect(text).toContain('\n> AT+CWMODE=1\n');
  await holds(text);
});

test('data at a prompt, secret and not', async () => {
  const host = await RecordedHost.start('w800');
  host.port.attach();
  await host.hears('\r\n');
  await host.asks('AT+CWMODE=1\r\n', 'OK\r\n');
  await host.asks('AT+CWJAP="lab","hunter22"\r\n', 'WIFI GOT IP\r\n');
  await host.asks('AT+MQTTUSERCFG=0,1,"id","user","",0,0,""\r\n', 'OK\r\n');
  await host.asks('AT+MQTTLONGPASSWORD=0,9\r\n', '>');
  await host.asks('swordfish', 'OK\r\n');
  await host.asks('AT+MQTTCONN=0,"broker.example",1883,0\r\n', '+MQTTCONNECTED');
  await host.asks('AT+MQTTPUBRAW=0,"up",5,0,0\r\n', '>');
  const published = new Promise(resolve => host.daemon.broker!.published.on(resolve));
  await host.asks('a\r\nb\x00', 'OK\r\n');
  await published;
  const text = await host.ends();
  expect(text).not.toMatch(/hunter22|swordfish/);
  expect(text).toContain('\n>| *********\n');
  expect(text).toContain('\n>| a\\r\\nb\\x00\n');
  expect(text).toContain('\nb< up | a\\r\\nb\\x00\n');
  await holds(text);
});

test('a module as slow as a real one, by the clock', async () => {
  const clock = new ManualClock();
  const host = await RecordedHost.start('luat', { clock, config: { timing: 'real' } });
  host.port.attach();
  for (let second = 0; second < 60; second++) {
    clock.advance(1000);
    await turns(2);
  }
  await host.asks('AT+CCLK?\r', '\r\nOK\r\n');
  clock.advance(2500);
  await host.asks('AT\r', '\r\nOK\r\n');
  const text = await host.ends();
  expect(text).toContain('\ntiming: real\n');
  expect(text).toContain('\n~< 2s\n< RDY\n');
  expect(text).toContain('\n~ 2500ms\n> AT\n');
  await holds(text);
});

test('secrets stay where they are wanted', async () => {
  const host = await RecordedHost.start('luat', { secrets: true });
  host.port.attach();
  await host.hears('+NITZ');
  await host.asks('AT+MCONFIG="dev1","user","hunter22"\r', '\r\nOK\r\n');
  const text = await host.ends();
  expect(text).toContain('> AT+MCONFIG="dev1","user","hunter22"\n');
  await holds(text);
});
