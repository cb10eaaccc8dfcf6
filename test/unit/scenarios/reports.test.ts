/** Verdicts on paper: in words, as JUnit XML, as TAP. */
import { describe, expect, it, test } from 'vitest';
import { junit } from '../../../src/scenarios/junit.js';
import { tap } from '../../../src/scenarios/tap.js';
import { type Verdict, verdictInWords } from '../../../src/scenarios/verdict.js';

const verdict: Verdict = {
  name: 'link drops',
  passed: false,
  modem: 'dut',
  file: 'link-drops.yaml',
  seed: 7,
  duration: 12_500,
  cases: [
    { name: 'step lost', passed: true, at: 1000, message: 'done at 1 s' },
    { name: 'the host sends +MIPSTART with "a" & <b>', passed: false, at: 11_000, message: 'it did not;\nit said AT' },
    { name: 'C# \\ two\nlines', passed: false, at: undefined, message: 'the "step" never came' },
  ],
};

test('in words', () => {
  expect(verdictInWords(verdict)).toBe(`scenario link drops on dut failed: 2 of 3 (seed 7)
  ok    step lost: done at 1 s
  FAIL  the host sends +MIPSTART with "a" & <b>
        it did not;
it said AT
  FAIL  C# \\ two
lines
        the "step" never came`);
  expect(verdictInWords({ ...verdict, passed: true, cases: [] })).toBe('scenario link drops on dut passed (seed 7)');
});

describe('JUnit XML', () => {
  it('has suites, cases with their times, and why one failed', () => {
    expect(junit([verdict])).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="atmodem" tests="3" failures="2" time="12.500">
  <testsuite name="link drops" tests="3" failures="2" errors="0" skipped="0" time="12.500">
    <testcase classname="atmodem.link drops" name="step lost" time="1.000"/>
    <testcase classname="atmodem.link drops" name="the host sends +MIPSTART with &quot;a&quot; &amp; &lt;b&gt;" time="11.000">
      <failure message="it did not;&#10;it said AT" type="expectation">it did not;
it said AT</failure>
    </testcase>
    <testcase classname="atmodem.link drops" name="C# \\ two&#10;lines" time="0.000">
      <failure message="the &quot;step&quot; never came" type="expectation">the &quot;step&quot; never came</failure>
    </testcase>
  </testsuite>
</testsuites>
`);
  });

  it('has what is printed beside a failure, without what XML cannot hold', () => {
    expect(junit([{ ...verdict, cases: [] }], ['→ AT'])).not.toContain('system-out');
    expect(junit([verdict], ['→ AT', 'a\x00b\x1b\ud800<'])).toContain(
      '<system-out>→ AT\na\ufffdb\ufffd\ufffd&lt;</system-out>',
    );
  });
});

describe('TAP', () => {
  it('has a test point a case, and why one failed', () => {
    expect(tap([verdict])).toBe(`TAP version 14
1..3
ok 1 - step lost
not ok 2 - the host sends +MIPSTART with "a" & <b>
  ---
  message: "it did not;\\nit said AT"
  at: 11.000
  ...
not ok 3 - C\\# \\\\ two lines
  ---
  message: "the \\"step\\" never came"
  ...
`);
  });

  it('says whose case it is, of several suites', () => {
    const ok = { name: 'c', passed: true, at: 0, message: '' };
    expect(tap(['a', 'b'].map(name => ({ name, duration: 0, cases: [ok] })))).toContain('ok 2 - b: c');
  });
});
