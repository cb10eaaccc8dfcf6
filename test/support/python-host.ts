/** Firmware's side in Python, with Debian's python3-serial: the client of RFC 2217 that most rigs have. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** The interpreter that has a module; Debian's is not always the first on the path. Throws with what to install. */
export function pythonWith(module: string, debian: string): string {
  const found = ['/usr/bin/python3', 'python3'].find(
    python => spawnSync(python, ['-c', `import ${module}`]).status === 0,
  );
  if (found === undefined)
    throw new Error(`no python3 has ${module}, and this ring needs it: \`sudo apt-get install ${debian}\`.`);
  return found;
}

/** Runs a script to its end. @returns what it printed; fails with what it complained of */
export async function runPython(script: string, ...args: string[]): Promise<string> {
  const child = spawn(pythonWith('serial.rfc2217', 'python3-serial'), ['-c', script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [printed, complaint] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', text => {
    printed += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    complaint += text;
  });
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`the script ended with ${code}:\n${printed}\n${complaint}`);
  return printed;
}
