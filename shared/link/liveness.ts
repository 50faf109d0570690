/** Is the other end still there? Any frame counts as a sign of life; pings only make sure there is one. */
import { PING_EVERY_MILLISECONDS, SILENCE_LIMIT_MILLISECONDS } from '../wire/limits.ts';

export type LivenessVerdict = 'fine' | 'ping' | 'gone';

export interface Liveness {
  /** A frame came. */
  heard(nowMilliseconds: number): void;
  /** To be called about every second: says whether to ping, or to give the other end up. */
  tick(nowMilliseconds: number): LivenessVerdict;
}

/** How often `tick` should be called. */
export const LIVENESS_TICK_MILLISECONDS = 1000;
/**
 * Ticks further apart than this mean that we slept ourselves (a suspended app, a closed lid). Silence we slept through says
 * nothing about the other end, so the count starts again.
 */
const OWN_SLEEP_MILLISECONDS = 4 * LIVENESS_TICK_MILLISECONDS;

export function createLiveness(startedAtMilliseconds: number): Liveness {
  let heardAt = startedAtMilliseconds;
  let tickedAt = startedAtMilliseconds;
  let pingedAt = startedAtMilliseconds;
  return {
    heard(now) {
      heardAt = now;
    },
    tick(now) {
      const slept = now - tickedAt > OWN_SLEEP_MILLISECONDS;
      tickedAt = now;
      if (slept) heardAt = now;
      if (now - heardAt >= SILENCE_LIMIT_MILLISECONDS) return 'gone';
      if (!slept && now - pingedAt < PING_EVERY_MILLISECONDS) return 'fine';
      pingedAt = now;
      return 'ping';
    },
  };
}
