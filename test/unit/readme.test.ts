/** What the README shows is what happens. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signInAtAliyun } from '../../src/clouds/aliyun/signature.js';
import { makeCloud } from '../../src/clouds/cloud.js';
import { readCloudFile } from '../../src/config/cloud-file.js';
import { readConfigFile } from '../../src/config/file.js';
import { temporaryFolder } from './store/temporary.js';

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

test('the device list is one, and a sign-in at it is refused in the words shown', async () => {
  const file = join(await temporaryFolder(), 'cloud.yaml');
  writeFileSync(file, /```yaml\n([\s\S]*?)```/.exec(readme)![1]!);
  const spec = await readCloudFile(file);
  const lamp = spec.aliyun![0]!;
  const shown = signInAtAliyun(lamp, { id: 'gw01', link: 'tcp', timestamp: 1700000000000 });
  const { password } = signInAtAliyun(lamp, { id: 'gw01', link: 'tcp' });
  const answer = makeCloud(spec).signIn({ ...shown, password, keepalive: 60, transport: 'tcp' }, 0);
  const explanation = answer && 'refusal' in answer ? answer.refusal.explanation : 'let in';
  expect(readme.replaceAll('\n', ' ')).toContain(`sign-in refused: ${explanation}`);
});

test('the config is one', async () => {
  const file = join(await temporaryFolder(), 'rig.yaml');
  const yaml = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(match => match[1]!);
  writeFileSync(file, yaml.find(each => each.includes('modems:'))!);
  const { config } = await readConfigFile(file);
  expect(config.modems).toHaveLength(201);
  expect(config.modems.at(-1)).toMatchObject({ name: 'meter-200', port: 'pty:meter-200', dialect: 'luat' });
});
