// Bundles the sources with code splitting, so that what a command does not need is not loaded,
// turns the built-in grammars into JSON, so that starting parses no YAML, and builds the monitor page.
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { load } from 'js-yaml';

const root = fileURLToPath(new URL('..', import.meta.url));

async function bundle() {
  await build({
    absWorkingDir: root,
    entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts', docs: 'src/docs/pages.ts' },
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'linked',
    logLevel: 'warning',
  });
}

/** The monitor page: what the control API serves. The terminal is a file of its own, fetched when one is opened. */
async function bundlePage() {
  await build({
    absWorkingDir: root,
    entryPoints: { app: 'src/web/app.tsx', style: 'src/web/app.css', terminal: 'src/web/terminal-screen.ts' },
    entryNames: '[name]',
    outdir: 'dist/web',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['chrome123', 'firefox121', 'safari17.5'],
    tsconfig: 'src/web/tsconfig.json',
    legalComments: 'eof',
    logLevel: 'warning',
  });
  for (const file of ['index.html', 'icon.svg']) await copyFile(`${root}/src/web/${file}`, `${root}/dist/web/${file}`);
  await writeFile(`${root}/dist/web/licenses.txt`, await licensesOf(['preact', '@xterm/xterm', '@xterm/addon-fit']));
}

/** Of the packages that the page has in it: their terms ask that they go with it. */
async function licensesOf(packages) {
  const texts = packages.map(
    async name => `${name}\n\n${await readFile(`${root}/node_modules/${name}/LICENSE`, 'utf8')}`,
  );
  return (await Promise.all(texts)).join('\n\n');
}

async function compileGrammars() {
  await mkdir(`${root}/dist/grammars`);
  for (const file of await readdir(`${root}/grammars`)) {
    if (!file.endsWith('.yaml')) continue;
    const document = load(await readFile(`${root}/grammars/${file}`, 'utf8'), { filename: file });
    await writeFile(`${root}/dist/grammars/${basename(file, '.yaml')}.json`, JSON.stringify(document));
  }
}

/** For who uses the library from TypeScript. Whether the types are right, `npm run types` says. */
async function declareTypes() {
  const tsc = `${root}/node_modules/typescript/bin/tsc`;
  await promisify(execFile)(process.execPath, [tsc, '-p', `${root}/tsconfig.types.json`]);
}

await rm(`${root}/dist`, { recursive: true, force: true });
await mkdir(`${root}/dist`, { recursive: true });
await Promise.all([bundle(), bundlePage(), compileGrammars(), declareTypes()]);
