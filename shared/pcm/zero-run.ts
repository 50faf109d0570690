/**
 * Runs of exact digital silence. A microphone in a silent room still dithers; only software hands over frames in which every
 * single sample is zero (muted, session inactive, hardware waking), so exact zeros are evidence and quiet is not.
 */

/** 50 ms: Opus and a gated talker may give a zero frame or two between sounds; five in a row no real microphone gives. */
export const ZERO_RUN_FRAMES = 5;

export interface ZeroRun {
  /** Takes the next frame and when it was there. Returns whether the run now counts as zeros. */
  push(frame: Int16Array, at: number): boolean;
  readonly zeros: boolean;
  /** When the first frame of the current run of zeros was there; undefined outside a run (counted or not yet). */
  readonly since: number | undefined;
  /** When the latest frame that held sound was there, and the first one after the latest counted run. */
  readonly lastSoundAt: number | undefined;
  readonly endedAt: number | undefined;
  /** When that run had begun. */
  readonly endedSince: number | undefined;
  reset(): void;
}

export const isZeroFrame = (frame: Int16Array): boolean => {
  for (let index = 0; index < frame.length; index += 1) if (frame[index] !== 0) return false;
  return true;
};

export function createZeroRun(runFrames: number = ZERO_RUN_FRAMES): ZeroRun {
  let length = 0;
  let since: number | undefined;
  let lastSoundAt: number | undefined;
  let endedAt: number | undefined;
  let endedSince: number | undefined;
  return {
    push(frame, at) {
      if (isZeroFrame(frame)) {
        if (length === 0) since = at;
        length += 1;
      } else {
        if (length >= runFrames) {
          endedAt = at;
          endedSince = since;
        }
        length = 0;
        since = undefined;
        lastSoundAt = at;
      }
      return length >= runFrames;
    },
    get zeros() {
      return length >= runFrames;
    },
    get since() {
      return since;
    },
    get lastSoundAt() {
      return lastSoundAt;
    },
    get endedAt() {
      return endedAt;
    },
    get endedSince() {
      return endedSince;
    },
    reset() {
      endedSince = undefined;
      length = 0;
      since = undefined;
      lastSoundAt = undefined;
      endedAt = undefined;
    },
  };
}
