/** The files of the monitor page, read once: a path is looked up in them, never on the disk. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';

export interface Page {
  bytes: Uint8Array<ArrayBuffer>;
  type: string;
  etag: string;
}

/** By the path in the address; empty where the page was not built. */
export type Pages = ReadonlyMap<string, Page>;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json',
};

/** Files of kinds that a page has not are not served. */
export function readPages(folder: string): Pages {
  const pages = new Map<string, Page>();
  for (const name of filesIn(folder)) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const bytes = new Uint8Array(readFileSync(join(folder, name)));
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    pages.set(`/${name}`, { bytes, type, etag });
  }
  const index = pages.get('/index.html');
  if (index) pages.set('/', index);
  return pages;
}

export const pageNotBuilt = `The monitor page is not in this build: \`npm run build\` makes it.
The API is here all the same: GET /api/modems, and GET /openapi.json for the rest.
`;

/** As paths from the folder, with `/`. */
function filesIn(folder: string): string[] {
  try {
    const names = readdirSync(folder, { recursive: true }) as string[];
    return names.filter(name => statSync(join(folder, name)).isFile()).map(name => name.replaceAll('\\', '/'));
  } catch {
    return [];
  }
}
