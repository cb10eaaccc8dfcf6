/** What the README shows is what happens. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const readme = readFileSync('README.md', 'utf8');

test('the example dialogue is a tested transcript, word for word', () => {
  const transcript = readFileSync('test/transcripts/readme/first-message.at', 'utf8');
  const dialogue = transcript.slice(transcript.indexOf('\n\n') + 2).trim();
  expect(dialogue).toContain('AT+MPUB');
  expect(readme).toContain(`\`\`\`\n${dialogue}\n\`\`\``);
});

test('every file it links to is there', () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(match => match[1]!).filter(link => !/^https?:/.test(link));
  expect(links.length).toBeGreaterThan(5);
  for (const link of links) expect(() => readFileSync(link), link).not.toThrow(/ENOENT/);
});
