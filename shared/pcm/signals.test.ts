import { describe, expect, it } from 'vitest';
import { FRAME_MICROS } from './frame.ts';
import { createLevelMeter, frameDbfs, SILENCE_DBFS } from './level.ts';
import { createFrameSchedule, MAX_FRAMES_OWED } from './schedule.ts';
import { createVoice, SWEEP_HIGH_HZ, SWEEP_LOW_HZ } from './voice.ts';
import { createZeroRun, isZeroFrame, ZERO_RUN_FRAMES } from './zero-run.ts';

const seconds = (kind: 'speech' | 'sweep', seed: number, count: number): Int16Array[] => {
  const voice = createVoice(kind, seed);
  return Array.from({ length: count * 100 }, () => voice.next());
};
/** Rising zero crossings, as a plain count of cycles. */
const cycles = (frames: readonly Int16Array[]): number => {
  const samples = frames.flatMap((frame) => [...frame]);
  return samples.filter((sample, index) => sample >= 0 && (samples[index - 1] ?? 0) < 0).length;
};

describe('voices', () => {
  it('speech is the same for the same seed and another for another', () => {
    expect(seconds('speech', 4, 2)).toEqual(seconds('speech', 4, 2));
    expect(seconds('speech', 4, 1)).not.toEqual(seconds('speech', 5, 1));
  });

  it('speech has loud syllables and pauses, and never a frame of exact zeros', () => {
    for (const seed of [1, 2, 7]) {
      const frames = seconds('speech', seed, 20);
      expect(frames.some(isZeroFrame)).toBe(false);
      const levels = frames.map(frameDbfs);
      expect(Math.max(...levels)).toBeGreaterThan(-25);
      expect(Math.max(...levels)).toBeLessThan(-3);
      const quiet = levels.filter((level) => level < -60).length / levels.length;
      expect(quiet).toBeGreaterThan(0.1);
      expect(quiet).toBeLessThan(0.6);
    }
  });

  it('the sweep rises from 500 to 2500 Hz in a second, again and again, at -12 dBFS peak and without a click', () => {
    const frames = seconds('sweep', 1, 2);
    // The mean of 500 and 2500 Hz over a second.
    expect(Math.abs(cycles(frames.slice(0, 100)) - (SWEEP_LOW_HZ + SWEEP_HIGH_HZ) / 2)).toBeLessThanOrEqual(2);
    expect(cycles(frames.slice(0, 10))).toBeLessThan(cycles(frames.slice(90, 100)) / 3);
    expect(Math.abs(cycles(frames.slice(100, 110)) - cycles(frames.slice(0, 10)))).toBeLessThanOrEqual(1);
    const samples = frames.flatMap((frame) => [...frame]);
    const peak = Math.max(...samples);
    expect(peak).toBeGreaterThan(8200);
    expect(peak).toBeLessThan(8240);
    // The steepest a 2500 Hz sine of this amplitude gets from one sample to the next.
    const steps = samples.slice(1).map((sample, index) => Math.abs(sample - (samples[index] ?? 0)));
    expect(Math.max(...steps)).toBeLessThanOrEqual(Math.ceil(peak * 2 * Math.PI * (SWEEP_HIGH_HZ / 48_000)) + 1);
  });

  it('gives every frame an array of its own', () => {
    const voice = createVoice('sweep');
    expect(voice.next().buffer).not.toBe(voice.next().buffer);
  });
});

describe('level', () => {
  it('reads exact silence as -120 dBFS and a full-scale square wave as 0', () => {
    expect(frameDbfs(new Int16Array(480))).toBe(SILENCE_DBFS);
    expect(frameDbfs(new Int16Array(480).fill(-32_768))).toBeCloseTo(0, 5);
    expect(frameDbfs(new Int16Array(480).fill(3277))).toBeCloseTo(-20, 1);
  });

  it('averages the last 50 ms and forgets what is older', () => {
    const meter = createLevelMeter();
    expect(meter.dbfs()).toBe(SILENCE_DBFS);
    meter.push(new Int16Array(480).fill(-32_768));
    for (let frame = 0; frame < 4; frame += 1) meter.push(new Int16Array(480));
    expect(meter.dbfs()).toBeCloseTo(10 * Math.log10(1 / 5), 3);
    meter.push(new Int16Array(480));
    expect(meter.dbfs()).toBe(SILENCE_DBFS);
  });
});

describe('a run of zeros', () => {
  it('counts only after several frames in which every sample is zero', () => {
    const run = createZeroRun();
    const almost = new Int16Array(480);
    almost[479] = 1;
    for (let frame = 0; frame < ZERO_RUN_FRAMES - 1; frame += 1)
      expect(run.push(new Int16Array(480), frame)).toBe(false);
    expect(run.push(almost, 10)).toBe(false);
    expect(run.endedAt).toBeUndefined();
    for (let frame = 0; frame < ZERO_RUN_FRAMES; frame += 1) run.push(new Int16Array(480), 20 + frame);
    expect(run.zeros).toBe(true);
    expect(run.since).toBe(20);
    expect(run.lastSoundAt).toBe(10);
    run.push(almost, 40);
    expect(run.zeros).toBe(false);
    expect(run.endedAt).toBe(40);
  });
});

describe('the frame schedule', () => {
  it('owes exactly 100 frames a second however unevenly it is asked', () => {
    const schedule = createFrameSchedule(0);
    let sent = 0;
    for (let now = 0; now < 10_000_000; now += 3_000 + (now % 7) * 900) sent += schedule.due(now);
    sent += schedule.due(9_999_999);
    expect(sent).toBe(1000);
  });

  it('makes up for a late timer and forgives a stop', () => {
    const schedule = createFrameSchedule(0);
    expect(schedule.due(0)).toBe(1);
    expect(schedule.due(5 * FRAME_MICROS)).toBe(5);
    expect(schedule.due(40_000_000)).toBe(1);
    expect(schedule.due(40_000_000 + FRAME_MICROS)).toBe(1);
    expect(MAX_FRAMES_OWED).toBeGreaterThan(5);
  });
});
