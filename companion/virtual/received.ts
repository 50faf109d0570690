/**
 * rx.flow of the phone: decoded audio out of the jitter buffer, concealment excluded, across stops of the whole process.
 *
 * A stopped process plays nothing, whatever libwebrtc's counters say afterwards: on SIGCONT its audio thread makes up for the
 * stop at once, and the counters with it. So a stop ends flow with the last frame before it, readings begin anew after it,
 * and no edge lies inside it.
 */
import { createDecodedFlow, type DecodedFlow } from '../../shared/pcm/decoded-flow.ts';
import type { FlowEdge } from '../../shared/pcm/flow.ts';
import { type DeviceTime, deviceTime } from '../../shared/time/time.ts';
import type { EventData } from '../../shared/wire/kinds.ts';
import { EDGE_ERROR_MICROS } from './flow.ts';
import { GAP_MICROS } from './heartbeat.ts';
import type { StatsReading } from './stats.ts';

type RxEdge = EventData<'rx.flow'>;

export interface Received {
  /** A frame as it came out of the decoder. */
  frame(at: DeviceTime, samples: Int16Array): void;
  reading(reading: StatsReading): void;
  /** This process did not run from `fromAt` to `toAt`. */
  frozen(fromAt: DeviceTime, toAt: DeviceTime): void;
  /** The call is over: whatever flowed has stopped with its last frame. */
  ended(): void;
}

/** Frames further apart than this have paused. */
const PAUSE_MICROS = 60_000;
/**
 * libwebrtc pulls on for a frame or two after the audio unit's gate has shut, until the renegotiation is through (30 ms seen
 * on a busy machine); a real unit stops at its last frame.
 */
const STOP_REACH_MICROS = 80_000;

export function createReceived(onEdge: (edge: RxEdge) => void): Received {
  let decoded: DecodedFlow = createDecodedFlow();
  let frameAt: DeviceTime | undefined;
  /** The last frame before the latest pause in frames, and the first one after it. */
  let pausedAt: DeviceTime | undefined;
  let resumedAt: DeviceTime | undefined;
  /** Nothing before this is told: the end of the latest stop. */
  let since = Number.NEGATIVE_INFINITY;

  const tell = ({ from, to, edgeAt, errorMicros }: FlowEdge) => {
    // Where playout itself began or stopped, the frames at the speaker know to the frame what counters know roughly.
    const frames = to === 'stopped' ? [frameAt, pausedAt] : from === 'stopped' ? [resumedAt] : [];
    const reach = to === 'stopped' ? STOP_REACH_MICROS : errorMicros;
    const exact = frames.find((at) => at !== undefined && Math.abs(at - edgeAt) <= reach);
    onEdge({
      from,
      to,
      edgeAt: deviceTime(Math.max(since, exact ?? edgeAt)),
      errorMicros: exact === undefined ? errorMicros : EDGE_ERROR_MICROS,
    });
  };
  const stop = (edgeAt: DeviceTime) => {
    if (decoded.flow !== 'stopped') tell({ from: decoded.flow, to: 'stopped', edgeAt, errorMicros: EDGE_ERROR_MICROS });
    decoded = createDecodedFlow();
  };
  return {
    frame(at, samples) {
      if (frameAt === undefined || at - frameAt > PAUSE_MICROS) {
        pausedAt = frameAt;
        resumedAt = at;
      }
      frameAt = at;
      decoded.frame(samples, at);
    },
    reading({ at, sample, concealmentEvents }) {
      const { totalSamplesReceived, concealedSamples, silentConcealedSamples, packetsReceived } = sample;
      if (at < since || totalSamplesReceived === undefined || concealedSamples === undefined) return;
      const edges = decoded.reading({
        at,
        totalSamplesReceived,
        concealedSamples,
        packetsReceived: packetsReceived ?? 0,
        ...(concealmentEvents === undefined ? {} : { concealmentEvents }),
        ...(silentConcealedSamples === undefined ? {} : { silentConcealedSamples }),
      });
      edges.forEach(tell);
    },
    frozen(fromAt, toAt) {
      // Frames of after the stop may have come before it was noticed.
      const last = frameAt !== undefined && frameAt - fromAt < GAP_MICROS ? frameAt : pausedAt;
      stop(last ?? fromAt);
      since = toAt;
    },
    ended() {
      if (frameAt !== undefined) stop(frameAt);
    },
  };
}
