import { describe, expect, it } from 'vitest';
import { DELAYS, type DelayName, drawDelay } from './delays.ts';
import { draw, seedToRandom } from './random.ts';

describe('delays', () => {
  it('every delay says where it is from, and stays within its bounds around its likely value', () => {
    for (const name of Object.keys(DELAYS) as DelayName[]) {
      const { least, likely, most, source } = DELAYS[name];
      expect(source, name).toMatch(/assumed|S\d\d|field-bugs/);
      let random = seedToRandom(5);
      let sum = 0;
      let lowest = Number.POSITIVE_INFINITY;
      let highest = 0;
      for (let index = 0; index < 2000; index++) {
        const { micros, next } = drawDelay(name, random);
        random = next;
        sum += micros / 1000;
        lowest = Math.min(lowest, micros);
        highest = Math.max(highest, micros);
      }
      expect(lowest, name).toBeGreaterThanOrEqual(least * 1000 - 1);
      expect(highest, name).toBeLessThanOrEqual(most * 1000 + 1);
      // The mean of a triangular distribution.
      const mean = (least + likely + most) / 3;
      expect(Math.abs(sum / 2000 - mean), name).toBeLessThan((most - least) * 0.05);
    }
  });
  it('neighbouring seeds have nothing to do with each other', () => {
    const first = Array.from({ length: 1000 }, (_, seed) => draw(seedToRandom(seed)).value);
    const mean = first.reduce((sum, value) => sum + value, 0) / first.length;
    expect(new Set(first).size).toBe(1000);
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
    const rises = first.filter((value, index) => index > 0 && value > (first[index - 1] ?? 0)).length;
    expect(Math.abs(rises - 500)).toBeLessThan(60);
  });
});
