/** Verdicts as JUnit XML, in the form that CI systems read. Pure. */
import { failuresOf, type Suite, type VerdictCase } from './verdict.js';

/** @param output what a reader of a failure wants to see beside it, such as the end of the dialogue */
export function junit(suites: readonly Suite[], output: readonly string[] = []): string {
  const sum = (of: (suite: Suite) => number) => suites.reduce((total, suite) => total + of(suite), 0);
  const attributes = attributesOf({
    tests: sum(({ cases }) => cases.length),
    failures: sum(suite => failuresOf(suite).length),
    time: inSeconds(sum(({ duration }) => duration)),
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="atmodem"${attributes}>`,
    ...suites.flatMap(suite => suiteLines(suite, output)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteLines(suite: Suite, output: readonly string[]): string[] {
  const { name, cases, duration } = suite;
  const attributes = attributesOf({
    name,
    tests: cases.length,
    failures: failuresOf(suite).length,
    errors: 0,
    skipped: 0,
    time: inSeconds(duration),
  });
  return [
    `  <testsuite${attributes}>`,
    ...cases.flatMap(each => caseLines(each, name)),
    ...(output.length > 0 && failuresOf(suite).length > 0
      ? [`    <system-out>${escaped(output.join('\n'))}</system-out>`]
      : []),
    '  </testsuite>',
  ];
}

function caseLines({ name, passed, at = 0, message }: VerdictCase, suite: string): string[] {
  const attributes = attributesOf({ classname: `atmodem.${suite.replaceAll('.', ' ')}`, name, time: inSeconds(at) });
  if (passed) return [`    <testcase${attributes}/>`];
  return [
    `    <testcase${attributes}>`,
    `      <failure${attributesOf({ message, type: 'expectation' })}>${escaped(message)}</failure>`,
    '    </testcase>',
  ];
}

const inSeconds = (ms: number): string => (ms / 1000).toFixed(3);

const attributesOf = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([key, value]) => ` ${key}="${escaped(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('');

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML 1.0 has no place for most control characters, not even escaped, nor for half a character. [XML 1.0, 2.2] */
const noCharacters = /[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]|\p{Cs}/gu;

const escaped = (text: string): string =>
  text.replace(noCharacters, '\ufffd').replace(/[&<>"]/g, sign => entities[sign]!);
