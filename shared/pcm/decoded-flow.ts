/**
 * What a receiver really hears: concealment told by the counters, exact silence told by the frames, as one row of states.
 * The counters come every 100 ms and know best; zeros inside concealment are the decoder's own fade-out and stay concealed.
 */
import { createConcealmentTracker, type InboundReading } from './concealment.ts';
import type { Flow, FlowEdge } from './flow.ts';
import { FRAME_MICROS } from './frame.ts';
import { createZeroRun, ZERO_RUN_FRAMES } from './zero-run.ts';

export interface DecodedFlow {
  /** A frame as it came out of the decoder, and when. */
  frame(samples: Int16Array, at: number): void;
  /** A reading of the counters; returns the edges that are certain now, in order of time. */
  reading(reading: InboundReading): readonly FlowEdge[];
  readonly flow: Flow;
}

export function createDecodedFlow(): DecodedFlow {
  const tracker = createConcealmentTracker();
  const zeroRun = createZeroRun();
  let flow: Flow = 'stopped';
  let latestEdgeAt = Number.NEGATIVE_INFINITY;

  const enter = (to: Flow, edgeAt: number, errorMicros: number): FlowEdge[] => {
    if (to === flow) return [];
    // Two detectors may disagree by a frame about which came first; time does not run backwards.
    latestEdgeAt = Math.max(latestEdgeAt, edgeAt);
    const edge: FlowEdge = { from: flow, to, edgeAt: latestEdgeAt, errorMicros };
    flow = to;
    return [edge];
  };
  return {
    frame(samples, at) {
      zeroRun.push(samples, at);
      tracker.frame(at);
    },
    reading(reading) {
      const edges = tracker.push(reading).flatMap((edge) => {
        const zerosFromTheStart =
          edge.to === 'flowing' &&
          zeroRun.zeros &&
          (zeroRun.since ?? 0) <= edge.edgeAt + ZERO_RUN_FRAMES * FRAME_MICROS;
        return enter(zerosFromTheStart ? 'zeros' : edge.to, edge.edgeAt, edge.errorMicros);
      });
      if (tracker.flow !== 'flowing' || tracker.undecided) return edges;
      if (flow === 'flowing' && zeroRun.zeros)
        edges.push(...enter('zeros', (zeroRun.since ?? reading.at) - FRAME_MICROS, FRAME_MICROS));
      else if (flow === 'zeros' && !zeroRun.zeros)
        edges.push(...enter('flowing', zeroRun.endedAt ?? reading.at, FRAME_MICROS));
      return edges;
    },
    get flow() {
      return flow;
    },
  };
}
