/** The monitor page in Debian's chromium, over a real daemon: what somebody at a bench does with it. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { parseTranscript } from '../../src/transcripts/parse.js';
import { type Look, picture, startBrowser, type Visit, visit } from '../support/browser.js';
import { MonitorRig } from '../support/monitor-rig.js';
import { eventually } from '../support/patience.js';
import { PtyClient } from '../support/pty-client.js';
import { inRepository } from '../support/repository.js';

let browser: Browser;
let rig: MonitorRig;
/** The firmware at `meter`. */
let host: PtyClient;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

beforeEach(async () => {
  const others = ['pump', 'gate'].map(name => ({ name, dialect: 'w800' }));
  rig = await MonitorRig.start({
    modems: [{ name: 'meter', dialect: 'luat', routes: ['*=embedded'], settings: { E: 0 } }, ...others],
  });
  host = await plugsIn();
  await host.exchange('AT\r', '\r\nOK\r\n');
}, 60_000);
afterEach(async () => {
  host?.close();
  await rig?.stop();
});

/** The firmware opens its port, and the modem boots: with the time it has said all of itself. */
async function plugsIn(): Promise<PtyClient> {
  const client = await PtyClient.open(rig.modem('meter').channels[0]!.port.path);
  await eventually(() => /\+NITZ: .*\r\n$/.test(client.pending), client.arrived, 10_000);
  client.pending = '';
  return client;
}

async function look(path = '/', how?: Look): Promise<Visit> {
  const seen = await visit(browser, `${rig.url}${path}`, how);
  onTestFinished(() => seen.context.close());
  return seen;
}

async function openMeter(how?: Look): Promise<Visit> {
  const seen = await look('/', how);
  await seen.page.getByRole('row', { name: /meter/ }).click();
  await seen.page.getByRole('option', { name: 'modem: OK' }).first().waitFor();
  return seen;
}

const lines = (page: Page) => page.getByRole('option');

describe('the list', () => {
  test('shows every modem with its state, and finds one by its words', async () => {
    const { page, complaints } = await look();
    await page.getByRole('row', { name: /meter luat .* attached/ }).waitFor();
    expect(await page.getByRole('row').count()).toBe(3);
    await page.getByLabel('Search modems').fill('w800 -gate');
    await expect.poll(() => page.getByRole('row').allInnerTexts()).toHaveLength(1);
    expect(await page.getByRole('row').innerText()).toContain('pump');
    expect(complaints).toEqual([]);
  });

  test('follows a modem that is switched off', async () => {
    const { page } = await look();
    await page.getByRole('row', { name: /online, meter/ }).waitFor();
    rig.modem('meter').powerOff();
    await page.getByRole('row', { name: /off, meter/ }).waitFor();
  });
});

describe('the dialogue', () => {
  test('shows live what the host says, what the modem answers, and the packets of MQTT', async () => {
    const { page, complaints } = await openMeter();
    await host.exchange('AT+MCONFIG="meter-1","user","secret"\r', '\r\nOK\r\n');
    await host.exchange('AT+MIPSTART="broker.example",1883\r', '\r\nOK\r\n\r\nCONNECT OK\r\n');
    await host.exchange('AT+MCONNECT=1,60\r', '\r\nOK\r\n\r\nCONNACK OK\r\n');
    await page.getByRole('option', { name: 'host: AT+MCONFIG="meter-1","user",***' }).waitFor();
    await page.getByRole('option', { name: 'MQTT: CONNECT "meter-1" user ***' }).waitFor();
    await page.getByRole('option', { name: 'URC: CONNACK OK' }).waitFor();
    await page.getByText('0: up broker.example:1883').waitFor();
    await picture(page, 'dialogue-dark');
    expect(complaints).toEqual([]);
  });

  test('is filtered by words, by an expression, and by speaker', async () => {
    const { page } = await openMeter();
    await host.exchange('AT+CSQ\r', '\r\n+CSQ: 28,99\r\n\r\nOK\r\n');
    const search = page.getByLabel('Search lines');
    await search.fill('csq');
    await expect.poll(() => lines(page).count()).toBe(2);
    await page.getByRole('button', { name: 'host' }).click();
    await expect.poll(() => lines(page).count()).toBe(1);
    await search.fill('/^\\+CSQ: \\d+/');
    await expect.poll(() => lines(page).count()).toBe(1);
    await search.fill('/(/');
    await page.getByRole('alert').waitFor();
  });

  test('stays where it is read, and says how much came since', async () => {
    const { page } = await openMeter();
    for (let i = 0; i < 100; i++) rig.modem('meter').say({ channel: 0, from: 'modem', text: `line ${i}` });
    await page.getByRole('option', { name: 'line 99' }).waitFor();
    await page.getByRole('listbox').hover();
    await page.mouse.wheel(0, -10_000);
    await page.getByRole('button', { name: 'To the end' }).waitFor();
    const first = await lines(page).first().innerText();
    for (let i = 0; i < 3; i++) rig.modem('meter').say({ channel: 0, from: 'modem', text: `later ${i}` });
    await page.getByRole('button', { name: '3 new lines' }).waitFor();
    expect(await lines(page).first().innerText()).toBe(first);
    await page.getByRole('button', { name: '3 new lines' }).click();
    await page.getByRole('option', { name: 'later 2' }).waitFor();
  });

  test('tells the time between lines', async () => {
    const { page } = await openMeter();
    await page.getByRole('button', { name: 'Δ time' }).click();
    await expect.poll(() => lines(page).nth(1).innerText()).toMatch(/^[+-]\d+\.\d{3} s/);
  });

  test('goes on after the daemon was away', async () => {
    const { page } = await openMeter();
    const port = Number(new URL(rig.url).port);
    host.close();
    await rig.stop();
    await page.getByText('lost: trying again').waitFor();
    rig = await MonitorRig.start({ port, modems: [{ name: 'meter', dialect: 'luat', settings: { E: 0 } }] });
    host = await plugsIn();
    await page.getByText('live', { exact: true }).waitFor();
    // More lines than the other said: they are counted anew.
    for (let i = 0; i < 5; i++) await host.exchange('AT\r', '\r\nOK\r\n');
    host.write('AT+GMR\r');
    await page.getByRole('option', { name: 'host: AT+GMR' }).waitFor();
    await expect.poll(() => page.getByRole('option', { name: /host: AT$/ }).count()).toBe(5);
    await expect.poll(() => page.getByRole('row').count()).toBe(1);
  });

  test('is saved as a transcript that parses', async () => {
    const { page } = await openMeter();
    const coming = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Save transcript' }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe('meter.at');
    const text = readFileSync(await download.path(), 'utf8');
    expect(text).toContain('> AT\n< OK\n');
    expect(() => parseTranscript(text, 'meter.at')).not.toThrow();
  });
});

describe('the terminal', () => {
  test('is a channel of its own: the firmware sees nothing of it', async () => {
    const { page, complaints } = await openMeter();
    host.write('AT+CS');
    await page.getByRole('button', { name: 'Terminal', exact: true }).click();
    await page.getByText("Channel 1, apart from the firmware's").waitFor();
    await page.keyboard.type('AT+CGMM\r');
    await expect.poll(() => page.locator('.xterm-rows').innerText()).toMatch(/OK/);
    await page.getByRole('option', { name: 'host: AT+CGMM' }).waitFor();
    await picture(page, 'terminal-dark');
    expect(host.pending).toBe('');
    // Its half of a command is still whole.
    await host.exchange('Q\r', '\r\n+CSQ: 28,99\r\n\r\nOK\r\n');
    await page.getByRole('button', { name: 'terminals' }).click();
    await expect.poll(() => page.getByRole('option', { name: 'AT+CGMM' }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('is left by a key, and its channel goes with it', async () => {
    const { page } = await openMeter();
    await page.keyboard.press('t');
    await page.getByText("Channel 1, apart from the firmware's").waitFor();
    expect(rig.modem('meter').channels).toHaveLength(2);
    await page.keyboard.press('F6');
    await expect.poll(() => rig.modem('meter').channels.length).toBe(1);
    await expect.poll(() => page.evaluate('document.activeElement.getAttribute("role")')).toBe('listbox');
  });
});

describe('faults', () => {
  test('one is injected by its button, strikes, and is over', async () => {
    const { page, complaints } = await openMeter();
    await page.getByRole('button', { name: 'Faults' }).click();
    await page.getByRole('group', { name: 'AT' }).getByRole('button', { name: 'error', exact: true }).click();
    await page.getByLabel('command').fill('+CSQ');
    await page.getByRole('button', { name: 'Inject at.error' }).click();
    await page.getByRole('list', { name: 'Active faults' }).getByText('at.error command=+CSQ').waitFor();
    await page.getByRole('button', { name: 'late', exact: true }).click();
    await picture(page, 'faults-dark');
    await host.exchange('AT\r', '\r\nOK\r\n');
    await host.exchange('AT+CSQ\r', '\r\nERROR\r\n');
    await page.getByRole('option', { name: 'modem: ERROR' }).waitFor();
    await expect.poll(() => page.getByRole('list', { name: 'Active faults' }).count()).toBe(0);
    await host.exchange('AT+CSQ\r', '\r\n+CSQ: 28,99\r\n\r\nOK\r\n');
    expect(complaints).toEqual([]);
  });

  test('one that waits is lifted', async () => {
    const { page } = await openMeter();
    await page.getByRole('button', { name: 'Faults' }).click();
    await page.getByRole('button', { name: 'dns', exact: true }).click();
    await page.getByRole('button', { name: 'Inject network.dns' }).click();
    await page.getByRole('row', { name: /meter 1/ }).waitFor();
    await page.getByRole('button', { name: 'Lift network.dns' }).click();
    await expect.poll(() => page.getByRole('list', { name: 'Active faults' }).count()).toBe(0);
  });
});

test('what a browser fetches first is small: the terminal comes when it is opened', () => {
  const zipped = (file: string) => gzipSync(readFileSync(inRepository(`dist/web/${file}`))).length;
  expect(zipped('app.js') + zipped('style.css')).toBeLessThan(40 * 1024);
  expect(readFileSync(inRepository('dist/web/app.js'), 'utf8')).toContain('./terminal.js');
});

test('all of it goes by the keyboard', async () => {
  const { page } = await look();
  await page.getByRole('row', { name: /gate/ }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('e');
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'meter' }).waitFor();
  await page.keyboard.press('k');
  await expect.poll(() => page.getByRole('option', { selected: true }).count()).toBe(1);
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await picture(page, 'help-dark');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('f');
  await page.getByRole('region', { name: 'Faults' }).waitFor();
  for (const gone of ['.faults', '.whole', '.modem-view']) {
    await page.keyboard.press('Escape');
    await page.locator(gone).waitFor({ state: 'detached' });
  }
  await expect.poll(() => page.evaluate('document.activeElement.getAttribute("role")')).toBe('grid');
});

describe('colours', () => {
  const ground = (page: Page) => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');

  test('are those of the system, or those that were chosen, and stay so', async () => {
    const dark = await look('/', { colours: 'dark' });
    const light = await look('/', { colours: 'light' });
    const [night, day] = [await ground(dark.page), await ground(light.page)];
    expect(night).not.toBe(day);
    await light.page.getByRole('button', { name: 'Colours: system' }).click();
    await expect.poll(() => ground(light.page)).toBe(night);
    await light.page.reload();
    await expect.poll(() => ground(light.page)).toBe(night);
  });

  test('pictures for people: light, and 420 pixels wide', async () => {
    const light = await openMeter({ colours: 'light' });
    await host.exchange('AT+CSQ\r', '\r\n+CSQ: 28,99\r\n\r\nOK\r\n');
    await light.page.getByRole('option', { name: 'host: AT+CSQ' }).click();
    await light.page.locator('.whole').waitFor();
    await picture(light.page, 'dialogue-light');
    const narrow = await openMeter({ width: 420, height: 800 });
    await picture(narrow.page, 'narrow-dark');
    expect(await narrow.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await narrow.page.getByRole('button', { name: 'Close' }).click();
    await narrow.page.getByRole('row', { name: /pump/ }).waitFor();
    await picture(narrow.page, 'narrow-list-dark');
  });
});

describe('who may', () => {
  test('a daemon with a token asks for it, and takes it from the address, which it leaves', async () => {
    const token = 'a-token-of-this-test';
    const guarded = await MonitorRig.start({ modems: [{ name: 'safe' }], token });
    onTestFinished(() => guarded.stop());
    const stranger = await visit(browser, guarded.url);
    onTestFinished(() => stranger.context.close());
    await stranger.page.getByLabel('This daemon asks for its token').fill('not-this-one-at-all');
    await stranger.page.getByRole('button', { name: 'Sign in' }).click();
    await stranger.page.getByText('the token is wrong').waitFor();
    await stranger.page.getByLabel('This daemon asks for its token').fill(token);
    await stranger.page.getByRole('button', { name: 'Sign in' }).click();
    await stranger.page.getByRole('row', { name: /safe/ }).waitFor();

    const invited = await visit(browser, `${guarded.url}/#token=${token}`);
    onTestFinished(() => invited.context.close());
    await invited.page.getByRole('row', { name: /safe/ }).waitFor();
    expect(invited.page.url()).toBe(`${guarded.url}/`);
  });

  test('a page from elsewhere cannot drive the modems', async () => {
    const elsewhere = await servesBlank();
    const { page } = await look();
    await page.goto(elsewhere);
    const api = `${rig.url}/api/modems/meter/power`;
    const tried = (type: string) =>
      page.evaluate(`fetch('${api}', { method: 'POST', body: '{"to":"off"}', headers: { 'content-type': '${type}' } })
        .then(() => 'read', () => 'refused')`);
    expect(await tried('application/json')).toBe('refused');
    expect(await tried('text/plain')).toBe('refused');
    const socket = `${rig.url.replace('http', 'ws')}/api/modems/meter/terminal`;
    const opened = `new Promise(done => Object.assign(new WebSocket('${socket}'), {
      onopen: () => done('opened'), onerror: () => done('refused') }))`;
    expect(await page.evaluate(opened)).toBe('refused');
    expect(rig.modem('meter').isOn).toBe(true);
    expect(rig.modem('meter').channels).toHaveLength(1);
  });
});

/** A page of another origin. */
async function servesBlank(): Promise<string> {
  const server: Server = createServer((_, response) => response.end('<!doctype html>'));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
