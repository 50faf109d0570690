/** The result as JUnit XML, which every CI reads: one suite a scenario, one case an expectation of a repetition. */
import type { ScenarioResult } from './result.ts';

// XML 1.0 cannot carry most control characters nor half a surrogate pair, escaped or not.
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const escaped = (text: string): string =>
  text
    .replace(NOT_XML, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    .replace(/[\n\r\t]/g, ' ');

export function toJUnit(results: readonly ScenarioResult[]): string {
  const suites = results.map(suite);
  const total = (key: 'tests' | 'failures' | 'skipped'): number => suites.reduce((sum, one) => sum + one[key], 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="Sidetone" tests="${total('tests')}" failures="${total('failures')}" skipped="${total('skipped')}">`,
    ...suites.flatMap((one) => one.lines),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(result: ScenarioResult): { lines: string[]; tests: number; failures: number; skipped: number } {
  const name = `${result.scenario.id} ${result.scenario.name} (${result.policy}, iOS ${result.os}, ${result.fidelity}, ${result.time} time)`;
  const cases: string[] = [];
  let failures = 0;
  let skipped = 0;
  for (const run of result.runs) {
    const checks = run.verdict.checks.length > 0 ? run.verdict.checks : [undefined];
    for (const check of checks) {
      const title =
        check === undefined ? `run ${run.repetition}` : `run ${run.repetition}: ${check.about}: ${check.expected}`;
      const open = `    <testcase classname="${escaped(result.scenario.name)}" name="${escaped(title)}"`;
      if (check === undefined && run.verdict.result === 'notJudged') {
        skipped += 1;
        const reason = run.outcome.kind === 'completed' ? 'not judged' : run.outcome.reason;
        cases.push(`${open}><skipped message="${escaped(reason)}"/></testcase>`);
      } else if (check !== undefined && !check.ok) {
        failures += 1;
        cases.push(`${open}><failure message="${escaped(`${check.expected}: ${check.got}`)}"/></testcase>`);
      } else {
        cases.push(`${open}/>`);
      }
    }
  }
  const tests = cases.length;
  const head = `  <testsuite name="${escaped(name)}" tests="${tests}" failures="${failures}" skipped="${skipped}">`;
  return { lines: [head, ...cases, '  </testsuite>'], tests, failures, skipped };
}
