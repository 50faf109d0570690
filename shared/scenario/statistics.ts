/** A distribution that never claims more than its observations carry: percentiles by the one rule of shared/recovery. */
import { percentile } from '../recovery/statistics.ts';

export interface Distribution {
  readonly n: number;
  readonly min?: number;
  readonly max?: number;
  /** There only when enough observations lie beyond it. */
  readonly p50?: number;
  readonly p90?: number;
  readonly p95?: number;
}

export function distribution(values: readonly number[]): Distribution {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const [min, max] = [sorted[0], sorted[n - 1]];
  const [p50, p90, p95] = [percentile(sorted, 0.5), percentile(sorted, 0.9), percentile(sorted, 0.95)];
  return {
    n,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(p50 === undefined ? {} : { p50 }),
    ...(p90 === undefined ? {} : { p90 }),
    ...(p95 === undefined ? {} : { p95 }),
  };
}
