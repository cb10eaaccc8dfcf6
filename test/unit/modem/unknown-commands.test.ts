/** A command that the dialect lacks costs its host the module's own error, and its operator one line that helps. */
import { describe, expect, it } from 'vitest';
import { ModemUnderTest } from './modem-under-test.js';

const told = ({ said }: ModemUnderTest): string[] =>
  said.filter(({ level, text }) => level === 'warn' && text.startsWith('AT')).map(({ text }) => text);

describe('the operator is told', () => {
  it.each([
    ['w800', 'AT+MIPSTART="a",1', /^AT\+MIPSTART is not in w800; luat has it\..*Did you mean --dialect luat\?$/],
    ['luat', 'AT+MCONECT=1,60', /^AT\+MCONECT is not in luat.* Nearest here: \+MCONNECT\./],
    ['esp-at-2.1', 'AT+MQTTALPN=0,1', /^AT\+MQTTALPN is a command of esp-at-2\.1 that this version does not have$/],
    ['v250', 'AT+ZZZZZZZZ', /^AT\+ZZZZZZZZ is not in v250\.$/],
  ])('%s %s', async (dialect, line, expected) => {
    const test = await ModemUnderTest.start(dialect);
    await test.host.asks(line);
    expect(told(test)).toEqual([expect.stringMatching(expected)]);
  });

  it('of the first five, and then once in ten seconds', async () => {
    const test = await ModemUnderTest.start('v250');
    for (let i = 0; i < 100; i++) await test.host.asks('AT+POLL');
    expect(told(test)).toHaveLength(5);
    await test.passes(10_000);
    for (let i = 0; i < 100; i++) await test.host.asks('AT+POLL');
    expect(told(test)).toHaveLength(6);
  });
});
