/** Sets what Sidetone computed beside ground truth, incident by incident, and says how far apart they are. */
import type { Incident, Outage } from '../../shared/recovery/incident.ts';
import { outageWithin, type TrueOutage } from './ground.ts';

/** What was really done, told by the runner's own clock: not by the product's incidents. */
export interface Deed {
  readonly kind: string;
  /** Is the uplink cut outside the phone, so that the phone can only give an interval? */
  readonly onPath: boolean;
  /** Device microseconds around everything this deed may have caused. */
  readonly from: number;
  readonly to: number;
}
export interface Truth {
  readonly speaker: readonly TrueOutage[];
  readonly uplink: readonly TrueOutage[];
  readonly farEnd: readonly TrueOutage[];
}
/** Microseconds throughout; undefined where one side has nothing to compare. */
export interface Comparison {
  readonly kind: string;
  readonly found: number;
  readonly rxError?: number;
  readonly txError?: number;
  /** On path loss: does the interval hold the true length? */
  readonly txHeld?: boolean;
  readonly trueHeardGap?: number;
  readonly heardGap?: number;
  readonly problem?: string;
}

const lengthOf = (outage: { readonly start: number; readonly end: number }): number => outage.end - outage.start;
const claimed = (outage: Outage | undefined): number | undefined =>
  outage?.end === undefined ? undefined : outage.end - outage.start;

export function compare(deed: Deed, incidents: readonly Incident[], truth: Truth): Comparison {
  const mine = incidents.filter((incident) => incident.beganAt >= deed.from && incident.beganAt < deed.to);
  const incident = mine[0];
  if (incident === undefined) return { kind: deed.kind, found: 0, problem: 'no incident' };
  const trueRx = outageWithin(truth.speaker, deed.from, deed.to);
  const trueTx = outageWithin(truth.uplink, deed.from, deed.to);
  const trueHeard = outageWithin(truth.farEnd, deed.from, deed.to);
  const rx = claimed(incident.outageRx);
  const tx = claimed(incident.outageTx);
  const problems: string[] = [];
  if ((trueRx === undefined) !== (rx === undefined)) problems.push(`rx: ${rx === undefined ? 'missed' : 'invented'}`);
  const interval = incident.outageTx?.interval;
  if (deed.onPath) {
    if (interval === undefined) problems.push('tx: no interval');
  } else if ((trueTx === undefined) !== (tx === undefined))
    problems.push(`tx: ${tx === undefined ? 'missed' : 'invented'}`);
  return {
    kind: deed.kind,
    found: mine.length,
    ...(trueRx !== undefined && rx !== undefined && { rxError: rx - lengthOf(trueRx) }),
    ...(!deed.onPath && trueTx !== undefined && tx !== undefined && { txError: tx - lengthOf(trueTx) }),
    ...(deed.onPath &&
      trueTx !== undefined &&
      interval !== undefined && {
        txHeld: interval.earliest <= lengthOf(trueTx) && lengthOf(trueTx) <= interval.latest,
      }),
    ...(trueHeard !== undefined && { trueHeardGap: lengthOf(trueHeard) }),
    ...(incident.heardGap !== undefined && { heardGap: incident.heardGap }),
    ...(problems.length > 0 && { problem: problems.join(', ') }),
  };
}

export interface Summary {
  readonly kind: string;
  readonly incidents: number;
  readonly missed: number;
  readonly invented: number;
  readonly rxErrorMilliseconds?: Spread;
  readonly txErrorMilliseconds?: Spread;
  readonly txHeld?: { readonly held: number; readonly of: number };
  readonly heardGapErrorMilliseconds?: Spread;
  readonly problems: readonly string[];
}
export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly largest: number;
}

/** Spread of absolute errors, in milliseconds; nearest-rank percentiles. */
export function spreadOf(errors: readonly number[]): Spread | undefined {
  const sorted = errors.map((error) => Math.abs(error) / 1000).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return sorted.length === 0 ? undefined : { count: sorted.length, p50: at(0.5), p95: at(0.95), largest: at(1) };
}

export function summarize(kind: string, comparisons: readonly Comparison[]): Summary {
  const pick = (of: (one: Comparison) => number | undefined): number[] =>
    comparisons.map(of).filter((value) => value !== undefined);
  const rx = spreadOf(pick((one) => one.rxError));
  const tx = spreadOf(pick((one) => one.txError));
  const heard = spreadOf(
    pick((one) =>
      one.heardGap === undefined || one.trueHeardGap === undefined ? undefined : one.heardGap - one.trueHeardGap,
    ),
  );
  const judged = comparisons.filter((one) => one.txHeld !== undefined);
  return {
    kind,
    incidents: comparisons.length,
    missed: comparisons.filter((one) => one.found === 0).length,
    invented: comparisons.reduce((sum, one) => sum + Math.max(0, one.found - 1), 0),
    ...(rx !== undefined && { rxErrorMilliseconds: rx }),
    ...(tx !== undefined && { txErrorMilliseconds: tx }),
    ...(judged.length > 0 && {
      txHeld: { held: judged.filter((one) => one.txHeld === true).length, of: judged.length },
    }),
    ...(heard !== undefined && { heardGapErrorMilliseconds: heard }),
    problems: comparisons.flatMap((one, index) =>
      one.problem === undefined ? [] : [`${kind} ${index + 1}: ${one.problem}`],
    ),
  };
}

/** The bounds the product promises; also what the short version in the tests asserts. */
export const LARGEST_ERROR_P95_MILLISECONDS = 40;

/** What breaks the promise, in words; empty when it holds. */
export function broken(all: Summary, perKind: readonly Summary[]): string[] {
  const found: string[] = perKind.flatMap((summary) => [...summary.problems]);
  const over = (name: string, spread: Spread | undefined): void => {
    if (spread === undefined) found.push(`${name}: nothing was compared`);
    else if (spread.p95 > LARGEST_ERROR_P95_MILLISECONDS) found.push(`${name}: p95 ${spread.p95.toFixed(0)} ms`);
  };
  over('outage rx', all.rxErrorMilliseconds);
  over('outage tx, local causes', all.txErrorMilliseconds);
  if (all.txHeld !== undefined && all.txHeld.held < all.txHeld.of)
    found.push(`tx interval held ${all.txHeld.held} of ${all.txHeld.of}`);
  if (all.missed > 0) found.push(`${all.missed} missed`);
  if (all.invented > 0) found.push(`${all.invented} invented`);
  return found;
}

const spreadText = (spread: Spread | undefined): string =>
  spread === undefined ? '' : `${spread.p50.toFixed(0)} / ${spread.p95.toFixed(0)} / ${spread.largest.toFixed(0)}`;

/** The README's table. */
export function table(summaries: readonly Summary[]): string {
  const rows = summaries.map(
    (one) =>
      `| ${one.kind} | ${one.incidents} | ${one.missed} / ${one.invented} | ${spreadText(one.rxErrorMilliseconds)} | ` +
      `${spreadText(one.txErrorMilliseconds)} | ${one.txHeld === undefined ? '' : `${one.txHeld.held} of ${one.txHeld.of}`} | ` +
      `${spreadText(one.heardGapErrorMilliseconds)} |`,
  );
  return [
    '| incidents | n | missed / invented | outage rx error, ms (p50 / p95 / largest) | outage tx error, ms | tx interval holds truth | heard gap error at the gateway, ms |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
