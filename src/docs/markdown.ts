/** The little Markdown that generated pages need. Pure. */

/** In a table a `|` would begin a column. */
export const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ').trim();

export const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`.replaceAll(/ +\|/g, ' |');
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)];
}

/** @param from what the page is made from */
export const madeFrom = (from: string): string => `<!-- Made from ${from} by \`npm run docs\`. Edit that. -->`;

export const generated = '<!-- Made from the grammars by `npm run docs`. Edit those. -->';
