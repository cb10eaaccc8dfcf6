/** One modem's load or trouble on real ptys: every byte right, memory bounded, and no other modem misses an answer. */
import { connectAsync, type MqttClient } from 'mqtt';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/base/clock.js';
import { startDaemon } from '../../src/daemon.js';
import type { Modem } from '../../src/modem/modem.js';
import { createPort, parsePort } from '../../src/ports/open-port.js';
import type { Port } from '../../src/ports/port.js';
import { hangNames } from '../support/hanging-names.js';
import { feed } from '../support/inbound-feed.js';
import { recordingLog, type Said } from '../support/log.js';
import { luatConnected, luatSubscribed } from '../support/luat-client.js';
import { startMosquitto } from '../support/mosquitto.js';
import { numberedPayload, ReportChecker, reportOf } from '../support/numbered-messages.js';
import { eventually, turns } from '../support/patience.js';
import { PtyClient } from '../support/pty-client.js';
import { SkippingClock } from '../support/skipping-clock.js';
import type { Address } from '../support/sockets.js';

const KiB = 1024;
const ok = '\r\nOK\r\n';
const topic = 'load/in';
const size = KiB;

interface Seat {
  modem: Modem;
  port: Port;
  host: PtyClient;
}

interface Rig {
  /** The one in trouble, and its neighbour. */
  seats: [Seat, Seat];
  clock: SkippingClock;
  said: Said[];
}

async function startRig(): Promise<Rig> {
  const clock = new SkippingClock();
  const log = recordingLog();
  const ports = await Promise.all([1, 2].map(() => createPort(parsePort('pty'), { clock, log })));
  const modems = ports.map(port => ({ dialect: 'luat', power: 'start' as const, port }));
  const daemon = await startDaemon({ modems, broker: 'none' }, { clock, log });
  onTestFinished(() => daemon.stop());
  await turns(50); // boot lines, said before a host comes
  const seats = daemon.modems.map(async (modem, i): Promise<Seat> => {
    const host = await PtyClient.open(ports[i]!.path);
    onTestFinished(() => host.close());
    return { modem, port: ports[i]!, host };
  });
  return { seats: (await Promise.all(seats)) as [Seat, Seat], clock, said: log.said };
}

async function startBroker(): Promise<{ address: Address; publisher: MqttClient }> {
  const mosquitto = await startMosquitto();
  onTestFinished(() => mosquitto.stop());
  const { host, port } = mosquitto;
  const publisher = await connectAsync({ host, port });
  onTestFinished(() => publisher.endAsync(true));
  return { address: { host, port }, publisher };
}

async function connect({ host }: Seat, broker: Address, qos: number): Promise<void> {
  for (const [line, answer] of [...luatConnected(broker, 'load'), ...luatSubscribed(topic, qos)])
    await host.exchange(line, answer);
}

/** The neighbour answers, one command after the other, and says nothing else. */
async function answersAll({ host }: Seat, count = 500): Promise<void> {
  host.write('ATE0\r');
  await eventually(() => host.pending.endsWith(ok), host.arrived);
  host.pending = '';
  for (let i = 0; i < count; i++) await host.exchange('AT\r', ok);
  expect(host.pending).toBe('');
}

/** Asked once a turn of the event loop. */
async function untilTurn(holds: () => boolean): Promise<void> {
  const end = systemClock.now() + 20_000;
  while (!holds() && systemClock.now() < end) await turns(1);
  expect(holds()).toBe(true);
}

describe('messages to a host that reads', () => {
  it('1 MB in 1 KiB messages, 20 in flight, come whole and in order', async () => {
    const [{ address, publisher }, { seats }] = await Promise.all([startBroker(), startRig()]);
    const [seat] = seats;
    await connect(seat, address, 1);
    await feed(seat.host, publisher, { topic, size, messages: 1024, inFlight: 20 });
    expect(seat.host.pending).toBe('');
    await seat.host.exchange('AT\r', ok);
  });
});

describe('messages to a host that does not read', () => {
  it('wait in the network past 256 KiB; URCs are dropped after 5 s; all messages come when it reads again', async () => {
    const [{ address, publisher }, { seats, clock, said }] = await Promise.all([startBroker(), startRig()]);
    const [deaf, neighbour] = seats;
    await connect(deaf, address, 0);
    await deaf.host.exchange('AT+CREG=1\r', ok);
    deaf.host.pause();
    const messages = 4 * 1024;
    for (let i = 0; i < messages; i++) publisher.publish(topic, numberedPayload(i, size));
    await answersAll(neighbour);
    await untilTurn(() => deaf.modem.channels[0]!.isOverfull);
    expect(deaf.port.queued).toBeLessThan(768 * KiB);

    clock.skip(6_000);
    const { registration } = deaf.modem.surroundings.cellular;
    let stat = 1;
    await untilTurn(() => {
      stat = stat === 1 ? 5 : 1;
      registration.set(stat);
      return said.some(({ text }) => text.includes('URCs are dropped'));
    });
    await answersAll(neighbour);

    deaf.host.resume();
    const last = reportOf(topic, numberedPayload(messages - 1, size));
    await eventually(() => deaf.host.pending.endsWith(last), deaf.host.arrived, 30_000);
    const checker = new ReportChecker(topic, size);
    // Those before the 5 s were over did come.
    expect(checker.take(deaf.host.pending.replaceAll(/\r\n\+CREG: [15]\r\n/g, ''))).toBe('');
    expect(checker.count).toBe(messages);
    deaf.host.pending = '';
    await deaf.host.exchange('AT\r', ok);
  });
});

describe('a host that types without end and reads nothing', () => {
  it('loses what is past 4 MiB, counted and said once; the next host meets a clean port', async () => {
    const { seats, said } = await startRig();
    const [deaf, neighbour] = seats;
    deaf.host.pause();
    const droppedBefore = deaf.port.dropped; // boot lines
    // Spaces mean nothing to the modem; the echo of each is a byte to write.
    const line = Buffer.from(`AT${' '.repeat(500)}\r`);
    await untilTurn(() => {
      deaf.host.writeSome(line);
      return deaf.port.dropped > droppedBefore;
    });
    await answersAll(neighbour);
    expect(deaf.port.queued).toBeLessThanOrEqual(4 * KiB * KiB);
    expect(said.filter(({ text }) => text.includes('dropping output'))).toHaveLength(1);

    const left = new Promise<void>(resolve => deaf.modem.events.on(({ event }) => event === 'detached' && resolve()));
    deaf.host.close();
    await left;
    const next = await PtyClient.open(deaf.port.path);
    onTestFinished(() => next.close());
    await next.exchange('AT\r', `AT\r${ok}`);
    expect(next.pending).toBe('');
  });
});

describe('a name whose server never answers', () => {
  it('keeps nobody waiting but who asked, and that one no longer than 5 s', async () => {
    onTestFinished(await hangNames());
    const { seats, clock } = await startRig();
    const [asking, neighbour] = seats;
    await asking.host.exchange('ATE0\r', `ATE0\r${ok}`);
    await asking.host.exchange('AT+MIPSTART="name.example",1883\r', ok);
    await answersAll(neighbour);
    await asking.host.exchange('AT\r', ok);
    clock.skip(5_000);
    await asking.host.expect('\r\nSTATE:TCP CLOSED\r\n\r\nCONNECT FAIL\r\n');
  });
});
