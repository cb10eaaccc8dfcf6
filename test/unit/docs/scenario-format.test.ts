/** What docs/scenario-format.md shows is what happens, and it names all there is. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkScenarioDialect, readScenarioFile } from '../../../src/config/scenario-file.js';
import { actionSchema, knownScenarioKeys } from '../../../src/config/scenario-schema.js';
import { openDialect } from '../../../src/dialects/open.js';
import { temporaryFolder } from '../store/temporary.js';

const page = readFileSync('docs/scenario-format.md', 'utf8');
const example = readFileSync('examples/scenarios/link-drops.yaml', 'utf8');

test('the example is the file that it links to', () => {
  expect(page).toContain(`\`\`\`yaml\n${example}\`\`\``);
});

test('the verdicts shown have its cases', async () => {
  const { scenario } = await readScenarioFile('examples/scenarios/link-drops.yaml');
  expect(page).toContain(`scenario ${scenario.title} on modem passed`);
  for (const { id } of scenario.steps) expect(page).toContain(`ok    step ${id}: done`);
  for (const { title } of scenario.expectations) expect(page).toContain(`ok    ${title}: `);
});

test('the mistake shown is told so', async () => {
  const file = join(await temporaryFolder(), 'link-drops.yaml');
  writeFileSync(file, example.replace('+MPUB', '+MPUBB'));
  const failure = checkScenarioDialect(await readScenarioFile(file), await openDialect('luat'));
  const message = await failure.catch((error: Error) => error.message.replace(file, 'link-drops.yaml'));
  expect(page).toContain(`\`\`\`\n${message}\n\`\`\``);
});

test.each([
  ['the whole', knownScenarioKeys([])],
  ['when', knownScenarioKeys(['steps', 0, 'when'])],
  ['an expectation', knownScenarioKeys(['expect', 0])],
  ['do', Object.keys(actionSchema.shape)],
])('it has every key of %s', (_, keys) => {
  for (const key of keys) expect(page).toMatch(new RegExp(`\`${key}[:\`]`));
});
