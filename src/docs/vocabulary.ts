/** docs/vocabulary.md: the words of the core that a grammar may use. Pure. */
import {
  addressKinds,
  commonFailures,
  coreEvents,
  coreFacts,
  coreOperations,
  type OperationSpec,
} from '../grammar/vocabulary.js';
import { code, generated, table } from './markdown.js';

export function vocabularyPage(): string {
  return `${[
    generated,
    '',
    '# Vocabulary',
    '',
    'What the core offers to grammars: operations for `do:`, facts for lines and conditions, events for `urcs:`. How they',
    'are used is in [grammar-format.md](grammar-format.md).',
    '',
    '## Operations',
    '',
    'Arguments stand in `with:`; those in brackets may be left out. An outcome is mapped by its own word, or by its family,',
    `\`ok\` or \`failed\`. Any operation may also end as ${commonFailures.map(code).join(', ')}. Outcomes in italics are`,
    'passed over, as if `ok`, where an exchange does not map them. Fields are names in the lines below the operation.',
    '',
    ...table(
      ['operation', 'what it does', 'arguments', 'ok', 'failed', 'fields'],
      Object.entries(coreOperations).map(operationRow),
    ),
    '',
    '## Facts',
    '',
    'A list is for `each:`; its fields are names inside.',
    '',
    ...table(
      ['fact', 'what it says', 'fields of an entry'],
      Object.entries(coreFacts).map(([name, { title, list }]) => [
        code(name),
        title,
        (list ?? []).map(code).join(', '),
      ]),
    ),
    '',
    '## Events',
    '',
    ...table(
      ['event', 'when', 'fields', 'of each'],
      Object.entries(coreEvents).map(([name, { title, fields = [], address = '' }]) => [
        code(name),
        title,
        fields.map(code).join(', '),
        address,
      ]),
    ),
    '',
    '## Addresses',
    '',
    `What \`is:\` and \`of:\` may name: ${addressKinds.map(code).join(', ')}.`,
  ].join('\n')}\n`;
}

function operationRow([name, spec]: [string, OperationSpec]): string[] {
  const { title, ok, failed, progress = [], fields = [], lenient = [] } = spec;
  const word = (outcome: string) => (lenient.includes(outcome) ? `_${outcome}_` : code(outcome));
  return [
    code(name),
    title,
    Object.entries(spec.arguments)
      .map(([argument, how]) => (how === 'required' ? code(argument) : `[${code(argument)}]`))
      .join(', '),
    [...ok.map(code), ...(progress.length > 0 ? [`before it ${progress.map(code).join(', ')}`] : [])].join(', '),
    failed.map(word).join(', '),
    fields.map(code).join(', '),
  ];
}
