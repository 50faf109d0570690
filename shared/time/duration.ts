import { type Micros, micros, toMilliseconds, toSeconds } from './time.ts';

const UNITS: Readonly<Record<string, number>> = { us: 1, ms: 1000, s: 1_000_000, m: 60_000_000 };

/** Reads `250ms`, `3.3s`, `2m`, `40us`; a bare number has no unit and is refused (undefined). */
export function parseDuration(text: string): Micros | undefined {
  const match = /^\s*(-?\d+(?:\.\d+)?)\s*(us|ms|s|m)\s*$/.exec(text);
  const scale = match?.[2] === undefined ? undefined : UNITS[match[2]];
  return match?.[1] === undefined || scale === undefined ? undefined : micros(Number(match[1]) * scale);
}

/** Words for people: `42 ms`, `3.30 s`, `1 min 05 s`. */
export function formatDuration(value: Micros): string {
  const sign = value < 0 ? '−' : '';
  const size = Math.abs(value) as Micros;
  if (size < 1_000_000) return `${sign}${Math.round(toMilliseconds(size))} ms`;
  if (size < 60_000_000) return `${sign}${toSeconds(size).toFixed(2)} s`;
  const minutes = Math.floor(size / 60_000_000);
  const seconds = Math.floor((size % 60_000_000) / 1_000_000);
  return `${sign}${minutes} min ${String(seconds).padStart(2, '0')} s`;
}
