// Writes what is made from grammars and code: docs/vocabulary.md, docs/coverage, docs/config.schema.json. Runs on the built code.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { coverageFolder, generatedPages } from '../dist/docs.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = await generatedPages();

for (const file of await readdir(join(root, coverageFolder)).catch(() => [])) {
  if (!pages.has(`${coverageFolder}/${file}`)) await rm(join(root, coverageFolder, file));
}
for (const [path, text] of pages) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}
console.log(`${pages.size} pages under docs`);
