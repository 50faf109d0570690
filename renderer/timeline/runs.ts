/**
 * What of a lane is drawn. Work depends on the width in pixels, never on the length of the history:
 * each step is one binary search and moves at least BUCKET pixels to the right.
 * Several states in one bucket are never painted over each other: they become one honest "many states" run.
 */
import type { Segment } from '../../shared/timeline/view.ts';
import { type Viewport, xOf } from './viewport.ts';

export type Run =
  | {
      readonly kind: 'segment';
      readonly x0: number;
      readonly x1: number;
      readonly segment: Segment;
      /** Goes on to the left of the screen: no edge is drawn there. */
      readonly fromBefore: boolean;
    }
  | { readonly kind: 'many'; readonly x0: number; readonly x1: number; readonly count: number };

/** Narrower than this nothing can be told apart. */
export const BUCKET = 3;

/** Index of the first segment that ends after `time` (open ones end at `now`). */
export function firstEndingAfter(segments: readonly Segment[], time: number, now: number, low = 0): number {
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const segment = segments[middle];
    if (segment !== undefined && (segment.to ?? Math.max(now, segment.from)) > time) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The segment that holds at `time`, if any. */
export function segmentAt(segments: readonly Segment[], time: number, now: number): Segment | undefined {
  // What is open holds at the present itself, too.
  const segment = segments[firstEndingAfter(segments, time, Math.max(now, time + 1))];
  return segment !== undefined && segment.from <= time ? segment : undefined;
}

/** Index of the first item at or after `time`; items are in order of time. */
export function firstAtOrAfter(items: readonly { readonly at: number }[], time: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle]?.at ?? 0) >= time) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function runsOf(segments: readonly Segment[], view: Viewport, width: number, now: number): readonly Run[] {
  const runs: Run[] = [];
  const bucketTime = (BUCKET / width) * view.span;
  const end = view.from + view.span;
  let index = firstEndingAfter(segments, view.from, now);
  while (index < segments.length) {
    const segment = segments[index];
    if (segment === undefined || segment.from >= end) break;
    const to = segment.to ?? Math.max(now, segment.from);
    const x0 = Math.max(0, xOf(view, width, segment.from));
    const x1 = Math.min(width, xOf(view, width, to));
    if (x1 - x0 >= BUCKET || to >= end) {
      runs.push({ kind: 'segment', x0, x1, segment, fromBefore: segment.from < view.from });
      index++;
      continue;
    }
    // Narrow: everything that ends within one bucket of its start shares the bucket.
    const bucketEnd = Math.max(segment.from, view.from) + bucketTime;
    const next = Math.max(index + 1, firstEndingAfter(segments, bucketEnd, now, index));
    if (next === index + 1) {
      runs.push({
        kind: 'segment',
        x0,
        x1: Math.min(width, Math.max(x1, x0 + 1)),
        segment,
        fromBefore: segment.from < view.from,
      });
    } else {
      addMany(runs, x0, Math.min(width, x0 + BUCKET), next - index);
    }
    index = next;
  }
  return runs;
}

/** Joins touching "many" runs, so that a dense stretch is one piece with one count. */
function addMany(runs: Run[], x0: number, x1: number, count: number): void {
  const last = runs.at(-1);
  if (last?.kind === 'many' && x0 - last.x1 < BUCKET) {
    runs[runs.length - 1] = { kind: 'many', x0: last.x0, x1, count: last.count + count };
  } else {
    runs.push({ kind: 'many', x0, x1, count });
  }
}
