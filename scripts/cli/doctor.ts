/** `sidetone doctor`: is everything here that Sidetone needs, and what to do when not. */
import { type Command, EXIT, flagOption, textOption } from './command.ts';
import type { Finding } from './doctor-checks.ts';

const MARKS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

export const doctor: Command = {
  name: 'doctor',
  usage: 'doctor [--data DIR] [--json]',
  summary: 'check that everything needed is here, and say what to do where it is not',
  options: {
    data: { type: 'string', value: 'DIR', help: 'the data folder to check' },
    json: { type: 'boolean', help: 'as one JSON document' },
  },
  words: { least: 0, most: 0 },
  async run(values, _words, terminal) {
    const { CHECKS } = await import('./doctor-checks.ts');
    const asJson = flagOption(values, 'json');
    const findings: (Finding & { readonly check: string })[] = [];
    for (const [index, check] of CHECKS.entries()) {
      terminal.progress(`${index + 1} of ${CHECKS.length}: ${check.title} ...`);
      const finding = { check: check.title, ...(await check.look({ dataFolder: textOption(values, 'data') })) };
      findings.push(finding);
      if (asJson) continue;
      terminal.print(`${MARKS[finding.result]}  ${finding.check}: ${finding.found}`);
      if (finding.remedy !== undefined) terminal.print(`      -> ${finding.remedy}`);
    }
    terminal.progress('');
    const failed = findings.filter((finding) => finding.result === 'fail').length;
    if (asJson) terminal.print(JSON.stringify({ schemaVersion: 1, findings }, undefined, 2));
    else
      terminal.print(
        failed === 0 ? 'Everything that is needed is here.' : `${failed} of ${CHECKS.length} checks failed.`,
      );
    return failed === 0 ? EXIT.good : EXIT.notToBeHad;
  },
};
