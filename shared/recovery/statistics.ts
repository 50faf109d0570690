/**
 * Recovery over many incidents. Nothing is pooled that is not alike: fidelity, scenario (else cause), policy and OS version
 * each make a group of their own. `never`, `byUser` and `unfinished` are counted as what they are and never become numbers.
 */
import type { Micros } from '../time/time.ts';
import { micros } from '../time/time.ts';
import type { Cause, Fidelity } from '../wire/values.ts';
import type { Incident, Recovery } from './incident.ts';

/** A percentile is shown when at least this many observations lie beyond it: p50 from 6, p90 from 30, p95 from 60. */
export const OBSERVATIONS_BEYOND = 3;
/** Resamples of the bootstrap: more move the bounds of a 95 % interval by less than its own noise. */
export const RESAMPLES = 1000;

export interface Group {
  readonly key: string;
  readonly cause: Cause;
  readonly scenario?: string;
  readonly policy: string;
  readonly os: string;
  readonly fidelity: Fidelity;
  readonly incidents: readonly Incident[];
}

/** Groups of like incidents, in order of first appearance. Open ones are left out: they are no observation yet. */
export function groupIncidents(incidents: readonly Incident[]): readonly Group[] {
  const groups = new Map<string, Group & { readonly incidents: Incident[] }>();
  for (const incident of incidents) {
    if (incident.state === 'open' || incident.state === 'held') continue;
    const { cause, scenario, fidelity, policy = '', os = '' } = incident;
    const key = JSON.stringify([fidelity, scenario ?? '', cause, policy, os]);
    const found = groups.get(key);
    if (found !== undefined) found.incidents.push(incident);
    else {
      const named = scenario === undefined ? {} : { scenario };
      groups.set(key, { key, cause, ...named, policy, os, fidelity, incidents: [incident] });
    }
  }
  return [...groups.values()];
}

export interface Summary {
  /** Everything that was observed, numbers or not. */
  readonly n: number;
  /** Recoveries by the app itself, in order. Percentiles are of these. */
  readonly values: readonly Micros[];
  /** Recoveries after the user acted, in order, counted from the action. */
  readonly byUser: readonly Micros[];
  readonly never: number;
  readonly unfinished: number;
  readonly notAffected: number;
  readonly p50?: Micros;
  readonly p90?: Micros;
  readonly p95?: Micros;
}

/** `of` picks the figure: recoveryLatency, recoveryTx or recoveryRx. */
export function summarize(incidents: readonly Incident[], of: (incident: Incident) => Recovery): Summary {
  const recoveries = incidents.map(of);
  const values = sorted(recoveries.flatMap((one) => (one.kind === 'after' ? [one.micros] : [])));
  const count = (kind: Recovery['kind']) => recoveries.filter((one) => one.kind === kind).length;
  const p50 = percentile(values, 0.5);
  const p90 = percentile(values, 0.9);
  const p95 = percentile(values, 0.95);
  return {
    n: recoveries.length,
    values,
    byUser: sorted(recoveries.flatMap((one) => (one.kind === 'byUser' ? [one.micros] : []))),
    never: count('never'),
    unfinished: count('unfinished'),
    notAffected: count('notAffected'),
    ...(p50 === undefined ? {} : { p50 }),
    ...(p90 === undefined ? {} : { p90 }),
    ...(p95 === undefined ? {} : { p95 }),
  };
}

const sorted = (values: readonly Micros[]): readonly Micros[] => values.toSorted((a, b) => a - b);

/** Nearest-rank percentile of values in order; undefined when too few lie beyond it to say anything. */
export function percentile<T extends number>(values: readonly T[], share: number): T | undefined {
  // Whole numbers: 60 * (1 - 0.95) is a little less than 3 in floating point.
  const beyond = Math.round(values.length * (1 - share) * 1e6) / 1e6;
  if (beyond < OBSERVATIONS_BEYOND) return undefined;
  return values[Math.max(0, Math.ceil(Math.round(values.length * share * 1e6) / 1e6) - 1)];
}

/** Points of the empirical distribution: `share` of the values are at most `at`. Equal values make one point. */
export function ecdf(values: readonly Micros[]): readonly { readonly at: Micros; readonly share: number }[] {
  return values.flatMap((at, index) => (values[index + 1] === at ? [] : [{ at, share: (index + 1) / values.length }]));
}

/**
 * 95 % percentile-bootstrap interval of a percentile. `random` gives numbers in [0, 1) and is handed in, so that a seed gives
 * the same interval. Undefined where the percentile itself is not shown.
 */
export function bootstrapInterval(
  values: readonly Micros[],
  share: number,
  random: () => number,
): { readonly low: Micros; readonly high: Micros } | undefined {
  if (percentile(values, share) === undefined) return undefined;
  const estimates = Array.from({ length: RESAMPLES }, () => {
    const resample = sorted(values.map((value) => values[Math.floor(random() * values.length)] ?? value));
    return percentile(resample, share) ?? micros(0);
  });
  const ordered = sorted(estimates);
  const low = ordered[Math.floor(RESAMPLES * 0.025)];
  const high = ordered[Math.ceil(RESAMPLES * 0.975) - 1];
  return low === undefined || high === undefined ? undefined : { low, high };
}
