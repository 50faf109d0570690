/**
 * What the recovery tab shows of the shared statistics. Pure. Groups are of one fidelity, scenario, policy and OS each;
 * what never recovered is counted beside the numbers and keeps the distribution below 100 %.
 */
import type { Incident } from '../../shared/recovery/incident.ts';
import {
  bootstrapInterval,
  ecdf,
  type Group,
  percentile,
  type Summary,
  summarize,
} from '../../shared/recovery/statistics.ts';
import type { Micros } from '../../shared/time/time.ts';
import { CAUSE_WORDS } from '../words/recovery.ts';

export interface Dot {
  /** Which incident of the group, from 1. */
  readonly number: number;
  readonly micros: Micros;
}
export interface PercentileFigure {
  readonly percent: 50 | 90 | 95;
  /** From how many recoveries on it may be shown: at least three must lie beyond it. */
  readonly needs: number;
  /** undefined: too few. */
  readonly micros: Micros | undefined;
  /** 95 % bootstrap interval. */
  readonly interval: { readonly low: Micros; readonly high: Micros } | undefined;
}

const NEEDS = { 50: 6, 90: 30, 95: 60 } as const;
/** Any fixed seed will do: the same incidents must show the same interval each time they are drawn. */
const SEED = 0x51de;

export const summaryOf = (incidents: readonly Incident[]): Summary =>
  summarize(incidents, (incident) => incident.recoveryLatency);

export const titleOf = (group: Group): string =>
  [group.scenario ?? CAUSE_WORDS[group.cause], group.policy, group.os === '' ? '' : `iOS ${group.os}`, group.fidelity]
    .filter((part) => part !== '')
    .join(' · ');

export const dotsOf = (incidents: readonly Incident[]): readonly Dot[] =>
  incidents.flatMap(({ recoveryLatency }, index) =>
    recoveryLatency.kind === 'after' ? [{ number: index + 1, micros: recoveryLatency.micros }] : [],
  );

export function percentilesOf(summary: Summary): readonly PercentileFigure[] {
  return ([50, 90, 95] as const).map((percent) => ({
    percent,
    needs: NEEDS[percent],
    micros: percentile(summary.values, percent / 100),
    interval: bootstrapInterval(summary.values, percent / 100, generator(SEED)),
  }));
}

/** Share of all that could recover (by themselves, or never) that had recovered by then, from nought on. */
export function shareRecovered(summary: Summary): readonly { readonly micros: number; readonly share: number }[] {
  const scale = summary.values.length / Math.max(1, summary.values.length + summary.never);
  const steps = ecdf(summary.values).map(({ at, share }) => ({ micros: at as number, share: share * scale }));
  const first = steps[0];
  return first === undefined ? [] : [{ micros: first.micros, share: 0 }, ...steps];
}

export interface Figures {
  readonly summary: Summary;
  readonly percentiles: readonly PercentileFigure[];
  readonly dots: readonly Dot[];
  readonly steps: ReturnType<typeof shareRecovered>;
}

/** Resampling costs milliseconds and panels draw ten times a second: drawn anew only when an observation was added. */
const MAX_KEPT = 50;
const kept = new Map<string, { readonly results: string; readonly figures: Figures }>();

/** The same object as long as no result changed: an incident that goes on is another object with every look at it. */
export function figuresOf(group: Group): Figures {
  const { incidents, key } = group;
  const results = incidents.map(resultKey).join();
  const known = kept.get(key);
  if (known?.results === results) return known.figures;
  const summary = summaryOf(incidents);
  const figures = {
    summary,
    percentiles: percentilesOf(summary),
    dots: dotsOf(incidents),
    steps: shareRecovered(summary),
  };
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(key, { results, figures });
  return figures;
}

const resultKey = ({ recoveryLatency }: Incident): string =>
  'micros' in recoveryLatency ? `${recoveryLatency.kind} ${recoveryLatency.micros}` : recoveryLatency.kind;

/** A small generator with a seed (mulberry32): numbers in [0, 1). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
