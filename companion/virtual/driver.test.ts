import { describe, expect, it } from 'vitest';
import type { Effect, Stimulus } from '../../shared/iphone/interface.ts';
import { type DeviceTime, deviceTime, fromMilliseconds } from '../../shared/time/time.ts';
import { type AppliedEffect, createDriver, type Driver } from './driver.ts';

/** A clock that only moves when told, and the alarm set on it. */
function fakeClock() {
  let now = 0;
  let alarm: { readonly run: () => void; readonly at: number } | undefined;
  return {
    now: () => deviceTime(now),
    alarms: {
      set(run: () => void, milliseconds: number) {
        alarm = { run, at: now + milliseconds * 1000 };
        return alarm;
      },
      clear(handle: unknown) {
        if (handle === alarm) alarm = undefined;
      },
    },
    pending: () => alarm !== undefined,
    advance(milliseconds: number) {
      const until = now + milliseconds * 1000;
      while (alarm !== undefined && alarm.at <= until) {
        now = Math.max(now, alarm.at);
        const { run } = alarm;
        alarm = undefined;
        run();
      }
      now = until;
    },
    back(milliseconds: number) {
      now -= milliseconds * 1000;
    },
  };
}

type Model = (stimulus: Stimulus) => readonly Effect[];
function drive(model: Model, onApply?: (effect: AppliedEffect, driver: Driver<number>) => void) {
  const clock = fakeClock();
  const seen: Stimulus[] = [];
  const applied: AppliedEffect[] = [];
  const driver: Driver<number> = createDriver<number>({
    initial: 0,
    step(state, stimulus) {
      seen.push(stimulus);
      if (stimulus.kind === 'outside' && stimulus.does === 'phone.decline') {
        return { state, effects: [], trace: [], refused: { code: 'nothingRings', message: 'nothing rings' } };
      }
      return { state: state + 1, effects: model(stimulus), trace: [] };
    },
    now: clock.now,
    alarms: clock.alarms,
    apply(effect) {
      applied.push(effect);
      onApply?.(effect, driver);
    },
  });
  return { clock, seen, applied, driver };
}
const ring = { kind: 'outside', does: 'phone.ring', params: {} } as const;
const schedule = (timerId: number, milliseconds: number, name = `t${timerId}`): Effect => ({
  kind: 'schedule',
  timerId,
  after: fromMilliseconds(milliseconds),
  name,
  data: { timerId },
});
const timers = (seen: readonly Stimulus[]) =>
  seen.flatMap((stimulus) => (stimulus.kind === 'timer' ? [{ id: stimulus.timerId, at: stimulus.at }] : []));

describe('the driver of the model', () => {
  it('hands a scheduled effect back when it is due, with its name and data', () => {
    const { clock, seen, driver } = drive((stimulus) => (stimulus.kind === 'outside' ? [schedule(7, 250)] : []));
    driver.stimulate(ring);
    clock.advance(249);
    expect(timers(seen)).toEqual([]);
    clock.advance(1);
    expect(seen[1]).toEqual({ kind: 'timer', timerId: 7, name: 't7', data: { timerId: 7 }, at: 250_000 });
    expect(clock.pending()).toBe(false);
  });

  it('keeps the order of alarms that are due together, and of those set later but due earlier', () => {
    const { clock, seen, driver } = drive((stimulus) =>
      stimulus.kind === 'outside' ? [schedule(1, 30), schedule(2, 10), schedule(3, 10), schedule(4, 20)] : [],
    );
    driver.stimulate(ring);
    clock.advance(100);
    expect(timers(seen)).toEqual([
      { id: 2, at: 10_000 },
      { id: 3, at: 10_000 },
      { id: 4, at: 20_000 },
      { id: 1, at: 30_000 },
    ]);
  });

  it('forgets what is cancelled, also when the alarm before it cancels it', () => {
    const { clock, seen, driver } = drive((stimulus) => {
      if (stimulus.kind === 'outside') return [schedule(1, 10), schedule(2, 10), schedule(3, 20)];
      return stimulus.kind === 'timer' && stimulus.timerId === 1 ? [{ kind: 'cancel', timerId: 2 }] : [];
    });
    driver.stimulate(ring);
    clock.advance(50);
    expect(timers(seen).map(({ id }) => id)).toEqual([1, 3]);
  });

  it('finishes the effects of one stimulus before a stimulus that they set off', () => {
    const { seen, applied, driver } = drive(
      (stimulus) => (stimulus.kind === 'outside' ? [{ kind: 'startCall' }, { kind: 'hangUp' }] : []),
      (effect, self) => {
        if (effect.kind === 'startCall') self.stimulate({ kind: 'webrtc.iceState', state: 'new' });
        if (effect.kind === 'hangUp') expect(self.state).toBe(1);
      },
    );
    driver.stimulate(ring);
    expect(applied.map(({ kind }) => kind)).toEqual(['startCall', 'hangUp']);
    expect(seen.map(({ kind }) => kind)).toEqual(['outside', 'webrtc.iceState']);
  });

  it('says what the model refused, and only for the stimulus that was refused', () => {
    const { driver } = drive(() => []);
    expect(driver.stimulate({ kind: 'outside', does: 'phone.decline', params: {} })?.code).toBe('nothingRings');
    expect(driver.stimulate(ring)).toBeUndefined();
  });

  it('never lets the time of the model go back', () => {
    const { clock, seen, driver } = drive(() => []);
    clock.advance(100);
    driver.stimulate(ring);
    clock.back(50);
    driver.stimulate(ring);
    expect(seen.map(({ at }) => at)).toEqual([100_000, 100_000] as DeviceTime[]);
  });

  it('is silent once stopped', () => {
    const { clock, seen, driver } = drive(() => [schedule(1, 10)]);
    driver.stimulate(ring);
    driver.stop();
    driver.stimulate(ring);
    clock.advance(100);
    expect(seen).toHaveLength(1);
    expect(clock.pending()).toBe(false);
  });
});
