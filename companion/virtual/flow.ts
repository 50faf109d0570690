/**
 * Flow edges at 10 ms out of single frames: flowing, zeros (a run of exact digital silence) or stopped (no frames).
 *
 *   frames   s s s s 0 0 0 0 0 0 0 s s . . . . . . s
 *   edges          ^ flowing>zeros ^     zeros>flowing: first sound
 *                  last sound        ^ flowing>stopped ^ stopped>flowing
 *
 * An edge that ends flow is stamped with the last frame that flowed; one that begins a state, with its first frame.
 */
import { ZERO_RUN_FRAMES } from '../../shared/pcm/zero-run.ts';
import type { DeviceTime } from '../../shared/time/time.ts';
import type { EventData } from '../../shared/wire/kinds.ts';

export type FrameFlowState = 'flowing' | 'zeros' | 'stopped';
export type FlowEdge = EventData<'capture.flow'>;

/** One frame: an edge between two frames may lie anywhere in between. */
export const EDGE_ERROR_MICROS = 10_000;

export interface FlowLimits {
  /** No frame for this long, with this process running, means that none are made. */
  readonly idleMicros: number;
  /** Frames further apart than this were lost in between; closer ones were only late (a busy event loop). */
  readonly lostMicros: number;
}

export interface FrameFlow {
  /** A frame moved at `at`. */
  frame(at: DeviceTime, zeros: boolean): void;
  /** To be called now and then while this process runs on time: finds that frames have stopped. */
  idle(now: DeviceTime): void;
  readonly state: FrameFlowState;
}

export function createFrameFlow(limits: FlowLimits, onEdge: (edge: FlowEdge) => void): FrameFlow {
  let state: FrameFlowState = 'stopped';
  let frameAt: DeviceTime | undefined;
  let soundAt: DeviceTime | undefined;
  let zeroSince: DeviceTime | undefined;
  let zeroRun = 0;

  const enter = (to: FrameFlowState, edgeAt: DeviceTime) => {
    if (state === to) return;
    const edge: FlowEdge = { from: state, to, edgeAt, errorMicros: EDGE_ERROR_MICROS };
    state = to;
    onEdge(edge);
  };
  const stop = () => {
    if (frameAt === undefined) return;
    // Zeros too few to be called a run, then nothing: what flowed last was the sound before them.
    enter('stopped', state === 'flowing' ? (soundAt ?? frameAt) : frameAt);
    zeroRun = 0;
    zeroSince = undefined;
  };
  return {
    frame(at, zeros) {
      if (frameAt !== undefined && at - frameAt > limits.lostMicros) stop();
      frameAt = at;
      if (!zeros) {
        soundAt = at;
        zeroRun = 0;
        zeroSince = undefined;
        enter('flowing', at);
        return;
      }
      zeroRun += 1;
      zeroSince ??= at;
      if (zeroRun >= ZERO_RUN_FRAMES) enter('zeros', state === 'flowing' ? (soundAt ?? zeroSince) : zeroSince);
    },
    idle(now) {
      if (frameAt !== undefined && now - frameAt > limits.idleMicros) stop();
    },
    get state() {
      return state;
    },
  };
}
