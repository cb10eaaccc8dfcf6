import { describe, expect, test } from 'vitest';
import { openDialectIn } from '../../../src/dialects/open.js';
import { commandManual } from '../../../src/docs/manual.js';
import { assemble } from '../../../src/grammar/document.js';
import { builtInLibrary, withGrammarFile } from '../../../src/grammar/library.js';

async function manualOf(command: string) {
  const { library, name } = await withGrammarFile(await builtInLibrary(), 'examples/vendor.yaml');
  const source = { dialect: await openDialectIn(library, name), merged: assemble(name, library) };
  return commandManual(source, source.dialect.commands.get(command)!);
}

describe('an entry as its manual would print it', () => {
  test('every form, with parameters, needs and the exchange', async () => {
    const { forms, ...entry } = await manualOf('+MQOPEN');
    expect(entry).toMatchObject({
      command: '+MQOPEN',
      title: 'Connect to a broker',
      ref: '7.3',
      from: 'acme',
      status: 'full',
    });
    expect(forms.map(({ form, syntax }) => [form, syntax])).toEqual([
      ['set', 'AT+MQOPEN=<"host">,<port>[,<keepalive>[,<tls>]]'],
      ['test', 'AT+MQOPEN=?'],
    ]);
    expect(forms[0]).toMatchObject({
      parameters: [
        { name: 'host', type: 'host' },
        { name: 'port', type: '1..65535', default: '' },
        { name: 'keepalive', type: '0..3600', default: '60' },
        { name: 'tls', type: '0..1', default: '0' },
      ],
      needs: [
        'mqtt.state is idle or lost, else +CME ERROR: 602 (MQTT in use)',
        expect.stringMatching(/^MQCFG is given, else /),
      ],
    });
    expect(forms[0]!.exchange.slice(0, 3)).toEqual([
      '<  OK',
      '*  mqtt.open  host, port, transport = tls|transport  (within 75s)',
      '    failed: << +MQOPEN: {outcome|result}[,{code}]',
    ]);
    expect(forms[0]!.exchange.at(-1)).toBe('<< +MQOPEN: {outcome|result}[,{code}]');
  });

  test('what a command only keeps', async () => {
    const { forms } = await manualOf('+MQCFG');
    expect(forms.find(({ form }) => form === 'set')!.exchange).toEqual([
      '*  keep MQCFG.client_id, MQCFG.user, MQCFG.password',
      '<  OK',
    ]);
    expect(forms.find(({ form }) => form === 'read')!.exchange).toEqual([
      '<  +MQCFG: "{client_id}"[,"{user}"]',
      '<  OK',
    ]);
    expect(forms[0]!.parameters.find(({ name }) => name === 'password')).toMatchObject({ secret: true });
  });

  test('several shapes of one command', async () => {
    const { forms } = await manualOf('+MQPUB');
    expect(forms.filter(({ form }) => form === 'set')).toHaveLength(3);
    expect(forms[2]!.exchange).toContain('>  message: up to the byte 1A, 1B cancels');
  });

  test('a test form made from the ranges', async () => {
    const { forms } = await manualOf('+MQFMT');
    expect(forms.find(({ form }) => form === 'test')!.exchange).toEqual(['<  +MQFMT: (0-1)', '<  OK']);
  });

  test('an inherited entry says whose it is', async () => {
    expect((await manualOf('+CEREG')).from).toBe('3gpp-27.007');
    expect((await manualOf('E')).from).toBe('v250');
  });

  test('the URCs that go by its name', async () => {
    const { urcs } = await manualOf('+CEREG');
    expect(urcs.map(({ event }) => event)).toContain('eps.stat');
  });

  test('refusals with what they print', async () => {
    expect((await manualOf('+MQSUB')).refusals).toMatchObject({
      'not-connected': '+CME ERROR: 601 (MQTT not connected)',
      'no-answer': '+CME ERROR: 603 (MQTT no answer)',
    });
  });
});
