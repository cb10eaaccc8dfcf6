/** What transcripts cannot show of certificates: a full store, SNI, and the warning about what OpenSSL no longer has. */
import { describe, expect, test } from 'vitest';
import { identity } from '../../support/certificates.js';
import { listenTls } from '../../support/listeners.js';
import { SimcomHost } from './simcom-host.js';

describe('the store', () => {
  test('a full one answers ERROR after the data, and has room again after +CCERTDELE', async () => {
    const host = await SimcomHost.start();
    const file = 'x'.repeat(10_240);
    const room = Math.floor(host.under.modem.files.free / file.length);
    for (let i = 0; i < room; i++) await host.sends(`AT+CCERTDOWN="c${i}.pem",10240`, file, 'OK');
    await host.sends('AT+CCERTDOWN="more.pem",10240', file, 'ERROR');
    await host.says('AT+CCERTDELE="c0.pem"', 'OK');
    await host.sends('AT+CCERTDOWN="more.pem",10240', file, 'OK');
  });
});

async function serverNameOf(enableSNI: 0 | 1): Promise<string | false | null> {
  let shown: string | false | null = null;
  const port = await listenTls(identity('server'), socket => {
    shown = (socket as unknown as { servername: string | false }).servername;
    socket.end();
  });
  const host = await SimcomHost.start({ 'broker.example': port });
  await host.begins(1);
  await host.says(`AT+CSSLCFG="enableSNI",0,${enableSNI}`, 'OK');
  await host.says('AT+CMQTTCONNECT=0,"tcp://broker.example:8883",60,1', 'OK', '+CMQTTCONNECT: 0,26');
  return shown;
}

describe('TLS', () => {
  test('enableSNI 1 names the server, 0 does not', async () => {
    expect(await serverNameOf(1)).toBe('broker.example');
    expect(await serverNameOf(0)).toBeFalsy();
  });

  test('SSL 3 ends in a failed handshake and a warning that says why', async () => {
    const host = await SimcomHost.start({ 'broker.example': await listenTls(identity('server')) });
    await host.begins(1);
    await host.says('AT+CSSLCFG="sslversion",0,0', 'OK');
    await host.says('AT+CMQTTCONNECT=0,"tcp://broker.example:8883",60,1', 'OK', '+CMQTTCONNECT: 0,32');
    const warnings = host.under.said.filter(({ level }) => level === 'warn').map(({ text }) => text);
    expect(warnings.join('\n')).toMatch(/SSLv3.*OpenSSL refuses/);
  });
});
