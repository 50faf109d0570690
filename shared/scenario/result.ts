/**
 * The one document a run gives (`--json`): every time in milliseconds, every instant relative to its incident's beginning.
 * Additive changes keep the version; anything else raises it.
 */
import type { Incident, MilestoneName, Recovery } from '../recovery/incident.ts';
import { between, type Micros, toMilliseconds } from '../time/time.ts';
import { type DeadAir, deadAir, type Verdict } from './expect.ts';
import type { RunOutcome } from './runner.ts';
import type { Parameter, ResolvedScenario } from './scenario.ts';
import { type Distribution, distribution } from './statistics.ts';

export const RESULT_SCHEMA_VERSION = 1;

export type RecoveryResult =
  | { readonly kind: 'after'; readonly milliseconds: number }
  | { readonly kind: 'byUser'; readonly action: string; readonly milliseconds: number }
  | { readonly kind: 'never' | 'unfinished' | 'notAffected' };

/** A number; an interval where it is only known to lie between two; `"notBack"` where it never ended. */
export type DeadAirResult = number | { readonly earliest: number; readonly latest: number } | 'notBack';

export interface IncidentResult {
  readonly id: string;
  readonly cause: string;
  readonly title: string;
  readonly origin: 'injected' | 'observed';
  readonly fidelity: string;
  readonly state: Incident['state'];
  /** Where recovery is counted from. */
  readonly start: { readonly from: Incident['start']['from']; readonly atMs: number };
  readonly endedAtMs?: number;
  readonly milestones: readonly {
    readonly name: MilestoneName;
    readonly atMs: number;
    readonly errorMs: number;
    readonly clock: 'own' | 'other';
  }[];
  readonly recoveryTx: RecoveryResult;
  readonly recoveryRx: RecoveryResult;
  readonly recoveryLatency: RecoveryResult;
  readonly deadAirTxMs: DeadAirResult;
  readonly deadAirRxMs: DeadAirResult;
  /** The far end's own figure, shorter by its decoder's tail. */
  readonly heardGapMs?: number;
}

export interface RepetitionResult {
  readonly repetition: number;
  readonly seed: number;
  readonly outcome: RunOutcome;
  readonly incidents: readonly IncidentResult[];
  readonly verdict: Verdict;
}

export interface CauseStatistics {
  readonly cause: string;
  readonly incidents: number;
  readonly recovered: number;
  readonly byUser: number;
  readonly never: number;
  readonly unfinished: number;
  readonly notAffected: number;
  readonly recoveryLatencyMs: Distribution;
  readonly deadAirTxMs: Distribution;
  readonly deadAirRxMs: Distribution;
}

export interface ScenarioResult {
  readonly schemaVersion: typeof RESULT_SCHEMA_VERSION;
  readonly sidetone: string;
  readonly scenario: { readonly id: string; readonly name: string; readonly title: string };
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly policy: string;
  readonly os: string;
  readonly callKit: boolean;
  /** `virtual`: the model alone, without WebRTC, with modelled network and start times. */
  readonly time: 'real' | 'virtual';
  readonly fidelity: string;
  readonly simulated: boolean;
  readonly seed: number;
  readonly runs: readonly RepetitionResult[];
  readonly statistics: readonly CauseStatistics[];
  readonly verdict: Verdict['result'];
  /** What was lost on the way (events dropped, a process ended), in words. */
  readonly losses: readonly string[];
}

export interface ResultHeader {
  readonly sidetone: string;
  readonly policy: string;
  readonly os: string;
  readonly time: 'real' | 'virtual';
  readonly simulated: boolean;
  readonly seed: number;
  readonly losses: readonly string[];
}

export function scenarioResult(
  scenario: ResolvedScenario,
  header: ResultHeader,
  runs: readonly RepetitionResult[],
): ScenarioResult {
  return {
    schemaVersion: RESULT_SCHEMA_VERSION,
    sidetone: header.sidetone,
    scenario: { id: scenario.id, name: scenario.name, title: scenario.title },
    parameters: Object.fromEntries(
      Object.entries(scenario.parameters).map(([name, parameter]) => [name, parameterValue(parameter)]),
    ),
    policy: header.policy,
    os: header.os,
    callKit: scenario.app.callKit,
    time: header.time,
    fidelity: scenario.fidelity,
    simulated: header.simulated,
    seed: header.seed,
    runs,
    statistics: causeStatistics(runs),
    verdict: overall(runs),
    losses: header.losses,
  };
}

/** One failure fails all; a run that was stopped leaves the whole unjudged. */
export function overall(runs: readonly RepetitionResult[]): Verdict['result'] {
  if (runs.some((run) => run.verdict.result === 'failed')) return 'failed';
  return runs.length === 0 || runs.some((run) => run.verdict.result === 'notJudged') ? 'notJudged' : 'passed';
}

const parameterValue = (parameter: Parameter): string | number | boolean =>
  parameter.type === 'duration' ? toMilliseconds(parameter.micros) : parameter.value;

export function incidentResult(incident: Incident): IncidentResult {
  const relative = (at: Incident['beganAt']): number => toMilliseconds(between(incident.beganAt, at));
  return {
    id: incident.id,
    cause: incident.cause,
    title: incident.title,
    origin: incident.origin,
    fidelity: incident.fidelity,
    state: incident.state,
    start: { from: incident.start.from, atMs: relative(incident.start.at) },
    ...(incident.endedAt === undefined ? {} : { endedAtMs: relative(incident.endedAt) }),
    milestones: incident.milestones.map((milestone) => ({
      name: milestone.name,
      atMs: relative(milestone.at),
      errorMs: toMilliseconds(milestone.error),
      clock: milestone.clock,
    })),
    recoveryTx: recoveryResult(incident.recoveryTx),
    recoveryRx: recoveryResult(incident.recoveryRx),
    recoveryLatency: recoveryResult(incident.recoveryLatency),
    deadAirTxMs: deadAirResult(deadAir(incident, 'tx')),
    deadAirRxMs: deadAirResult(deadAir(incident, 'rx')),
    ...(incident.heardGap === undefined ? {} : { heardGapMs: toMilliseconds(incident.heardGap) }),
  };
}

function recoveryResult(recovery: Recovery): RecoveryResult {
  if (recovery.kind === 'after') return { kind: 'after', milliseconds: toMilliseconds(recovery.micros) };
  if (recovery.kind === 'byUser') {
    return { kind: 'byUser', action: recovery.action, milliseconds: toMilliseconds(recovery.micros) };
  }
  return { kind: recovery.kind };
}

function deadAirResult(air: DeadAir): DeadAirResult {
  if (air.kind === 'open') return 'notBack';
  if (air.kind === 'exact') return toMilliseconds(air.micros);
  return { earliest: toMilliseconds(air.earliest as Micros), latest: toMilliseconds(air.latest as Micros) };
}

/** One row a cause, over all repetitions. Only numbers go into a distribution: intervals, `never` and `byUser` are counted apart. */
export function causeStatistics(runs: readonly RepetitionResult[]): readonly CauseStatistics[] {
  const causes = new Map<string, IncidentResult[]>();
  for (const incident of runs.flatMap((run) => run.incidents)) {
    causes.set(incident.cause, [...(causes.get(incident.cause) ?? []), incident]);
  }
  return [...causes].map(([cause, incidents]) => {
    const count = (kind: RecoveryResult['kind']): number =>
      incidents.filter((incident) => incident.recoveryLatency.kind === kind).length;
    const numbers = (values: readonly unknown[]): number[] => values.filter((value) => typeof value === 'number');
    return {
      cause,
      incidents: incidents.length,
      recovered: count('after'),
      byUser: count('byUser'),
      never: count('never'),
      unfinished: count('unfinished'),
      notAffected: count('notAffected'),
      recoveryLatencyMs: distribution(
        incidents.flatMap(({ recoveryLatency: latency }) => (latency.kind === 'after' ? [latency.milliseconds] : [])),
      ),
      deadAirTxMs: distribution(numbers(incidents.map((incident) => incident.deadAirTxMs))),
      deadAirRxMs: distribution(numbers(incidents.map((incident) => incident.deadAirRxMs))),
    };
  });
}
