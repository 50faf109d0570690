/**
 * What a receiver really hears: concealment told by the counters, exact silence told by the frames, as one row of states.
 * The counters come every 100 ms and know best; zeros inside concealment are the decoder's own fade-out and stay concealed.
 */
import { createConcealmentTracker, type InboundReading } from './concealment.ts';
import type { Flow, FlowEdge } from './flow.ts';
import { FRAME_MICROS } from './frame.ts';
import { createZeroRun, ZERO_RUN_FRAMES } from './zero-run.ts';

const RUN_MICROS = ZERO_RUN_FRAMES * FRAME_MICROS;

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
  /** Audio is decoded again, but whether it is sound is not known yet. */
  let waiting: FlowEdge | undefined;
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
      const edges: FlowEdge[] = [];
      const settle = (edge: FlowEdge, now: number): boolean => {
        const { edgeAt, errorMicros } = edge;
        if (edge.to !== 'flowing') edges.push(...enter(edge.to, edgeAt, errorMicros));
        else if (zeroRun.zeros && (zeroRun.since ?? 0) <= edgeAt + RUN_MICROS) {
          // Decoded again, but still the zeros it faded to, or zeros that were sent: a moment more tells which.
          if (now - edgeAt < RUN_MICROS) return false;
          edges.push(...enter('zeros', edgeAt, errorMicros));
        } else {
          // A run of zeros that reached over the edge: sound came with its end.
          const over = (zeroRun.endedSince ?? edgeAt) < edgeAt ? (zeroRun.endedAt ?? edgeAt) : edgeAt;
          if (over - edgeAt >= RUN_MICROS) edges.push(...enter('zeros', edgeAt, errorMicros));
          edges.push(...enter('flowing', Math.max(edgeAt, over), errorMicros));
        }
        return true;
      };
      const found = tracker.push(reading);
      if (waiting !== undefined && (settle(waiting, reading.at) || found.length > 0)) waiting = undefined;
      for (const edge of found) if (!settle(edge, reading.at)) waiting = edge;
      if (tracker.flow !== 'flowing' || tracker.undecided || waiting !== undefined) return edges;
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
