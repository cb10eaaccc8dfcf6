/**
 * Names from the hosts file. getaddrinfo would read it too, but on one of libuv's four threads, which a hung DNS server can
 * hold for half a minute: four such modems would stop every file and lookup of the daemon.
 */
import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';

export function parseHosts(text: string): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (isIP(address) === 0) continue;
    for (const alias of aliases) {
      const name = alias.toLowerCase();
      names.set(name, [...(names.get(name) ?? []), address]);
    }
  }
  return names;
}

/** One hosts file, read again when it changes. A file that cannot be read names nobody. */
export class HostsFile {
  #readAt: number | undefined;
  #names = new Map<string, string[]>();

  constructor(readonly path: string) {}

  addresses(name: string): string[] {
    this.#refresh();
    return this.#names.get(name) ?? [];
  }

  #refresh(): void {
    try {
      const changed = statSync(this.path).mtimeMs;
      if (changed === this.#readAt) return;
      this.#names = parseHosts(readFileSync(this.path, 'latin1'));
      this.#readAt = changed;
    } catch {
      this.#names = new Map();
      this.#readAt = undefined;
    }
  }
}
