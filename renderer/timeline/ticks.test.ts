import { describe, expect, it } from 'vitest';
import { clockLabel, preciseLabel, tickStep, ticksOf } from './ticks.ts';

describe('time axis', () => {
  it('labels as finely as the step needs, and no finer', () => {
    expect(clockLabel(12_000_000, 1_000_000)).toBe('0:12');
    expect(clockLabel(12_500_000, 500_000)).toBe('0:12.5');
    expect(clockLabel(3_723_250_000, 10_000)).toBe('1:02:03.25');
    expect(clockLabel(-1_500_000, 500_000)).toBe('−0:01.5');
  });

  it('carries a rounded-up part into the next second and minute', () => {
    expect(clockLabel(59_999_900, 1000)).toBe('1:00.000');
    expect(preciseLabel(61_234_000)).toBe('1:01.234');
  });

  it('starts at 0:00 where the recording starts, and stays inside the view', () => {
    const view = { from: 1_000_000_000, span: 30_000_000 };
    const ticks = ticksOf(view, 900, 1_000_000_000);
    expect(ticks[0]?.label).toBe('0:00');
    expect(ticks.every((tick) => tick.at >= view.from && tick.at <= view.from + view.span)).toBe(true);
  });

  it('leaves room for each label from 10 ms to a day', () => {
    for (const span of [10_000, 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000]) {
      const pixels = (tickStep(span, 1000) / span) * 1000;
      expect(pixels).toBeGreaterThanOrEqual(84);
    }
  });
});
