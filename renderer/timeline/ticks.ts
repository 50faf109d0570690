/** Ticks of the time axis: round steps, labels relative to the start of the recording. Pure. */
import type { Viewport } from './viewport.ts';

export interface Tick {
  readonly at: number;
  readonly label: string;
}

const MILLISECOND = 1000;
const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((step) => step * MILLISECOND),
  ...[1, 2, 5, 10, 15, 30].map((step) => step * SECOND),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 240].map((step) => step * MINUTE),
];
/** Closer labels than this run into each other. */
const LEAST_PIXELS = 84;

/** The smallest round step that leaves room for its label. */
export function tickStep(span: number, width: number): number {
  const wanted = (span / Math.max(1, width)) * LEAST_PIXELS;
  return STEPS.find((step) => step >= wanted) ?? (STEPS.at(-1) as number);
}

/** `0:12`, `0:12.5`, `1:02:03.250`: as many decimals as the step needs. `time` is microseconds since the start. */
export function clockLabel(time: number, step: number): string {
  const sign = time < 0 ? '−' : '';
  const decimals = step >= SECOND ? 0 : step >= 100 * MILLISECOND ? 1 : step >= 10 * MILLISECOND ? 2 : 3;
  const unit = 10 ** (6 - decimals);
  const whole = Math.round(Math.abs(time) / unit);
  const perSecond = 10 ** decimals;
  const seconds = Math.floor(whole / perSecond);
  const rest = decimals === 0 ? '' : `.${String(whole % perSecond).padStart(decimals, '0')}`;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const last = String(seconds % 60).padStart(2, '0');
  return hours > 0
    ? `${sign}${hours}:${String(minutes).padStart(2, '0')}:${last}${rest}`
    : `${sign}${minutes}:${last}${rest}`;
}

/** The instant in words for readouts: milliseconds always shown. */
export const preciseLabel = (time: number): string => clockLabel(time, MILLISECOND);

/** Ticks inside the view; `origin` is the time called 0:00. */
export function ticksOf(view: Viewport, width: number, origin: number): readonly Tick[] {
  const step = tickStep(view.span, width);
  const ticks: Tick[] = [];
  // Nothing is known before the start, so nothing is labelled there.
  const first = Math.max(0, Math.ceil((view.from - origin) / step));
  const last = Math.floor((view.from + view.span - origin) / step);
  for (let index = first; index <= last; index++) {
    ticks.push({ at: origin + index * step, label: clockLabel(index * step, step) });
  }
  return ticks;
}
