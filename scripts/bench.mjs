// Bundles the benchmarks with the sources they measure, as the package is bundled, and runs them:
//   npm run bench [-- NAME…] [--quick] [--write] [--profile DIR]
import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}.cache/bench`;
const roles = ['answerer', 'broker', 'counter', 'crowd', 'daemon', 'host', 'link-peer', 'pacer', 'peer', 'rig'];

await rm(folder, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: {
    main: 'test/bench/main.ts',
    ...Object.fromEntries(roles.map(role => [role, `test/bench/roles/${role}.ts`])),
  },
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: 'linked',
  logLevel: 'warning',
});
const { status } = spawnSync(process.execPath, [`${folder}/main.js`, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = status ?? 1;
