/**
 * Lists every installed package with its licence, and fails on one that is not permissive.
 *
 *   node scripts/checks/licences.mjs           writes docs/licences.md
 *   node scripts/checks/licences.mjs --check   fails when a licence is not allowed or the list is out of date
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const LIST = join(root, 'docs', 'licences.md');
/** Permissive, by SPDX. MPL-2.0 is file-level and only in tools that are not shipped (lightningcss, by Vite). */
const ALLOWED = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  'Python-2.0',
  'MIT-0',
  'CC-BY-4.0',
]);
const ALLOWED_IN_TOOLS = new Set(['MPL-2.0']);

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const problems = [];
const rows = new Map();
for (const [path, entry] of Object.entries(lock.packages)) {
  if (path === '') continue;
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const licence = entry.license ?? 'none stated';
  const alternatives = licence.replace(/[()]/g, '').split(/\s+OR\s+/);
  const parts = alternatives.some((one) => one.split(/\s+AND\s+/).every((id) => ALLOWED.has(id)));
  const asTool = entry.dev === true && ALLOWED_IN_TOOLS.has(licence);
  if (!parts && !asTool) problems.push(`${name} ${entry.version}: ${licence}`);
  rows.set(
    `${name} ${entry.version}`,
    `| ${name} | ${entry.version} | ${licence} | ${entry.dev === true ? 'tool' : entry.optional === true ? 'optional' : 'shipped'} |`,
  );
}
const sorted = [...rows.keys()].sort().map((key) => rows.get(key));
const text = `# Licences of dependencies\n\nMade by \`node scripts/checks/licences.mjs\` from the lock file.\n\n| package | version | licence | use |\n|---|---|---|---|\n${sorted.join('\n')}\n`;

for (const problem of problems) console.error(`licence not allowed: ${problem}`);
if (process.argv.includes('--check')) {
  let current = '';
  try {
    current = readFileSync(LIST, 'utf8');
  } catch {}
  if (current !== text) problems.push('docs/licences.md is out of date');
  if (current !== text) console.error('docs/licences.md is out of date: run node scripts/checks/licences.mjs');
} else {
  writeFileSync(LIST, text);
}
console.log(`licences: ${rows.size} packages, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
