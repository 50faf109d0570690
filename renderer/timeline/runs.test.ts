import { describe, expect, it } from 'vitest';
import { deviceTime } from '../../shared/time/time.ts';
import type { Segment } from '../../shared/timeline/view.ts';
import { BUCKET, firstAtOrAfter, runsOf, segmentAt } from './runs.ts';

const segment = (from: number, to: number | undefined, value = 'on'): Segment => ({
  from: deviceTime(from),
  ...(to === undefined ? {} : { to: deviceTime(to) }),
  value,
  label: value,
  tone: 'good',
});
const view = { from: 0, span: 1000 };

describe('what of a lane is drawn', () => {
  it('draws wide segments one by one, clipped to the screen', () => {
    const runs = runsOf([segment(-500, 300), segment(300, 700), segment(700, undefined)], view, 1000, 900);
    expect(runs.map((run) => [run.kind, run.x0, run.x1])).toEqual([
      ['segment', 0, 300],
      ['segment', 300, 700],
      ['segment', 700, 900],
    ]);
    expect(runs[0]?.kind === 'segment' && runs[0].fromBefore).toBe(true);
  });

  it('says "many states" instead of painting one over the other, and counts all of them', () => {
    const flapping = Array.from({ length: 200 }, (_, index) => segment(index / 2, (index + 1) / 2, `s${index}`));
    const runs = runsOf(flapping, view, 1000, 1000);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ kind: 'many', count: 200 });
  });

  it('does not hide a lone short state: it keeps at least a pixel', () => {
    const runs = runsOf([segment(0, 500), segment(500, 500.1, 'blip'), segment(510, 1000)], view, 1000, 1000);
    const blip = runs.find((run) => run.kind === 'segment' && run.segment.value === 'blip');
    expect(blip && blip.x1 - blip.x0).toBeGreaterThanOrEqual(1);
  });

  it('draws no more than the pixels can show, however long the history', () => {
    const long = Array.from({ length: 200_000 }, (_, index) => segment(index * 10, index * 10 + 10));
    let looks = 0;
    const counted = new Proxy(long, {
      get: (target, key) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) looks++;
        return Reflect.get(target, key) as unknown;
      },
    });
    const runs = runsOf(counted, { from: 0, span: 2_000_000 }, 900, 2_000_000);
    expect(runs.length).toBeLessThanOrEqual(900 / BUCKET + 1);
    expect(looks).toBeLessThan(900 * 25);
  });

  it('finds the state at an instant, open ones included, gaps excluded', () => {
    const lane = [segment(0, 10, 'a'), segment(20, undefined, 'b')];
    expect(segmentAt(lane, 5, 30)?.value).toBe('a');
    expect(segmentAt(lane, 15, 30)).toBeUndefined();
    expect(segmentAt(lane, 30, 30)?.value).toBe('b');
    expect(segmentAt(lane, -1, 30)).toBeUndefined();
  });

  it('finds marks by time', () => {
    const marks = [{ at: 1 }, { at: 5 }, { at: 9 }];
    expect([0, 1, 2, 9, 10].map((time) => firstAtOrAfter(marks, time))).toEqual([0, 0, 1, 2, 3]);
  });
});
