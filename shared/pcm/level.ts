/** Loudness as RMS in dBFS (0 dBFS RMS = every sample at full scale). */
import { FULL_SCALE } from './frame.ts';

/** What exact digital silence reads. A single 1 among the 2,400 samples of 50 ms would be -124 dBFS: nothing quieter is told apart. */
export const SILENCE_DBFS = -120;
/** 50 ms, the window of the `level` sample: long enough not to flicker with pitch, short enough for syllables. */
export const LEVEL_WINDOW_FRAMES = 5;

const sumOfSquares = (frame: Int16Array): number => {
  let sum = 0;
  for (let index = 0; index < frame.length; index += 1) {
    const sample = frame[index] as number;
    sum += sample * sample;
  }
  return sum;
};

const toDbfs = (squares: number, samples: number): number =>
  squares === 0 || samples === 0
    ? SILENCE_DBFS
    : Math.max(SILENCE_DBFS, 10 * Math.log10(squares / samples / (FULL_SCALE * FULL_SCALE)));

/** RMS of one frame in dBFS; exact zeros are -120. */
export const frameDbfs = (frame: Int16Array): number => toDbfs(sumOfSquares(frame), frame.length);

export interface LevelMeter {
  push(frame: Int16Array): void;
  /** RMS in dBFS over the frames pushed last, 50 ms of them; -120 before the first. */
  dbfs(): number;
  /** Forgets: what a meter shows when frames stop coming. */
  reset(): void;
}

export function createLevelMeter(windowFrames: number = LEVEL_WINDOW_FRAMES): LevelMeter {
  const squares = new Float64Array(windowFrames);
  const samples = new Float64Array(windowFrames);
  let slot = 0;
  return {
    push(frame) {
      squares[slot] = sumOfSquares(frame);
      samples[slot] = frame.length;
      slot = (slot + 1) % windowFrames;
    },
    dbfs() {
      return toDbfs(
        squares.reduce((sum, value) => sum + value, 0),
        samples.reduce((sum, value) => sum + value, 0),
      );
    },
    reset() {
      squares.fill(0);
      samples.fill(0);
    },
  };
}
