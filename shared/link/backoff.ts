/** How long to wait before dialling again: doubles from a quarter second to 8 s, spread so that many devices do not dial at once. */
export const BACKOFF_FIRST_MILLISECONDS = 250;
export const BACKOFF_MOST_MILLISECONDS = 8000;

/**
 * Milliseconds before attempt `attempt` (0 is the first one after a cut). `random` is in [0, 1): the wait lies between half
 * of the step and the whole of it.
 */
export function backoffMilliseconds(attempt: number, random: number): number {
  const step = Math.min(BACKOFF_MOST_MILLISECONDS, BACKOFF_FIRST_MILLISECONDS * 2 ** Math.min(attempt, 10));
  return Math.round(step * (0.5 + random / 2));
}
