/** A host that reads slowly, or not at all [DESIGN 4.12]: bounded memory, a network that waits, nobody else held up. */
import { describe, expect, it } from 'vitest';
import type { FakeLink } from '../../support/fake-broker.js';
import { turns } from '../../support/patience.js';
import type { ModemUnderTest } from './modem-under-test.js';
import { startAtFakeBroker } from './online.js';

const KiB = 1024;
const vendor = './examples/vendor.yaml';
const ok = '\r\nOK\r\n';

const payloadOf = (i: number): string =>
  String(i)
    .padStart(8, '.')
    .repeat(2 * KiB);
const reportOf = (i: number): string => `\r\n+MQRECV: "in",${16 * KiB},${payloadOf(i)}\r\n`;

function publish(link: FakeLink, from: number, to: number): void {
  for (let i = from; i < to; i++)
    link.send({
      cmd: 'publish',
      topic: 'in',
      payload: payloadOf(i),
      qos: 1,
      messageId: i + 1,
      dup: false,
      retain: false,
    });
}

/** 40 messages of 16 KiB for a host that reads none of them. */
async function overfull(): Promise<{ test: ModemUnderTest; link: FakeLink; queued: number }> {
  const { test, link } = await startAtFakeBroker(vendor, { channels: 2 });
  test.host.port.stall();
  publish(link, 0, 40);
  await turns(200);
  return { test, link, queued: test.host.port.queued };
}

describe('messages for a host that does not read', () => {
  it('are no longer taken from the network past 256 KiB', async () => {
    const { link, queued } = await overfull();
    expect(queued).toBeGreaterThan(256 * KiB);
    // what was in the module's hands when it stopped: one chunk of the network
    expect(queued).toBeLessThan(256 * KiB + 160 * KiB);
    for (let i = 0; i < Math.floor(queued / (16 * KiB)); i++) await link.next('puback');
  });

  it('all come, in order and whole, when it reads again', async () => {
    const { test, link } = await overfull();
    test.host.port.resume();
    await test.host.expects(Array.from({ length: 40 }, (_, i) => reportOf(i)).join(''));
    for (let i = 0; i < 40; i++) expect((await link.next('puback')).messageId).toBe(i + 1);
  });

  it('hold up neither the other port nor commands', async () => {
    const { test } = await overfull();
    await test.hosts[1]!.dialogue('AT+MQFMT?', `\r\n+MQFMT: 0\r\n${ok}`);
    test.host.types('AT\r');
    test.host.port.resume();
    await turns(50);
    expect(await test.host.reads()).toContain(ok);
  });

  it('go on to come when that host leaves', async () => {
    const { test, link } = await overfull();
    test.host.detaches();
    for (let i = 0; i < 40; i++) expect((await link.next('puback')).messageId).toBe(i + 1);
    test.host.port.resume();
    test.host.attaches();
    await test.host.expects('');
    await test.host.dialogue('AT', ok);
  });
});

describe('a prompt that stays open', () => {
  it('bounds what waits behind it in the same way', async () => {
    const { test, link } = await startAtFakeBroker(vendor);
    await test.host.dialogue('AT+MQPUB="out",0,0,5', '\r\n> ');
    publish(link, 0, 40);
    await turns(200);
    expect(test.modem.channels[0]!.urcs.bytes).toBeLessThan(256 * KiB + 160 * KiB);
    expect(test.modem.channels[0]!.isOverfull).toBe(true);
    test.host.types('hello');
    await turns(4);
    test.clock.advance(20); // the modem looks again
    await test.host.expects(ok + Array.from({ length: 40 }, (_, i) => reportOf(i)).join(''));
  });
});

describe('keep-alive', () => {
  it('does not hold a missing PINGRESP against the broker while nobody reads it', async () => {
    const { test } = await overfull();
    await test.passes(200_000);
    expect(test.modem.clients.ifAny(0)?.client.state).toBe('up');
    test.host.port.resume();
    await test.host.reads();
    expect(test.modem.clients.ifAny(0)?.client.state).toBe('up');
  });

  it('does once the host reads again, and the broker stays silent', async () => {
    const { test } = await overfull();
    await test.passes(61_000);
    test.host.port.resume();
    await test.host.reads();
    await test.passes(120_000);
    expect(test.modem.clients.ifAny(0)?.client.state).toBe('lost');
    await test.host.expects('\r\n+MQLOST: 2\r\n');
  });
});

describe('5 s without progress', () => {
  it('drop further URCs, with a count, and let later ones through when the host reads', async () => {
    const { test } = await overfull();
    await test.hosts[1]!.dialogue('AT+CREG=1', ok);
    await test.passes(6000);
    const { registration } = test.modem.surroundings.cellular;
    registration.set(5);
    registration.set(1);
    expect(test.said.filter(({ text }) => text.includes('URCs are dropped'))).toHaveLength(1);
    test.host.port.resume();
    expect(await test.host.reads()).not.toContain('+CREG');
    registration.set(5);
    await test.host.expects('\r\n+CREG: 5\r\n');
  });

  it('drop none where little waits', async () => {
    const { test } = await startAtFakeBroker(vendor);
    await test.host.asks('AT+CREG=1');
    test.host.port.stall();
    await test.passes(60_000);
    test.modem.surroundings.cellular.registration.set(5);
    test.host.port.resume();
    await test.host.expects('\r\n+CREG: 5\r\n');
  });
});
