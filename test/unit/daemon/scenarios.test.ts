/** Scenarios of a config's modems: where they begin, what they need, and how a reload changes them. */
import { expect, onTestFinished, test } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { OperatorError } from '../../../src/base/errors.js';
import type { DaemonConfig } from '../../../src/config/modem-config.js';
import { ConfigError } from '../../../src/config/problems.js';
import { startDaemon } from '../../../src/daemon.js';
import { MemoryPort } from '../../../src/ports/memory.js';
import { casesOf, scenarioFile } from '../scenarios/played-scenario.js';

const rings = (seed: string) =>
  scenarioFile(`${seed}\ndialect: luat\nsteps: [{ when: { time: 1s }, do: [{ urc: RING }] }]\n`);

async function start(config: DaemonConfig, clock = new ManualClock()) {
  const daemon = await startDaemon({ broker: 'none', ...config }, { clock });
  onTestFinished(() => daemon.stop());
  return daemon;
}

test('a scenario gives dialect and seed, where nobody else does', async () => {
  const scenario = await rings('seed: 7');
  const daemon = await start({ modems: [{ port: new MemoryPort(), scenario }] });
  expect(daemon.modems[0]!.dialect.name).toBe('luat');
  expect(daemon.seed).toBe(7);
  const other = await start({ seed: 9, modems: [{ port: new MemoryPort(), dialect: 'w800', scenario }] });
  expect(other.modems[0]!.dialect.name).toBe('w800');
  expect(other.faults.get('modem')?.seed).toBe(9);
});

test('each modem plays its own, from its own start', async () => {
  const clock = new ManualClock();
  const ports = [new MemoryPort(), new MemoryPort()];
  const scenario = await rings('');
  const daemon = await start({ modems: ports.map((port, i) => ({ name: `m${i}`, port, scenario })) }, clock);
  ports[0]!.attach();
  clock.advance(1000);
  expect([...daemon.scenarios.values()].map(({ isFinal }) => isFinal)).toEqual([true, false]);
});

test.each([
  ['a message', 'expect: [{ message: { topic: a } }]', /needs the embedded broker/],
  ['a publication', 'steps: [{ when: { time: 1s }, do: [{ publish: { topic: a } }] }]', /needs the embedded broker/],
  ['a channel', 'steps: [{ when: { time: 1s }, do: [{ urc: RING, channel: 2 }] }]', /channel 2, and 1 in modem/],
])('what it needs and does not have is told at the start: %s', async (_, yaml, message) => {
  const scenario = await scenarioFile(yaml);
  const failure = start({ modems: [{ port: new MemoryPort(), scenario }] });
  await expect(failure).rejects.toThrow(OperatorError);
  await expect(failure).rejects.toThrow(message);
});

test('one that names what the dialect lacks starts nothing', async () => {
  const scenario = await scenarioFile('expect: [{ never: { command: +MPUBB } }]');
  await expect(start({ modems: [{ port: new MemoryPort(), dialect: 'luat', scenario }] })).rejects.toThrow(ConfigError);
});

test('a reload that changes it ends the old one, and begins the new', async () => {
  const modem = async (seed: string) =>
    ({ dialect: 'luat', port: new MemoryPort(), power: 'start', scenario: await rings(seed) }) as const;
  const daemon = await start({ modems: [await modem('')] });
  const old = daemon.scenarios.get('modem')!;
  await daemon.reload({ broker: 'none', modems: [await modem('until: 5s')] });
  expect(old.isFinal).toBe(true);
  expect(casesOf(await old.verdict)).toEqual(['FAIL step step-1: never came: the scenario had ended by then']);
  expect(daemon.scenarios.get('modem')).not.toBe(old);
  expect(daemon.scenarios.get('modem')!.isFinal).toBe(false);
});

test('one that comes with a reload brings faults to a run that began without', async () => {
  const modem = () => ({ dialect: 'luat', port: new MemoryPort() });
  const daemon = await start({ modems: [modem()] });
  expect([daemon.seed, daemon.faults.size]).toEqual([undefined, 0]);
  await daemon.reload({ broker: 'none', modems: [{ ...modem(), scenario: await rings('seed: 7') }] });
  expect([daemon.seed, daemon.faults.get('modem')?.seed]).toEqual([7, 7]);
  expect(daemon.scenarios.get('modem')?.isFinal).toBe(false);
});
