/**
 * `npm test`: type check, layer check, lint and format, licences, unit tests, real-time tests, end-to-end tests.
 * Ends with `N passed, N failed` (`, N skipped`, each named with its reason) over everything it ran.
 *
 *   npm test -- --only unit        one part: types, layers, lint, licences, unit, realtime, e2e
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './setup/bootstrap.mjs';
import { bringChromium } from './setup/chromium.mjs';

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const bin = (...path) => join(root, 'node_modules', ...path);
const totals = { passed: 0, failed: 0 };
const skipped = [];
const scratch = mkdtempSync(join(tmpdir(), 'sidetone-test-'));

function run(args, environment = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...environment },
    });
    child.on('close', (code) => resolve(code === 0));
    child.on('error', () => resolve(false));
  });
}

async function check(args) {
  const ok = await run(args);
  totals[ok ? 'passed' : 'failed'] += 1;
}

/** Runs a vitest configuration and counts what really ran (config/test-report.ts). */
async function suite(config, environment) {
  const report = join(scratch, `${config}.json`);
  const args = [bin('vitest', 'vitest.mjs'), 'run', '--config', `scripts/config/vitest.${config}.ts`];
  const reporters = ['--reporter=default', '--reporter=./scripts/config/test-report.ts'];
  const ok = await run([...args, ...reporters], { ...environment, SIDETONE_TEST_REPORT: report });
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    console.error(`${config}: no report was written`);
    totals.failed += 1;
    return;
  }
  totals.passed += result.passed;
  skipped.push(...result.skipped.filter(({ reason }) => reason !== undefined));
  // Whoever skips a test says why, with `context.skip(condition, reason)`.
  const silent = result.skipped.filter(({ reason }) => reason === undefined);
  for (const { name } of silent) console.error(`skipped without a reason: ${name}`);
  const failed = result.failed.length + silent.length;
  totals.failed += !ok && failed === 0 ? 1 : failed;
}

const parts = {
  types: async () => {
    await check([bin('typescript', 'bin', 'tsc'), '-b']);
    await check([bin('typescript', 'bin', 'tsc'), '-p', 'scripts/config/tsconfig.tests.json']);
  },
  layers: () => check(['scripts/checks/layers.mjs']),
  lint: () =>
    check([
      bin('@biomejs', 'biome', 'bin', 'biome'),
      'ci',
      '--config-path',
      'scripts/config',
      '--error-on-warnings',
      '.',
    ]),
  licences: () => check(['scripts/checks/licences.mjs', '--check']),
  unit: () => suite('unit'),
  realtime: () => suite('realtime'),
  e2e: async () => {
    const chromium = bringChromium((line) => console.error(`sidetone: ${line}`));
    if (chromium === undefined) {
      console.error('no Chromium was found and none could be brought; set SIDETONE_CHROMIUM to one');
      totals.failed += 1;
      return;
    }
    await suite('e2e', { SIDETONE_CHROMIUM: chromium });
  },
};

const asked = values.only ?? Object.keys(parts);
for (const name of asked) {
  const part = parts[name];
  if (part === undefined) {
    console.error(`unknown part '${name}'; known: ${Object.keys(parts).join(', ')}`);
    process.exit(2);
  }
  const began = Date.now();
  console.error(`\nsidetone: ${name}`);
  await part();
  console.error(`sidetone: ${name} took ${((Date.now() - began) / 1000).toFixed(0)} s`);
}
rmSync(scratch, { recursive: true, force: true });

for (const { name, reason } of skipped) console.log(`skipped: ${name}: ${reason}`);
const nothingRan = totals.passed + totals.failed === 0;
if (nothingRan) console.error('nothing ran');
const tail = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
console.log(`${totals.passed} passed, ${totals.failed} failed${tail}`);
process.exit(totals.failed > 0 || nothingRan ? 1 : 0);
