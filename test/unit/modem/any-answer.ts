/** After any input: what a host must do before it can ask `AT`, and which commands make the answer to that another. */
import type { ModemUnderTest } from './modem-under-test.js';

/** Longer than the longest count of any prompt. */
const mostAnnounced = 20_000;

/**
 * Commands after which `AT` is rightly answered otherwise, and what makes it `\r\nOK\r\n` again. All others, with +CFUN=0
 * and restarts among them, must leave it as it is.
 */
const changesTheAnswer: readonly { by: string; undo: (test: ModemUnderTest) => void }[] = [
  { by: '+CPOWD: no power', undo: ({ modem }) => modem.powerOn() },
  { by: 'ATE1, AT&F, ATZ, +RST: echo', undo: test => restore(test, 'E', 0) },
  { by: 'ATQ1: no result codes', undo: test => restore(test, 'Q', 0) },
  { by: 'ATV0: numbers', undo: test => restore(test, 'V', 1) },
  { by: 'ATS3=: another line end', undo: test => restore(test, 'S3', 13) },
  { by: 'ATS4=: another line feed', undo: test => restore(test, 'S4', 10) },
  { by: 'ATS5=: a letter of AT may delete', undo: test => restore(test, 'S5', 8) },
];

function restore({ modem }: ModemUnderTest, name: string, value: number): void {
  if (modem.dialect.settings.has(name))
    for (const { address } of modem.channels) modem.settings.set({ name, of: 'channel' }, value, address);
}

/** As a host must: the bytes that were announced, or Ctrl-Z. Of a chain of commands the next may open a prompt too. */
export async function closePrompts({ modem, host }: ModemUnderTest): Promise<void> {
  const channel = modem.channels[0]!;
  for (let typed = 0; channel.state === 'data' && typed < mostAnnounced; typed++) {
    host.types('\x1a');
    if (channel.state !== 'data') await host.reads();
  }
}

/** What the host has typed so far may be half a line, and that line one of those above: they are undone before and after. */
export async function endLine(test: ModemUnderTest): Promise<void> {
  await undoChanges(test);
  test.host.types(test.host.lineEnd);
  await test.host.reads();
  await closePrompts(test);
  await undoChanges(test);
}

async function undoChanges(test: ModemUnderTest): Promise<void> {
  for (const { undo } of changesTheAnswer) undo(test);
  await test.host.reads();
}
