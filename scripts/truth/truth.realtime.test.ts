/**
 * What Sidetone says of one incident of each kind, beside ground truth that shares no code with it; and that the recording of
 * those very calls tells the same. Accuracy only: how small the error usually is, `npm run truth` says over 60 incidents.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecorder } from '../../electron/engine/recorder/recorder.ts';
import type { JournalEntry } from '../../shared/recording/entry.ts';
import { createIncidentReducer } from '../../shared/recovery/reduce.ts';
import { createBenchTimeline } from '../../shared/timeline/bench-timeline.ts';
import type { Comparison } from './compare.ts';
import { DEED_KINDS } from './deeds.ts';
import { runDeeds } from './lab.ts';

/** Five 20 ms frames: far from any wrong answer, and above what a single measurement shows on an idle machine (p95 is 40). */
const LARGEST_ERROR_MICROS = 100_000;
const BENCH = 'simulated-iphone';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** Everything a page would show of a bench, as bytes. */
function shown(entries: readonly JournalEntry[]): { readonly lanes: string; readonly incidents: string } {
  const timeline = createBenchTimeline(BENCH);
  const reducer = createIncidentReducer(BENCH);
  for (const entry of entries) {
    timeline.push(entry);
    reducer.push(entry);
  }
  return {
    lanes: JSON.stringify([timeline.lanes(), timeline.marks(), timeline.header(), timeline.ladder()]),
    incidents: JSON.stringify(reducer.incidents()),
  };
}

/** What breaks the promise, in words. */
function problemOf(comparison: Comparison, onPath: boolean): string | undefined {
  const isFar = (error: number | undefined): boolean => error === undefined || Math.abs(error) > LARGEST_ERROR_MICROS;
  if (comparison.found !== 1) return `${comparison.found} incidents instead of one`;
  if (comparison.problem !== undefined) return comparison.problem;
  if (isFar(comparison.rxError)) return 'outage rx is not as long as it really was';
  if (onPath) return comparison.txHeld === true ? undefined : 'the interval does not hold the true outage tx';
  return isFar(comparison.txError) ? 'outage tx is not as long as it really was' : undefined;
}

describe.each([false, true])('a real call, CallKit %s', (callKit) => {
  const kinds = DEED_KINDS.filter((kind) => kind.callKit === callKit);
  const live: JournalEntry[] = [];
  let folder: string;
  let comparisons: readonly Comparison[] = [];

  beforeAll(async () => {
    // A machine that stands still for a moment interrupts the call for real, beside the deed. What is wrong is wrong twice.
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      folder = await mkdtemp(join(tmpdir(), 'sidetone-truth-test-'));
      folders.push(folder);
      live.length = 0;
      comparisons = await runDeeds({ kinds, repetitions: 1, dataFolder: folder, onEntry: (entry) => live.push(entry) });
      const wrong = comparisons.filter((one, index) => problemOf(one, kinds[index]?.onPath === true) !== undefined);
      if (wrong.length === 0) break;
      console.warn(`attempt ${attempt}: ${JSON.stringify(wrong)}`);
    }
  }, 120_000);

  it.each(kinds.map((kind, index) => ({ ...kind, index })))(
    '$name: one incident, its outages as long as they really were',
    ({ index, onPath }) => {
      const comparison = comparisons[index];
      expect(comparison).toBeDefined();
      if (comparison !== undefined) expect(problemOf(comparison, onPath), JSON.stringify(comparison)).toBeUndefined();
    },
  );

  it('its recording, opened again, gives the same lanes and incidents byte for byte', async () => {
    const recordings = join(folder, 'recordings');
    const [name, ...others] = (await readdir(recordings)).filter((one) => one.endsWith('.mcap'));
    expect(others).toEqual([]);
    const recorder = createRecorder({ folder: recordings, productVersion: 'test' });
    const opened = await recorder.openRecording(basename(name ?? '', '.mcap'));
    if (!opened.ok) throw new Error(opened.error.message);
    const reopened: JournalEntry[] = [];
    for await (const batch of opened.value.batches()) reopened.push(...batch);
    await recorder.dispose();
    expect(opened.value.damage).toEqual({ unreadableBytes: 0, invalidEntries: 0, complete: true });
    const before = shown(live);
    const after = shown(reopened);
    expect(JSON.parse(before.incidents)).toHaveLength(kinds.length);
    expect(after.incidents).toBe(before.incidents);
    expect(after.lanes).toBe(before.lanes);
  });
});
