/** `atmodem ctl` against a control API on loopback: what people see, what programs get, and how it ends. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import { Signal } from '../../../src/base/signal.js';
import { onlyControl, parseUrl } from '../../../src/cli/ctl/address.js';
import { refused } from '../../../src/cli/ctl/client.js';
import { dialogue, openCtl, pairs } from '../../../src/cli/ctl/ctl.js';
import { catalogueText, faultTable, modemText } from '../../../src/cli/ctl/tables.js';
import { runCommandLine } from '../../../src/cli/program.js';
import { eventually } from '../../support/patience.js';
import { type ServedPlan, serve, token } from '../control/rig-under-test.js';
import { ModemUnderTest } from '../modem/modem-under-test.js';
import { goOnline } from '../modem/online.js';
import { temporaryFolder } from '../store/temporary.js';
import { RecordedOutput } from './recorded-output.js';

const ok = '\r\nOK\r\n';

async function rig(plan: ServedPlan & { modem?: Parameters<typeof ModemUnderTest.start>[1] } = {}) {
  const { modem, ...rest } = plan;
  const under = await ModemUnderTest.start('luat', modem);
  const { broker } = under.daemon;
  const control = await serve([under.modem], { clock: systemClock, broker, ...rest });
  const ctl = async (...args: string[]) => {
    const output = new RecordedOutput();
    const exitCode = await runCommandLine(['ctl', '--url', control.url, ...args], output);
    return { exitCode, stdout: output.stdout, stderr: output.stderr };
  };
  return { under, control, ctl };
}

describe('states', () => {
  test('modems are a table', async () => {
    const { ctl } = await rig();
    const { exitCode, stdout, stderr } = await ctl('modems');
    expect(stdout.split('\n').map(line => line.split(/ +/))).toEqual([
      ['modem', 'dialect', 'power', 'host', 'network', 'dBm', 'mqtt', 'links', 'faults', 'port'],
      ['modem', 'luat', 'on', 'yes', 'home', '-57', '0', '0', '0', 'memory'],
    ]);
    expect([exitCode, stderr]).toEqual([0, '']);
  });

  test('--json is what the API says, before or after the command', async () => {
    const { ctl } = await rig();
    const { stdout } = await ctl('modems', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ modems: [{ name: 'modem', dbm: -57 }] });
    expect((await ctl('--json', 'modems')).stdout).toBe(stdout);
  });

  test('one modem in words', async () => {
    const { ctl, under } = await rig({ modem: { broker: 'embedded:0', routes: ['*=embedded'] } });
    await goOnline(under, 'luat');
    const { stdout } = await ctl('show', 'modem');
    expect(stdout).toMatch(/^network +online as 10\./m);
    expect(stdout).toMatch(/^registration +cs home, ps home, eps home, CHN-UNICOM$/m);
    expect(stdout).toMatch(/^channel 1 +memory, a host is there, command$/m);
    expect(stdout).toMatch(/^mqtt 0 +up, broker\.example:1883$/m);
  });
});

describe('acts', () => {
  test('reach the host', async () => {
    const { ctl, under } = await rig();
    expect(await ctl('urc', 'modem', '+CREG: 2', 'RING')).toMatchObject({ exitCode: 0, stdout: 'sent' });
    await under.host.expects('\r\n+CREG: 2\r\n\r\nRING\r\n');
    await ctl('urc', 'modem', '\\r\\nA\\x00', '--bytes', '--channel', '1');
    await under.host.expects('\r\nA\0');
    expect((await ctl('signal', 'modem', '12')).stdout).toBe('-89 dBm');
    await under.host.dialogue('AT+CSQ', `\r\n+CSQ: 12,99\r\n${ok}`);
    expect((await ctl('registration', 'modem', 'roaming', '--domain', 'eps')).stdout).toBe(
      'cs home, ps home, eps roaming',
    );
    expect((await ctl('power', 'modem', 'off')).stdout).toBe('modem is off');
    expect(under.modem.isOn).toBe(false);
  });

  test('publish reaches a client', async () => {
    const { ctl, under } = await rig({ modem: { broker: 'embedded:0', routes: ['*=embedded'] } });
    await goOnline(under, 'luat');
    await under.host.dialogue('AT+MSUB="in",0', `${ok}\r\nSUBACK\r\n`);
    expect((await ctl('publish', 'in', 'water')).stdout).toBe('5 bytes published; 1 clients of modems are connected');
    await under.host.expects('\r\n+MSUB: "in",5 byte,water\r\n');
  });
});

describe('the dialogue', () => {
  test('as -v has it, and as lines of JSON', async () => {
    const { ctl, under } = await rig();
    await under.host.asks('AT+CSQ');
    const { stdout } = await ctl('dialogue', 'modem');
    expect(stdout).toMatch(/^[\d:.]{12} → AT\+CSQ\n[\d:.]{12} ← \+CSQ: 28,99\n[\d:.]{12} ← OK$/);
    const { stdout: json } = await ctl('dialogue', 'modem', '-n', '1', '--json');
    expect(JSON.parse(json)).toMatchObject({ n: 3, from: 'modem', text: 'OK' });
    expect((await ctl('transcript', 'modem')).stdout).toMatch(/\n> AT\+CSQ\n< \+CSQ: 28,99\n< OK$/);
  });

  async function following(plan?: Parameters<typeof rig>[0]) {
    const { under, control } = await rig(plan);
    await under.host.asks('AT');
    const came = new Signal<void>();
    const output = new (class extends RecordedOutput {
      override result(text: string): void {
        super.result(text);
        came.emit();
      }
    })();
    let end = () => {};
    const enough = new Promise<void>(resolve => {
      end = resolve;
    });
    const done = dialogue(openCtl({ url: control.url }, output), 'modem', { follow: true, lines: 40 }, () => enough);
    const shows = (text: string) => eventually(() => output.stdout.includes(text), came);
    return { under, control, output, end, done, shows };
  }

  test('-f goes on with what comes, until somebody has seen enough', async () => {
    const { under, output, end, done, shows } = await following();
    await shows('OK');
    await under.host.asks('AT+CSQ');
    await shows('+CSQ: 28,99');
    end();
    await done;
    expect(output.results.map(line => line.slice(13))).toEqual(
      expect.arrayContaining(['→ AT', '← OK', '→ AT+CSQ', '← +CSQ: 28,99']),
    );
  });

  test('-f ends with the daemon', async () => {
    const { control, done, shows } = await following();
    await shows('OK');
    await Promise.all([expect(done).rejects.toMatchObject({ code: 'control', exitCode: 1 }), control.stop()]);
  });
});

describe('what goes wrong', () => {
  test.each([
    ['an unknown modem', ['show', 'modme'], 2, 'there is no such modem'],
    ['an unknown state', ['registration', 'modem', 'romaing'], 2, 'did you mean `roaming`?'],
    ['no number', ['signal', 'modem', 'x'], 2, 'It is a number'],
    ['no channel', ['urc', 'modem', 'RING', '--channel', '0'], 2, 'count from 1'],
    ['a modem that has not it', ['faults', 'modem'], 1, 'faults cannot be injected here'],
    ['a parameter', ['fault', 'modem', 'at.late', 'by'], 2, 'NAME=VALUE'],
    ['no broker', ['publish', 'a', 'b'], 1, '--broker none'],
    ['a missing argument', ['power', 'modem'], 2, 'missing required argument'],
  ])('%s', async (_, args, exitCode, words) => {
    const { ctl } = await rig();
    const result = await ctl(...args);
    expect(result.stderr).toContain(words);
    expect([result.exitCode, result.stdout]).toEqual([exitCode, '']);
  });

  test('nobody there', async () => {
    const { ctl, control } = await rig();
    await control.stop();
    const { exitCode, stderr } = await ctl('modems');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/no control API answers at http:\/\/127\.0\.0\.1:\d+\n.*ECONNREFUSED[\s\S]*--url/);
  });

  test('somebody else there', () => {
    expect(refused('<html>', 502)).toMatchObject({ code: 'control', details: { found: 'HTTP 502' } });
    expect(refused('{"error":1}', 404).message).toMatch(/no control API|HTTP 404/);
  });
});

describe('the token', () => {
  test('is said by option or file; without it is said what is missing', async () => {
    const { ctl } = await rig({ token });
    expect(await ctl('modems')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('a token is needed') });
    expect(await ctl('modems', '--token', 'wrong')).toMatchObject({ exitCode: 1 });
    expect(await ctl('modems', '--token', token)).toMatchObject({ exitCode: 0 });
    const file = join(await temporaryFolder(), 'token');
    writeFileSync(file, `${token}\n`);
    expect(await ctl('--token-file', file, 'modems')).toMatchObject({ exitCode: 0 });
  });
});

describe('which daemon', () => {
  const at = (control: string | null, ...names: string[]) => ({
    control,
    modems: names.map(name => ({ name, dialect: 'luat', port: 'x' })),
  });

  test.each([
    ['8080', 'http://127.0.0.1:8080'],
    ['rig.local:8080', 'http://rig.local:8080'],
    ['http://rig.local:8080/', 'http://rig.local:8080'],
    ['https://rig.local', 'https://rig.local'],
    ['[::1]:80', 'http://[::1]'],
  ])('%s', (text, url) => {
    expect(parseUrl(text)).toBe(url);
  });

  test('an address that is none', () => {
    expect(() => parseUrl('http://')).toThrow(/HOST:PORT/);
  });

  test('the only one with a control API', () => {
    expect(onlyControl([at(null, 'a'), at('http://h:1', 'b')])).toBe('http://h:1');
  });

  test('of several the one with that modem', () => {
    const several = [at('http://h:1', 'a'), at('http://h:2', 'b', 'c')];
    expect(onlyControl(several, 'c')).toBe('http://h:2');
    expect(() => onlyControl(several, 'd')).toThrow(/http:\/\/h:1 \(a\), http:\/\/h:2 \(2 modems\)/);
    expect(() => onlyControl([at('http://h:1', 'a'), at('http://h:2', 'a')], 'a')).toThrow(/several/);
  });

  test('none: how to have one', () => {
    expect(() => onlyControl([at(null, 'a')])).toThrow(/1 that run without one[\s\S]*--control 8080/);
    expect(() => onlyControl([])).toThrow(/--control 8080/);
  });
});

describe('in words', () => {
  test('faults', () => {
    const active = { id: 3, fault: 'at.late', layer: 'at', parameters: {}, state: 'armed', struck: 2 } as const;
    expect(faultTable({ seed: 42, faults: [{ ...active, text: 'at.late by=2s' }] })).toMatch(
      /^id +fault +state +struck \(seed 42\)\n3 +at\.late by=2s +armed +2$/,
    );
    const by = { kind: 'duration', title: 'how late', default: '1s' } as const;
    const how = { kind: 'word', words: ['a', 'b'], title: 'how' } as const;
    const spec = { name: 'at.late', layer: 'at', title: 'Late', parameters: { by, how } } as const;
    expect(catalogueText({ faults: [spec] })).toBe(
      'at.late  Late\n    by=DURATION (1s)  how late\n    how=a|b           how',
    );
  });

  test('a Wi-Fi module that is offline', async () => {
    const { ask } = await (await import('../control/rig-under-test.js')).startRig('w800');
    const { json } = await ask('GET', '/api/modems/modem');
    const text = modemText(json as Parameters<typeof modemText>[0]);
    expect(text).toMatch(/^network +offline: not-joined$/m);
    expect(text).toMatch(/^wifi +idle$/m);
  });

  test('parameters', () => {
    expect(pairs(['by=2s', 'text==a=b'])).toEqual({ by: '2s', text: '=a=b' });
  });
});
