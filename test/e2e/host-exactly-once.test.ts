/**
 * QoS 2 with clean_session 0: exactly once, wherever in its exchange the link is lost, and though the broker restarts
 * meanwhile. The host does what firmware does: it sees CLOSED, and connects again.
 */
import { describe, expect, onTestFinished, test } from 'vitest';
import { CutLine, type Side } from '../support/cut-line.js';
import { KeptClient } from '../support/kept-client.js';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.js';
import { Observer } from '../support/observer.js';
import type { SerialHost } from '../support/serial-host.js';
import { boots, connects, plugIn } from '../support/serial-luat.js';

/** What is lost right behind a packet of the message. */
interface Loss {
  cmd: 'publish' | 'pubrec' | 'pubrel';
  side: Side;
  lost: 'link' | 'link and broker';
}

const both = (cmd: Loss['cmd'], side: Side): Loss[] => [
  { cmd, side, lost: 'link' },
  { cmd, side, lost: 'link and broker' },
];

interface Kept {
  broker: Mosquitto;
  line: CutLine;
  host: SerialHost;
}

async function startKept(): Promise<Kept> {
  const broker = await startMosquitto({ sessions: 'kept' });
  const line = await CutLine.start(broker);
  onTestFinished(async () => {
    await line.stop();
    await broker.stop();
  });
  const { host } = await plugIn({ 'broker.example:1883': line.address });
  await boots(host);
  await host.ask('AT+MCONFIG="meter-9"', 'OK');
  await connects(host, 0);
  return { broker, line, host };
}

async function comeBack({ broker, line, host }: Kept, lost: Loss['lost']): Promise<void> {
  if (lost === 'link and broker') await broker.restart();
  line.mend();
  await host.reads('CLOSED');
  await connects(host, 0);
}

describe('sending', () => {
  const losses = [...both('publish', 'modem'), ...both('pubrec', 'broker'), ...both('pubrel', 'modem')];

  test.each(losses)('$lost lost behind $cmd of the $side', async ({ cmd, side, lost }) => {
    const kept = await startKept();
    const receiver = new KeptClient(kept.broker, 'receiver');
    await receiver.subscribe('once');
    const isCut = kept.line.cutAfter(side, cmd);
    await kept.host.ask('AT+MPUB="once",2,0,"one"', 'OK', ...(cmd === 'publish' ? [] : ['PUBREC']));
    await isCut;
    await comeBack(kept, lost);
    // The broker answers only when it is done with what was sent again before.
    await kept.host.ask('AT+MPUB="once",2,0,"two"', 'OK', 'PUBREC', 'PUBCOMP');
    expect(await receiver.collect()).toEqual(['one', 'two']);
  });
});

describe('receiving', () => {
  const losses: Loss[] = [
    ...both('publish', 'broker'),
    ...both('pubrec', 'modem'),
    // Not the broker too: mosquitto 2.0 forgets in a restart that PUBREC came, and publishes anew behind its own PUBREL.
    { cmd: 'pubrel', side: 'broker', lost: 'link' },
  ];

  test.each(losses)('$lost lost behind $cmd of the $side', async ({ cmd, side, lost }) => {
    const kept = await startKept();
    const sends = async (payload: string) => {
      const sender = await Observer.start(kept.broker);
      await sender.publish({ topic: 'once', payload, qos: 2, retain: false });
      await sender.stop();
    };
    await kept.host.ask('AT+MSUB="once",2', 'OK', 'SUBACK');
    const isCut = kept.line.cutAfter(side, cmd);
    await sends('one');
    await kept.host.reads('+MSUB: "once",3 byte,one');
    await isCut;
    await comeBack(kept, lost);
    await sends('two');
    await kept.host.reads('+MSUB: "once",3 byte,two');
  });
});
