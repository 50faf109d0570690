import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceTime, fromMilliseconds } from './time.ts';
import { VirtualClock } from './virtual-clock.ts';

describe('the virtual clock', () => {
  it('runs actions in order of time, and of scheduling at the same instant', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 60 }), (delays) => {
        const clock = new VirtualClock(deviceTime(1000));
        const ran: { delay: number; index: number; at: number }[] = [];
        delays.forEach((delay, index) => {
          clock.schedule(fromMilliseconds(delay), () => ran.push({ delay, index, at: clock.now }));
        });
        while (clock.step());
        expect(ran.map(({ index }) => index)).toEqual(
          delays
            .map((delay, index) => ({ delay, index }))
            .sort((a, b) => a.delay - b.delay || a.index - b.index)
            .map(({ index }) => index),
        );
        for (const { delay, at } of ran) expect(at).toBe(1000 + delay * 1000);
      }),
    );
  });

  it('does not run what was cancelled, and runs what an action schedules', () => {
    const clock = new VirtualClock(deviceTime(0));
    const ran: string[] = [];
    const timer = clock.schedule(fromMilliseconds(5), () => ran.push('cancelled'));
    clock.schedule(fromMilliseconds(1), () => {
      clock.cancel(timer);
      clock.scheduleAt(deviceTime(0), () => ran.push(`late at ${clock.now}`));
    });
    while (clock.step());
    expect(ran).toEqual(['late at 1000']);
    expect(clock.step()).toBe(false);
  });
});
