import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeviceTime } from '../time/time.ts';
import { LevelHistory, MAX_SAMPLES } from './levels.ts';

const at = (value: number) => value as DeviceTime;

describe('levels', () => {
  it('give each pixel what looking at every sample would', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(50), fc.integer({ min: -120, max: 0 })), { minLength: 1, maxLength: 900 }),
        fc.nat(20_000),
        fc.integer({ min: 1, max: 20_000 }),
        fc.integer({ min: 1, max: 40 }),
        (steps, from, span, pixels) => {
          const history = new LevelHistory();
          let now = 0;
          const samples = steps.map(([step, value]) => {
            now += step;
            return { at: now, value };
          });
          for (const sample of samples) history.append('capture', at(sample.at), sample.value);
          const buckets = history.window('capture', at(from), at(from + span), pixels);
          expect(buckets).toHaveLength(pixels);
          for (const [pixel, bucket] of buckets.entries()) {
            const low = from + (span * pixel) / pixels;
            const high = from + (span * (pixel + 1)) / pixels;
            const inside = samples.filter((one) => one.at >= low && one.at < high).map((one) => one.value);
            if (inside.length === 0) expect(bucket).toBeUndefined();
            else {
              expect(bucket?.min).toBe(Math.min(...inside));
              expect(bucket?.max).toBe(Math.max(...inside));
              expect(bucket?.mean).toBeCloseTo(inside.reduce((sum, one) => sum + one, 0) / inside.length, 6);
            }
          }
        },
      ),
      { numRuns: 100 },
    );
  });
  it('keep the newest when there are more than memory is given for', () => {
    const history = new LevelHistory();
    for (let index = 0; index <= MAX_SAMPLES; index += 1) history.append('render', at(index), (index % 90) - 100);
    const [old, kept] = history.window('render', at(0), at(MAX_SAMPLES), 2);
    expect([old, kept?.max]).toEqual([undefined, -11]);
    expect(history.at('render', at(MAX_SAMPLES), 10)).toBe((MAX_SAMPLES % 90) - 100);
  });
});
