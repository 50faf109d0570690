/**
 * `npm run truth`: what Sidetone computes from telemetry beside ground truth, over at least 60 real-time incidents.
 *
 *   npm run truth                       15 of each kind, about 10 minutes
 *   npm run truth -- --each 3           fewer
 *   npm run truth -- --write            also writes docs/truth.md and the README's table
 */
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { broken, type Comparison, summarize, table } from './compare.ts';
import { DEED_KINDS } from './deeds.ts';
import { runDeeds } from './lab.ts';

const { values } = parseArgs({
  options: { each: { type: 'string', default: '15' }, write: { type: 'boolean', default: false } },
});
const each = Number(values.each);
if (!Number.isInteger(each) || each < 1) {
  console.error('--each takes a whole number from 1');
  process.exit(2);
}

const all: Comparison[] = [];
const summaries = [];
for (const kind of DEED_KINDS) {
  const comparisons = await runDeeds({
    kinds: [kind],
    repetitions: each,
    onProgress: (done) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${kind.name}: ${done} of ${each} `);
      else if (done === each) console.error(`${kind.name}: ${done} of ${each}`);
    },
  });
  if (process.stderr.isTTY) process.stderr.write('\n');
  all.push(...comparisons);
  summaries.push(summarize(kind.name, comparisons));
}
const total = summarize('all', all);
const problems = broken(total, summaries);
const text = table([...summaries, total]);
console.log(text);
for (const problem of problems) console.log(`broken: ${problem}`);
if (values.write) {
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}, ${process.platform}`;
  const fromRoot = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
  const intro =
    'Made by `npm run truth -- --write`. What Sidetone computes from telemetry, beside ground truth that shares no code with it: every\n' +
    "10 ms frame at the simulated phone's speaker and at the gateway (a rising tone: made-up audio stands still), and the relay's\n" +
    'packet log. Errors are absolute, in milliseconds. Fidelity F0: simulated phone, real libwebrtc, real UDP.\n';
  const outcome =
    problems.length === 0 ? '' : `\nBroken in this run:\n${problems.map((one) => `- ${one}`).join('\n')}\n`;
  await writeFile(fromRoot('docs/truth.md'), `# Truth\n${intro}\nMachine: ${machine}.\n\n${text}\n${outcome}`);
  const readme = await readFile(fromRoot('README.md'), 'utf8');
  const between = `<!-- truth -->\n${text}\n\n${machine}; made by \`npm run truth -- --write\`.\n<!-- /truth -->`;
  await writeFile(
    fromRoot('README.md'),
    readme.replace(/<!-- truth -->[\s\S]*<!-- \/truth -->/, () => between),
  );
}
process.exit(problems.length === 0 ? 0 : 1);
