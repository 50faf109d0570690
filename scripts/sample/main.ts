/**
 * Makes the bundled sample: a real recording of the simulated iPhone in a real call, so that the page is never empty.
 *
 *   node dist/scripts/sample/main.js        writes shared/recording/samples/a-call-interrupted.mcap
 */
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createEngine } from '../../electron/engine/engine.ts';
import { createNodeProcessHost } from '../../electron/engine/process-host.ts';

const BENCH = 'simulated-iphone';
const RUNS = [
  { scenario: 'pstn-reject', policy: 'careful' },
  { scenario: 'siri-short', policy: 'neverRestartsUnit' },
  { scenario: 'airpods-connect', policy: 'careful' },
  { scenario: 'path-blackhole-8s', policy: 'careful' },
] as const;

const folder = await mkdtemp(join(tmpdir(), 'sidetone-sample-'));
const engine = await createEngine({
  dataFolder: folder,
  port: 0,
  host: createNodeProcessHost(),
  simulation: true,
  version: 'sample',
  log: { info: () => undefined, warning: (line) => console.error(line) },
});
try {
  const active = engine.holdActive('sample');
  for (const run of RUNS) {
    const ended = new Promise<void>((resolve) => {
      const listener = engine.onRunEnded((result) => {
        console.error(
          `${run.scenario} with ${run.policy}: ${result.repetitions.map((one) => one.verdict.result).join()}`,
        );
        listener.dispose();
        resolve();
      });
    });
    const started = await engine.call('scenario.run', { benchId: BENCH, ...run });
    if (!started.ok) throw new Error(started.error.message);
    await ended;
    await wait(1000);
  }
  active.dispose();
} finally {
  await engine.dispose();
}
const target = fileURLToPath(new URL('../../../shared/recording/samples/', import.meta.url));
await mkdir(target, { recursive: true });
const [file] = (await readdir(join(folder, 'recordings'))).filter((name) => name.endsWith('.mcap'));
if (file === undefined) throw new Error('nothing was recorded');
await copyFile(join(folder, 'recordings', file), join(target, 'a-call-interrupted.mcap'));
await rm(folder, { recursive: true, force: true });
process.exit(0);
