#!/usr/bin/env node
// Starts the built command line. Plain JavaScript, so that a checkout without its build can say what is missing.
import { existsSync } from 'node:fs';

const built = new URL('../dist/cli.js', import.meta.url);

if (existsSync(built)) {
  await import(built.href);
} else {
  process.stderr.write('atmodem is not built yet: run `npm run build` in its folder (`npm ci` does it too).\n');
  process.exitCode = 1;
}
