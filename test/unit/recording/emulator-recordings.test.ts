/** What is recorded at the emulator is a transcript that holds: the player of the transcripts plays it, strictly. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import { Signal } from '../../../src/base/signal.js';
import { RunRecordings } from '../../../src/cli/run-recordings.js';
import type { ModemConfig } from '../../../src/config/modem-config.js';
import { type Daemon, startDaemon } from '../../../src/daemon.js';
import { MemoryPort } from '../../../src/ports/memory.js';
import { parseTranscript } from '../../../src/transcripts/parse.js';
import { eventually } from '../../support/patience.js';
import { runTranscript } from '../../support/run-transcript.js';
import { splits } from '../../support/splits.js';
import { World } from '../../support/world.js';
import { temporaryFolder } from '../store/temporary.js';

let world: World;
beforeAll(async () => {
  world = await World.start('aedes');
});
afterAll(() => world.stop());

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

  static async start(dialect: string, config: ModemConfig = {}, secrets = false): Promise<RecordedHost> {
    const port = new MemoryPort();
    const file = join(await temporaryFolder(), '{name}.at');
    const recordings = new RunRecordings({ path: file, secrets, hasState: false, clock: systemClock }, 1);
    const modems = [{ name: 'bench', dialect, port, routes: ['*=embedded'], ...config }];
    const daemon = await startDaemon({ broker: 'embedded:0', modems }, { between: recordings.between });
    recordings.follow(daemon);
    onTestFinished(() => daemon.stop());
    const host = new RecordedHost(port, daemon, recordings, file.replace('{name}', 'bench'));
    return host;
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
