/**
 * How many 10 ms frames are owed by now. libwebrtc wants exactly 10 ms a call at exactly 100 calls a second; a plain interval
 * drifts, so frames are counted against a monotonic clock. After a stop (SIGSTOP, a long pause of the machine) thousands would
 * be owed: they are forgiven, as a microphone would forget them, not sent in one burst.
 */
import { FRAME_MICROS } from './frame.ts';

/** More frames owed than this are a stop, not a late timer: a busy machine has been seen 60 ms late, a stop lasts far longer. */
export const MAX_FRAMES_OWED = 12;

export interface FrameSchedule {
  /** Frames to send now. `nowMicros` never goes back. */
  due(nowMicros: number): number;
  /** When the next frame falls due. */
  readonly nextAt: number;
}

/** `maxFramesOwed`: see MAX_FRAMES_OWED; larger where a late timer must not cost a frame. */
export function createFrameSchedule(startMicros: number, maxFramesOwed: number = MAX_FRAMES_OWED): FrameSchedule {
  let next = startMicros;
  return {
    due(nowMicros) {
      if (nowMicros < next) return 0;
      const owed = Math.floor((nowMicros - next) / FRAME_MICROS) + 1;
      if (owed > maxFramesOwed) {
        next = nowMicros + FRAME_MICROS;
        return 1;
      }
      next += owed * FRAME_MICROS;
      return owed;
    },
    get nextAt() {
      return next;
    },
  };
}
