/**
 * What transcripts cannot show of certificates: a full store, SNI, a key under a password, and the warning about what
 * OpenSSL no longer has.
 */
import { createPrivateKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { certificate, identity } from '../../support/certificates.js';
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

/** A client that shows its certificate, and whose key is under the password `secret`. */
async function withLockedKey(dialect: string, configuration: string): Promise<SimcomHost> {
  const port = await listenTls(identity('server'), socket => socket.end());
  const key = createPrivateKey(certificate('client.key'));
  const locked = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' });
  const certs = { 'client.pem': certificate('client.pem'), 'locked.pem': Buffer.from(locked) };
  const host = await SimcomHost.start({ 'broker.example': port }, { dialect, certs });
  await host.begins(1);
  for (const item of ['"authmode",0,3', '"clientcert",0,"client.pem"', '"clientkey",0,"locked.pem"', configuration])
    await host.says(`AT+CSSLCFG=${item}`, 'OK');
  return host;
}

describe('a key under a password', () => {
  const dial = 'AT+CMQTTCONNECT=0,"tcp://broker.example:8883",60,1';
  const opened = '+CMQTTCONNECT: 0,26'; // the server hangs up after the handshake
  const noSession = '+CMQTTCONNECT: 0,34';

  test.each([
    ['simcom-a76xx', '"password",0,"secret"', opened],
    ['simcom-a76xx', '"password",0,"wrong!"', noSession],
    ['simcom-a76xx', '"enableSNI",0,1', noSession],
    ['simcom-sim7600', '"keypwd",0,"secret"', opened],
    ['simcom-sim7600', '"keypwd",0,"wrong!"', noSession],
  ])('%s, %s: %s', async (dialect, configuration, line) => {
    const host = await withLockedKey(dialect, configuration);
    await host.says(dial, 'OK', line);
  });
});

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
