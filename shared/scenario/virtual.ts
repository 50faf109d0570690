/**
 * Scenarios in virtual time: the same runner, reducers and judge as in real time, over a phone that needs no time.
 * Deterministic: equal scenario, parameters, policy, OS and seed give equal bytes.
 */
import type { IphoneProfile } from '../iphone/interface.ts';
import { profileFor } from '../iphone/model.ts';
import type { JournalEntry, RunEntry } from '../recording/entry.ts';
import type { Incident } from '../recovery/incident.ts';
import { createIncidentReducer } from '../recovery/reduce.ts';
import { desktopTime, deviceTime } from '../time/time.ts';
import { judge, type Verdict } from './expect.ts';
import { incidentResult, type ScenarioResult, scenarioResult } from './result.ts';
import { createScenarioRunner, type RunnerAction, type RunOutcome } from './runner.ts';
import type { ResolvedScenario } from './scenario.ts';
import { VirtualBench } from './virtual-bench.ts';
import { VIRTUAL_BENCH } from './virtual-devices.ts';
import { createBenchWatch } from './watch.ts';

/** A run that needs more actions than this is going round in circles: a bug, not a long scenario (those need about 2,000). */
const MAX_ACTIONS = 1_000_000;

export interface VirtualRepetition {
  readonly outcome: RunOutcome;
  readonly incidents: readonly Incident[];
  readonly verdict: Verdict;
}

export interface RepetitionOptions {
  readonly seed: number;
  readonly repetition: number;
  /** The whole journal of the run, in order. */
  readonly onEntry?: (entry: JournalEntry) => void;
}

/** What the file says of the app wins over what the policy brings along. */
export function profileOf(scenario: ResolvedScenario, seed: number): IphoneProfile {
  const { callKit, manualAudio, audioDevice, policy } = scenario.app;
  return profileFor(policy, {
    os: scenario.os,
    callKit,
    seed,
    ...(manualAudio === undefined ? {} : { manualAudio }),
    ...(audioDevice === undefined ? {} : { audioDevice }),
  });
}

/** One repetition, on a phone of its own. */
export function runVirtually(scenario: ResolvedScenario, options: RepetitionOptions): VirtualRepetition {
  const reducer = createIncidentReducer(VIRTUAL_BENCH);
  const watch = createBenchWatch(reducer);
  const runId = `virtual-${options.seed}`;
  const queue: JournalEntry[] = [];
  const bench = new VirtualBench(profileOf(scenario, options.seed), (entry) => queue.push(entry));
  const { clock } = bench;
  const now = () => desktopTime(clock.now);
  const runner = createScenarioRunner(scenario, { runId, watch, startedAt: now() });
  let outcome: RunOutcome | undefined;

  const obey = (actions: readonly RunnerAction[]): void => {
    for (const action of actions) {
      if (action.kind === 'inject') bench.inject(action);
      if (action.kind === 'done') outcome ??= action.outcome;
    }
  };
  const publish = (): void => {
    for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
      options.onEntry?.(entry);
      watch.push(entry);
      obey(runner.push(entry));
    }
  };
  const runEntry = (state: RunEntry['state']): RunEntry => ({
    type: 'run',
    arrivedAt: now(),
    benchId: VIRTUAL_BENCH,
    deviceId: 'iphone-app',
    runId,
    state,
    scenario: scenario.name,
    title: scenario.title,
    repetition: options.repetition,
    policy: scenario.app.policy,
    os: scenario.os,
  });

  bench.start();
  queue.push(runEntry('began'));
  publish();
  for (let count = 0; outcome === undefined && count < MAX_ACTIONS; count += 1) {
    const due = runner.nextDue();
    const next = clock.nextAt;
    if (due !== undefined && (next === undefined || due <= next)) {
      clock.advanceTo(deviceTime(due));
      obey(runner.tick(now()));
    } else if (!clock.step()) break;
    publish();
  }
  outcome ??= { kind: 'stopped', reason: 'nothing more happens' };
  queue.push(runEntry('ended'));
  publish();
  const incidents = runner.incidents();
  return { outcome, incidents, verdict: judge(scenario, incidents, outcome) };
}

export interface VirtualOptions {
  readonly seed: number;
  readonly repeat: number;
  /** Version of the product, for the document. */
  readonly sidetone: string;
  readonly onRepetition?: (done: number) => void;
}

/** Repetition n has seed + n - 1. */
export function runVirtualScenario(scenario: ResolvedScenario, options: VirtualOptions): ScenarioResult {
  const runs = Array.from({ length: options.repeat }, (_, index) => {
    const repetition = index + 1;
    const seed = options.seed + index;
    const { outcome, incidents, verdict } = runVirtually(scenario, {
      seed,
      repetition,
    });
    options.onRepetition?.(repetition);
    return { repetition, seed, outcome, incidents: incidents.map(incidentResult), verdict };
  });
  const { policy } = scenario.app;
  const { sidetone, seed } = options;
  return scenarioResult(
    scenario,
    { sidetone, policy, os: scenario.os, time: 'virtual', simulated: true, seed, losses: [] },
    runs,
  );
}
