/** A distribution that never claims more than its observations carry. */

export interface Distribution {
  readonly n: number;
  readonly min?: number;
  readonly max?: number;
  /** A percentile is there only when at least three observations lie beyond it: p50 from 6, p90 from 30, p95 from 60. */
  readonly p50?: number;
  readonly p90?: number;
  readonly p95?: number;
}

const BEYOND = 3;

export function distribution(values: readonly number[]): Distribution {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const percentile = (share: number): number | undefined =>
    n * (1 - share) < BEYOND - 1e-9 ? undefined : sorted[Math.min(n - 1, Math.ceil(share * n) - 1)];
  const [min, max, p50, p90, p95] = [sorted[0], sorted[n - 1], percentile(0.5), percentile(0.9), percentile(0.95)];
  return {
    n,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(p50 === undefined ? {} : { p50 }),
    ...(p90 === undefined ? {} : { p90 }),
    ...(p95 === undefined ? {} : { p95 }),
  };
}
