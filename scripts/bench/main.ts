/**
 * `npm run bench`: what the simulation costs in an undisturbed call, beside a bare libwebrtc call of the same kind in the
 * same run (two processes, 10 ms frames both ways, no probe, no relay). Alternating runs, medians, ratio.
 *
 *   npm run bench -- --seconds 10 --rounds 3 [--write]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createEngine } from '../../electron/engine/engine.ts';
import { createNodeProcessHost } from '../../electron/engine/process-host.ts';
import { shareOfCore } from './processor-time.ts';

/** The promise for phone, gateway and relay together. */
const BUDGET_SHARE_OF_CORE = 0.6;
const SETTLE_MILLISECONDS = 5000;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    write: { type: 'boolean', default: false },
  },
});
const spanMilliseconds = Number(values.seconds) * 1000;
const rounds = Number(values.rounds);

/** Share of one core by program, of this process's descendants, once `start` has brought them up. */
async function measure(start: () => Promise<() => Promise<void>>): Promise<Map<string, number>> {
  const stop = await start();
  try {
    await wait(SETTLE_MILLISECONDS);
    const shares = await shareOfCore(process.pid, () => wait(spanMilliseconds));
    if (shares === undefined) {
      console.error('processor time is read from /proc, which this system does not have; run this on Linux');
      process.exit(3);
    }
    const byProgram = new Map<string, number>();
    for (const row of shares) {
      if (!row.command.includes('dist/')) continue;
      const name = row.command.replace(/^.*dist\//, '').replace(/\.js$/, '');
      byProgram.set(name, (byProgram.get(name) ?? 0) + row.seconds);
    }
    return byProgram;
  } finally {
    await stop();
  }
}

async function startSimulation(): Promise<() => Promise<void>> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'sidetone-bench-'));
  const engine = await createEngine({
    dataFolder,
    port: 0,
    host: createNodeProcessHost(),
    simulation: true,
    version: 'bench',
    log: { info: () => undefined, warning: (line) => console.error(line) },
  });
  engine.holdActive('benchmark');
  return async () => {
    await engine.dispose();
    await rm(dataFolder, { recursive: true, force: true });
  };
}

async function startBare(): Promise<() => Promise<void>> {
  const program = fileURLToPath(new URL('bare-peer.js', import.meta.url));
  const answerer = fork(program, ['answer']);
  const offerer = fork(program, ['offer']);
  const pass = (from: ChildProcess, to: ChildProcess): Promise<void> =>
    new Promise((resolve) =>
      from.on('message', (message: { readonly t: string; readonly description?: object }) => {
        if (message.t === 'description') to.send({ description: message.description });
        if (message.t === 'connected') resolve();
      }),
    );
  await Promise.all([pass(offerer, answerer), pass(answerer, offerer)]);
  return async () => {
    for (const child of [offerer, answerer]) child.disconnect();
    await Promise.all([offerer, answerer].map((child) => new Promise((resolve) => child.once('exit', resolve))));
  };
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const ours: Map<string, number>[] = [];
const bare: Map<string, number>[] = [];
for (let round = 0; round < rounds; round += 1) {
  console.error(`round ${round + 1} of ${rounds}`);
  ours.push(await measure(startSimulation));
  bare.push(await measure(startBare));
}
const programs = [...new Set([...ours, ...bare].flatMap((run) => [...run.keys()]))];
const total = (run: Map<string, number>): number => [...run.values()].reduce((sum, share) => sum + share, 0);
const simulation = median(ours.map(total));
const peer = median(bare.map(total));
const rows = programs.map((name) => {
  const runs = name.includes('bare-peer') ? bare : ours;
  return `| ${name} | ${percent(median(runs.map((run) => run.get(name) ?? 0)))} |`;
});
const text = `| program | share of one core, median of ${rounds} runs of ${values.seconds} s |
|---|---|
${rows.join('\n')}
| **simulation in all** (budget ${percent(BUDGET_SHARE_OF_CORE)}) | **${percent(simulation)}** |
| bare libwebrtc call, both ends | ${percent(peer)} |
| ratio | ${(simulation / peer).toFixed(2)} |`;
console.log(text);
if (values.write) {
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}, ${process.platform}`;
  const page = fileURLToPath(new URL('../../../docs/benchmarks.md', import.meta.url));
  const intro =
    'Made by `npm run bench -- --write`: what phone, gateway and relay cost in an undisturbed call, beside a bare libwebrtc call\n' +
    'of the same kind in the same run, alternating.';
  await writeFile(page, `# Benchmarks\n${intro}\n\nMachine: ${machine}.\n\n${text}\n`);
}
process.exit(0);
