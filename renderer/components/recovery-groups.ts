/**
 * Recovery latency over repeats. Pure. Fidelities are never pooled; incidents that never recovered count in n and keep
 * percentiles honest: they sort after every number (censored), they are not dropped and never become large numbers.
 */
import type { Incident } from '../../shared/recovery/incident.ts';
import { CAUSE_WORDS } from '../words/recovery.ts';

export interface RecoveryGroup {
  readonly key: string;
  readonly title: string;
  readonly fidelity: Incident['fidelity'];
  readonly incidents: readonly Incident[];
}
export interface RecoverySummary {
  /** Milliseconds, in order of time. */
  readonly recovered: readonly { readonly number: number; readonly milliseconds: number }[];
  readonly never: number;
  readonly byUser: number;
  readonly held: number;
  readonly unfinished: number;
  readonly notAffected: number;
  /** Recovered by itself, or never: what percentiles are about. */
  readonly n: number;
}
export interface PercentileFigure {
  readonly percent: 50 | 90 | 95;
  readonly n: number;
  /** From how many on it may be shown: at least three observations must lie beyond it. */
  readonly needs: number;
  /** undefined: too few; Infinity: it lies among those that never recovered. */
  readonly milliseconds: number | undefined;
}

const NEEDS = { 50: 6, 90: 30, 95: 60 } as const;

/** Groups of one fidelity each: all of it, then each scenario (or cause, when nobody injected it). */
export function groupsOf(incidents: readonly Incident[]): readonly RecoveryGroup[] {
  const groups = new Map<string, { title: string; fidelity: Incident['fidelity']; incidents: Incident[] }>();
  const add = (key: string, title: string, incident: Incident): void => {
    const group = groups.get(key) ?? { title, fidelity: incident.fidelity, incidents: [] };
    group.incidents.push(incident);
    groups.set(key, group);
  };
  for (const incident of incidents) {
    add(`${incident.fidelity}`, `All, ${incident.fidelity}`, incident);
    const what = incident.scenario ?? CAUSE_WORDS[incident.cause];
    add(`${incident.fidelity} ${what}`, `${what}, ${incident.fidelity}`, incident);
  }
  return [...groups].map(([key, group]) => ({ key, ...group }));
}

export function summaryOf(incidents: readonly Incident[]): RecoverySummary {
  const recovered: { number: number; milliseconds: number }[] = [];
  const count = { never: 0, byUser: 0, held: 0, unfinished: 0, notAffected: 0 };
  incidents.forEach((incident, index) => {
    if (incident.state === 'open') return;
    if (incident.state === 'held') {
      count.held++;
      return;
    }
    const { recoveryLatency } = incident;
    if (recoveryLatency.kind === 'after') {
      recovered.push({ number: index + 1, milliseconds: recoveryLatency.micros / 1000 });
    } else count[recoveryLatency.kind]++;
  });
  return { recovered, ...count, n: recovered.length + count.never };
}

/** The nearest-rank percentile over all that could recover; never-recovered ones rank last. */
export function percentilesOf(summary: RecoverySummary): readonly PercentileFigure[] {
  const sorted = summary.recovered.map(({ milliseconds }) => milliseconds).sort((one, other) => one - other);
  return ([50, 90, 95] as const).map((percent) => {
    const rank = Math.ceil((percent / 100) * summary.n);
    return {
      percent,
      n: summary.n,
      needs: NEEDS[percent],
      milliseconds: summary.n < NEEDS[percent] ? undefined : (sorted[rank - 1] ?? Number.POSITIVE_INFINITY),
    };
  });
}

/** Steps of the empirical distribution: share of n that had recovered by then. Ends below 1 when some never did. */
export function ecdfOf(summary: RecoverySummary): readonly { readonly milliseconds: number; readonly share: number }[] {
  const sorted = summary.recovered.map(({ milliseconds }) => milliseconds).sort((one, other) => one - other);
  const first = sorted[0];
  if (first === undefined) return [];
  return [
    { milliseconds: first, share: 0 },
    ...sorted.map((milliseconds, index) => ({ milliseconds, share: (index + 1) / summary.n })),
  ];
}
