import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitted, follow, keepInSight, MAX_SPAN, MIN_SPAN, PRESENT_AT, panBy, timeAt, xOf, zoomAt } from './viewport.ts';

const view = { from: 1_000_000, span: 10_000_000 };

describe('viewport', () => {
  it('maps time to pixels and back', () => {
    expect(xOf(view, 1000, 6_000_000)).toBe(500);
    expect(timeAt(view, 1000, 500)).toBe(6_000_000);
  });

  it('keeps the time under the pointer in place while zooming, at any zoom', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 20, noNaN: true }), fc.integer({ min: 0, max: 1000 }), (factor, x) => {
        const anchor = timeAt(view, 1000, x);
        expect(xOf(zoomAt(view, factor, anchor), 1000, anchor)).toBeCloseTo(x, 3);
      }),
    );
  });

  it('stops at one audio frame and at a working day', () => {
    expect(zoomAt(view, 1e-9, 0).span).toBe(MIN_SPAN);
    expect(zoomAt(view, 1e9, 0).span).toBe(MAX_SPAN);
  });

  it('shows a fitted range whole, with room on both sides', () => {
    const shown = fitted({ from: 5_000_000, to: 9_000_000 });
    expect(shown.from).toBeLessThan(5_000_000);
    expect(shown.from + shown.span).toBeGreaterThan(9_000_000);
    expect(shown.from + shown.span / 2).toBeCloseTo(7_000_000);
  });

  it('shows a single instant as the smallest span around it, not as nothing', () => {
    const shown = fitted({ from: 5, to: 5 });
    expect(shown.span).toBe(MIN_SPAN);
  });

  it('draws the present near the right edge while following', () => {
    expect(xOf(follow(view, 50_000_000), 1000, 50_000_000)).toBeCloseTo(1000 * PRESENT_AT);
  });

  it('never lets go of the recording entirely, however far one pans', () => {
    const range = { from: 0, to: 30_000_000 };
    for (const far of [-1e12, 1e12]) {
      const kept = keepInSight(panBy(view, far), range);
      expect(kept.from + kept.span).toBeGreaterThan(range.from);
      expect(kept.from).toBeLessThan(range.to);
      expect(kept.span).toBe(view.span);
    }
  });
});
