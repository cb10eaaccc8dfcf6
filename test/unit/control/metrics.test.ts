import { describe, expect, test } from 'vitest';
import { PretendedFaults, pretendedFaults, startRig } from './rig-under-test.js';

async function scraped(rig: Awaited<ReturnType<typeof startRig>>): Promise<string> {
  return (await rig.ask('GET', '/metrics')).text;
}

describe('GET /metrics', () => {
  test('is the text format of Prometheus', async () => {
    const rig = await startRig('luat');
    const { headers, text } = await rig.ask('GET', '/metrics');
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const sample = /^[a-z_]+(?:\{[a-z]+="(?:[^"\\\n]|\\.)*"(?:,[a-z]+="(?:[^"\\\n]|\\.)*")*\})? -?\d+(?:\.\d+)?$/;
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(line.startsWith('#') ? /^# (HELP|TYPE) / : sample);
    expect(text.endsWith('\n')).toBe(true);
  });

  test('declares each metric once, before its samples', async () => {
    const text = await scraped(await startRig('luat'));
    const declared = [...text.matchAll(/^# TYPE (\S+)/gm)].map(match => match[1]);
    expect(new Set(declared).size).toBe(declared.length);
    for (const [, name] of text.matchAll(/^([a-z_]+)[ {]/gm)) expect(declared).toContain(name);
  });

  test('counts what the host does', async () => {
    const rig = await startRig('luat');
    await rig.test.host.asks('AT+CSQ;+CSQ');
    expect(await scraped(rig)).toContain('atmodem_commands_total{modem="modem"} 2\n');
    expect(await scraped(rig)).toMatch(/atmodem_port_bytes_total\{modem="modem",direction="in"\} 12\n/);
    expect(await scraped(rig)).toContain('atmodem_dialogue_lines_total{modem="modem"} 4\n');
  });

  test('tells states', async () => {
    const rig = await startRig('luat');
    expect(await scraped(rig)).toContain('atmodem_modem_up{modem="modem",dialect="luat"} 1\n');
    expect(await scraped(rig)).toContain('atmodem_channel_attached{modem="modem",channel="0"} 1\n');
    rig.test.host.detaches();
    rig.test.modem.powerOff();
    expect(await scraped(rig)).toContain('atmodem_modem_up{modem="modem",dialect="luat"} 0\n');
    expect(await scraped(rig)).toContain('atmodem_channel_attached{modem="modem",channel="0"} 0\n');
  });

  test('tells faults', async () => {
    const faults = new PretendedFaults();
    const rig = await startRig('luat', { pretended: pretendedFaults(faults) });
    faults.inject({ fault: 'at.late' });
    expect(await scraped(rig)).toContain('atmodem_faults_active{modem="modem"} 1\n');
    expect(await scraped(rig)).toContain('atmodem_faults_struck_total{modem="modem"} 0\n');
  });

  test('a name that could end a label is escaped', async () => {
    const rig = await startRig('luat', { name: 'a"b\\c\nd' });
    expect(await scraped(rig)).toContain('atmodem_commands_total{modem="a\\"b\\\\c\\nd"} 0\n');
  });
});
