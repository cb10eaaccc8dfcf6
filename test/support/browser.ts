/** Debian's chromium, driven by playwright-core: one for all tests of a file, a fresh profile for each. */
import { existsSync, mkdirSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { inRepository } from './repository.js';

/** What draws without a display, asks nobody on the network, and runs as root in a container. */
const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-precise-memory-info',
];

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];

export function findChromium(): string | undefined {
  return places.find(existsSync);
}

export async function startBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error(`no chromium at ${places.join(' or ')}: sudo apt-get install chromium`);
  return chromium.launch({ executablePath, args: switches });
}

export interface Look {
  colours?: 'dark' | 'light';
  width?: number;
  height?: number;
}

/** What the page complains about is kept: no test passes over it. */
export interface Visit {
  context: BrowserContext;
  page: Page;
  complaints: string[];
}

export async function visit(
  browser: Browser,
  address: string,
  { colours = 'dark', width = 1280, height = 800 }: Look = {},
): Promise<Visit> {
  const context = await browser.newContext({ colorScheme: colours, viewport: { width, height } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', error => complaints.push(error.message));
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()));
  page.setDefaultTimeout(15_000);
  await page.goto(address);
  return { context, page, complaints };
}

/** Into a folder that git ignores, for people to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = inRepository('screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png` });
}
