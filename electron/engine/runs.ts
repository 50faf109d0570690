/**
 * Runs scenarios on benches, one at a time on each: prepares the phone, drives the pure runner with the entries of the
 * bench and with time, hands its injections to the devices, and collects what came of it.
 */
import type { CallInput, ContractError } from '../../shared/contract/contract.ts';
import type { JournalEntry, RunEntry } from '../../shared/recording/entry.ts';
import type { Incident } from '../../shared/recovery/incident.ts';
import { judge, type Verdict } from '../../shared/scenario/expect.ts';
import { findScenario, formatProblem, type Library, unknownScenario } from '../../shared/scenario/library.ts';
import { parseScenario } from '../../shared/scenario/parse.ts';
import { resolveScenario } from '../../shared/scenario/resolve.ts';
import {
  createScenarioRunner,
  type RunnerAction,
  type RunOutcome,
  type ScenarioRunner,
} from '../../shared/scenario/runner.ts';
import type { ResolvedScenario, Scalar, Scenario } from '../../shared/scenario/scenario.ts';
import type { BenchWatch } from '../../shared/scenario/watch.ts';
import { between, type DesktopTime, toMilliseconds } from '../../shared/time/time.ts';
import { bad, good, type Result, textOf } from './lifecycle.ts';
import type { Disposable, Log } from './ports.ts';

export type RunRequest = CallInput<'scenario.run'>;

export interface RunProgress {
  readonly runId: string;
  readonly scenario: string;
  readonly title: string;
  readonly step: string;
  readonly repetition: number;
  readonly of: number;
}

export interface RepetitionResult {
  readonly repetition: number;
  readonly outcome: RunOutcome;
  readonly incidents: readonly Incident[];
  readonly verdict: Verdict;
}

export interface RunResult {
  readonly runId: string;
  readonly benchId: string;
  readonly scenario: ResolvedScenario;
  readonly repetitions: readonly RepetitionResult[];
  /** Why it ended before all repetitions were done. */
  readonly problem?: ContractError;
}

/** What a run needs of the engine. */
export interface RunsBackend {
  /** Where the seeds of runs begin that ask for none. */
  readonly seed: number;
  readonly library: Library;
  now(): DesktopTime;
  /** Makes the bench ready with a fresh call and this app; resolves when its probe is connected. */
  prepare(
    benchId: string,
    scenario: ResolvedScenario,
    seed: number | undefined,
  ): Promise<Result<{ readonly probeId: string }, ContractError>>;
  watchOf(benchId: string): BenchWatch;
  inject(
    benchId: string,
    does: string,
    params: Readonly<Record<string, Scalar>>,
    injectId: string,
  ): Result<void, ContractError>;
  accept(entries: readonly RunEntry[]): void;
  /** What was accepted is on disk and published. */
  settled(): Promise<void>;
  /** A run began, went on or ended on a bench. */
  onChanged(): void;
  onEnded(result: RunResult): void;
  /** Keeps the simulation running. */
  hold(): Disposable;
  readonly log: Log;
}

interface ActiveRun {
  readonly benchId: string;
  progress: RunProgress;
  runner: ScenarioRunner | undefined;
  stopReason: string | undefined;
  /** Where the entries of the bench go while a repetition is under way. */
  push: ((entry: JournalEntry) => void) | undefined;
  stopNow: (() => void) | undefined;
  finished: Promise<void>;
}

export class Runs implements Disposable {
  readonly #backend: RunsBackend;
  /** Repetitions so far, of all runs. */
  #played = 0;
  readonly #active = new Map<string, ActiveRun>();
  #count = 0;

  constructor(backend: RunsBackend) {
    this.#backend = backend;
  }

  progressOf(benchId: string): RunProgress | undefined {
    return this.#active.get(benchId)?.progress;
  }

  get isActive(): boolean {
    return this.#active.size > 0;
  }

  /** Begins a run; its result comes through `onEnded`. */
  start(request: RunRequest): Result<{ readonly runId: string }, ContractError> {
    if (this.#active.has(request.benchId)) {
      return bad({ code: 'run-active', message: 'a scenario is already running here: stop it first' });
    }
    const scenario = this.#resolve(request);
    if (!scenario.ok) return scenario;
    this.#count += 1;
    const runId = `run${this.#count}-${Math.round(toMilliseconds(between(0 as DesktopTime, this.#backend.now())))}`;
    const repeat = request.repeat ?? scenario.value.repeat;
    const run: ActiveRun = {
      benchId: request.benchId,
      progress: {
        runId,
        scenario: scenario.value.name,
        title: scenario.value.title,
        step: 'preparing the phone',
        repetition: 1,
        of: repeat,
      },
      runner: undefined,
      stopReason: undefined,
      push: undefined,
      stopNow: undefined,
      finished: Promise.resolve(),
    };
    this.#active.set(request.benchId, run);
    run.finished = this.#play(run, scenario.value, request.seed);
    this.#backend.onChanged();
    return good({ runId });
  }

  stop(benchId: string, reason: string): Result<void, ContractError> {
    const run = this.#active.get(benchId);
    if (run === undefined) return bad({ code: 'no-run', message: 'no scenario is running here' });
    run.stopReason = reason;
    run.stopNow?.();
    return good(undefined);
  }

  /** After the bench's watch has had it. */
  push(entry: JournalEntry): void {
    this.#active.get(entry.benchId)?.push?.(entry);
  }

  async dispose(): Promise<void> {
    const runs = [...this.#active.values()];
    for (const run of runs) this.stop(run.benchId, 'Sidetone stops');
    await Promise.all(runs.map((run) => run.finished));
  }

  #resolve(request: RunRequest): Result<ResolvedScenario, ContractError> {
    const found = this.#find(request);
    if (!found.ok) return found;
    const { policy, os } = request;
    const wish = { ...(policy === undefined ? {} : { policy }), ...(os === undefined ? {} : { os }) };
    const resolved = resolveScenario(found.value, request.parameters, wish);
    if (!resolved.ok) {
      const message = resolved.problems.map((problem) => problem.message).join('; ');
      return bad({ code: 'bad-parameter', message });
    }
    return good(resolved.scenario);
  }

  #find(request: RunRequest): Result<Scenario, ContractError> {
    if (request.text !== undefined) {
      const parsed = parseScenario(request.text);
      if (parsed.ok) return good(parsed.scenario);
      const message = parsed.problems.map((problem) => formatProblem(request.scenario, problem)).join('\n');
      return bad({ code: 'bad-scenario', message });
    }
    const scenario = findScenario(this.#backend.library, request.scenario);
    if (scenario !== undefined) return good(scenario);
    return bad({ code: 'unknown-scenario', message: unknownScenario(this.#backend.library, request.scenario) });
  }

  async #play(run: ActiveRun, scenario: ResolvedScenario, seed: number | undefined): Promise<void> {
    const hold = this.#backend.hold();
    const repetitions: RepetitionResult[] = [];
    let problem: ContractError | undefined;
    try {
      for (let repetition = 1; repetition <= run.progress.of && run.stopReason === undefined; repetition += 1) {
        this.#progress(run, { repetition, step: 'preparing the phone' });
        // Each repetition has delays of its own, and the same ones again when asked with the same seed. The first one takes the
        // phone as it stands, when nobody has touched it.
        const ownSeed =
          seed !== undefined
            ? seed + repetition - 1
            : this.#played === 0
              ? undefined
              : this.#backend.seed + this.#played;
        this.#played += 1;
        const prepared = await this.#backend.prepare(run.benchId, scenario, ownSeed);
        if (!prepared.ok) {
          problem = prepared.error;
          break;
        }
        if (run.stopReason !== undefined) break;
        repetitions.push(await this.#repeat(run, scenario, repetition, prepared.value.probeId));
      }
    } catch (error) {
      problem = { code: 'internal', message: textOf(error) };
      this.#backend.log.warning(`the run of ${scenario.name} failed: ${textOf(error)}`);
    }
    if (run.stopReason !== undefined) problem ??= { code: 'stopped', message: run.stopReason };
    await this.#backend.settled();
    this.#active.delete(run.benchId);
    hold.dispose();
    this.#backend.onChanged();
    const result = { runId: run.progress.runId, benchId: run.benchId, scenario, repetitions };
    this.#backend.onEnded(problem === undefined ? result : { ...result, problem });
  }

  async #repeat(
    run: ActiveRun,
    scenario: ResolvedScenario,
    repetition: number,
    probeId: string,
  ): Promise<RepetitionResult> {
    const backend = this.#backend;
    const entry = (state: RunEntry['state']): RunEntry => ({
      type: 'run',
      arrivedAt: backend.now(),
      benchId: run.benchId,
      deviceId: probeId,
      runId: run.progress.runId,
      state,
      scenario: scenario.name,
      title: scenario.title,
      repetition,
      policy: scenario.app.policy,
      os: scenario.os,
    });
    this.#progress(run, { step: 'waiting for the call' });
    backend.accept([entry('began')]);
    const runner = createScenarioRunner(scenario, {
      runId: `${run.progress.runId}-${repetition}`,
      watch: backend.watchOf(run.benchId),
      startedAt: backend.now(),
    });
    const outcome = await this.#drive(run, runner);
    const incidents = runner.incidents();
    backend.accept([entry(outcome.kind === 'stopped' ? 'stopped' : 'ended')]);
    return { repetition, outcome, incidents, verdict: judge(scenario, incidents, outcome) };
  }

  /** Resolves when the runner is done. */
  #drive(run: ActiveRun, runner: ScenarioRunner): Promise<RunOutcome> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      let isDone = false;
      const act = (actions: readonly RunnerAction[]): void => {
        for (const action of actions) {
          if (isDone) return;
          if (action.kind === 'step') this.#progress(run, { step: action.title });
          if (action.kind === 'inject') {
            const result = this.#backend.inject(run.benchId, action.does, action.params, action.injectId);
            if (!result.ok) finish({ kind: 'injectFailed', reason: result.error.message });
          }
          if (action.kind === 'done') finish(action.outcome);
        }
        if (!isDone) sleepUntilDue();
      };
      const finish = (outcome: RunOutcome): void => {
        isDone = true;
        clearTimeout(timer);
        run.push = undefined;
        run.stopNow = undefined;
        resolve(outcome);
      };
      const sleepUntilDue = (): void => {
        clearTimeout(timer);
        const due = runner.nextDue();
        if (due === undefined) return;
        // Rounded up: a tick that comes a fraction early would only sleep again.
        const wait = Math.max(0, Math.ceil(toMilliseconds(between(this.#backend.now(), due))));
        timer = setTimeout(() => act(runner.tick(this.#backend.now())), wait);
      };
      run.push = (entry) => act(runner.push(entry));
      run.stopNow = () => act(runner.stop(run.stopReason ?? 'stopped'));
      act(runner.tick(this.#backend.now()));
    });
  }

  #progress(run: ActiveRun, change: Partial<RunProgress>): void {
    run.progress = { ...run.progress, ...change };
    this.#backend.onChanged();
  }
}
