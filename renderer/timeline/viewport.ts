/**
 * The part of time that is on screen, and its arithmetic. Pure.
 *
 *   time   microseconds on the probe's clock
 *   x      CSS pixels from the left edge of the canvas
 *
 * `from` may lie before the first event and `from + span` after the last: a gutter, so that edges can be reached.
 */
export interface Viewport {
  readonly from: number;
  readonly span: number;
}
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** One frame of audio is 10 ms; below it there is nothing to see. */
export const MIN_SPAN = 10_000;
/** A working day: beyond it lanes are nothing but hatching. */
export const MAX_SPAN = 24 * 3600 * 1_000_000;
export const DEFAULT_SPAN = 30_000_000;
/** While following, the present is drawn at this part of the width, so that the newest segment can be read. */
export const PRESENT_AT = 0.94;
/** Room on both sides of a range that was fitted. */
const FIT_MARGIN = 0.08;

const clampSpan = (span: number): number => Math.min(MAX_SPAN, Math.max(MIN_SPAN, span));

export const xOf = (view: Viewport, width: number, time: number): number => ((time - view.from) / view.span) * width;
export const timeAt = (view: Viewport, width: number, x: number): number => view.from + (x / width) * view.span;

export const panBy = (view: Viewport, micros: number): Viewport => ({ from: view.from + micros, span: view.span });

/** `factor` below 1 zooms in. The time under `anchor` stays where it is. */
export function zoomAt(view: Viewport, factor: number, anchor: number): Viewport {
  const span = clampSpan(view.span * factor);
  const scale = span / view.span;
  return { from: anchor - (anchor - view.from) * scale, span };
}

/** Shows the whole range with a margin. */
export function fitted(range: TimeRange): Viewport {
  const length = Math.max(1, range.to - range.from);
  const span = clampSpan(length * (1 + 2 * FIT_MARGIN));
  return { from: (range.from + range.to) / 2 - span / 2, span };
}

/** The same zoom with the present near the right edge. */
export const follow = (view: Viewport, now: number): Viewport => ({
  from: now - view.span * PRESENT_AT,
  span: view.span,
});

/** Keeps at least a tenth of the view on recorded time, so that nobody gets lost in empty space. */
export function keepInSight(view: Viewport, range: TimeRange): Viewport {
  const least = view.span * 0.1;
  const lowest = range.from - view.span + least;
  const highest = Math.max(lowest, range.to - least);
  return { from: Math.min(highest, Math.max(lowest, view.from)), span: view.span };
}

export const sameView = (one: Viewport, other: Viewport): boolean => one.from === other.from && one.span === other.span;
