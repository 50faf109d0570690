/**
 * When did decoded audio stop, and when did it come back? Told from libwebrtc's cumulative counters, read about 10 times a
 * second, with an error of about one frame:
 *
 *   totalSamplesReceived   what the jitter buffer handed to playout, made up or not (48,000 a second while playout pulls)
 *   concealedSamples       the part of it that was made up because nothing had arrived
 *
 *        window of one reading, N samples              next window
 *   |-- decoded --------------|-- concealed (c) --||-- concealed ... --|
 *                             ^ outage began here: end of the window less c
 *
 * Positions are counted in samples. They become instants by the frames that came out of the decoder, when those are told
 * (`frame`): frames and samples run in step, so a position names a frame, and its stamp is the instant. Otherwise by an anchor
 * (instant minus position), the least of the last readings': a reading is late by getStats and by up to a frame, never early.
 * The counters say how much of a window was concealed, not where; the windows before and after tell where (an outage is one block).
 *
 * Not used, because libwebrtc M106 does not have them: removedSamplesForAcceleration, totalSamplesDuration of playout.
 * Source of the counters' meaning: W3C webrtc-stats (2023), RTCInboundRtpStreamStats.
 */

import type { FlowEdge } from './flow.ts';
import { FRAME_MICROS, FRAME_SAMPLES } from './frame.ts';

/** One reading of RTCInboundRtpStreamStats. */
export interface InboundReading {
  /** Microseconds; when the reading was taken, best stamped when getStats answered. */
  readonly at: number;
  readonly totalSamplesReceived: number;
  readonly concealedSamples: number;
  readonly silentConcealedSamples?: number;
  readonly concealmentEvents?: number;
  readonly packetsReceived: number;
}

export interface ConcealmentTracker {
  /** A frame came out of the decoder now. Optional, but it makes edges exact to the frame. */
  frame(at: number): void;
  /** Takes readings in order of time; returns the edges they prove, in order. */
  push(reading: InboundReading): readonly FlowEdge[];
  readonly flow: 'flowing' | 'concealed' | 'stopped';
  /** Concealment was seen that may become an outage with the next reading. */
  readonly undecided: boolean;
}

const SAMPLES_PER_MILLISECOND = FRAME_SAMPLES / 10;
/**
 * Concealment shorter than this is what a jitter buffer does for a living (a lost packet of 20 ms, a late one, a buffer
 * growing): nobody calls it an outage. 60 ms is three packets in a row, and shorter than the shortest gap anyone can act on.
 */
export const CONCEALMENT_IS_OUTAGE_AFTER_MICROS = 60_000;
const OUTAGE_SAMPLES = (CONCEALMENT_IS_OUTAGE_AFTER_MICROS / 1000) * SAMPLES_PER_MILLISECOND;
/** Playout pulls every 10 ms; counters that stand still for six pulls have stopped. */
export const STANDSTILL_MICROS = 60_000;
/** Merging decoded audio onto made-up audio books a few milliseconds to the wrong side. */
const SLACK_SAMPLES = 5 * SAMPLES_PER_MILLISECOND;
/** Fewer real samples than this in a window are the tail of a cross-fade, not audio that is back. */
const BACK_SAMPLES = 2 * FRAME_SAMPLES;
/** Readings the anchor is taken from: 2 s at 10 Hz, short enough that clocks do not drift, long enough to meet a quick reading. */
const ANCHOR_READINGS = 20;
/** Readings later than the anchor by this, three in a row, mean that playout itself paused a little, not that getStats was slow. */
const ANCHOR_SLIP_MICROS = 20_000;
const ANCHOR_SLIP_READINGS = 3;
/** One frame of position, half a frame of reading. */
const EDGE_ERROR_MICROS = 15_000;
/** Right after a standstill there is one reading only to anchor by. */
const FIRST_ANCHOR_ERROR_MICROS = 25_000;

/** Stamps kept: 5 s of frames, far more than the oldest position an edge can lie at. */
const STAMPS_KEPT = 500;
/**
 * Samples and frames run in step: over 1,000 readings of a real call 92 % gave the same difference, the rest one frame off
 * (a frame came between the snapshot and the answer). The median of five readings is right and follows a change in half a second.
 */
const STEP_READINGS = 5;
/** Frame and anchor must tell the same instant but for this, else frames went missing and the anchor is believed. */
const STEP_TRUST_MICROS = 60_000;

/**
 * Frames this far apart mean that this process itself did not run (suspension). Playout then catches up in one burst of made-up
 * audio, which counts as concealed although nobody could hear it.
 */
const PROCESS_STOP_MICROS = 300_000;

const toMicros = (samples: number): number => (samples * 1000) / SAMPLES_PER_MILLISECOND;

export function createConcealmentTracker(): ConcealmentTracker {
  let flow: ConcealmentTracker['flow'] = 'stopped';
  let last: InboundReading | undefined;
  let anchors: number[] = [];
  let slips = 0;
  /** Position where concealment may have begun while flowing; `inside` when it may lie anywhere in its window. */
  let pending:
    | { readonly start: number; readonly inside?: { readonly slack: number; readonly length: number } }
    | undefined;

  const anchor = () => Math.min(...anchors);
  const observe = (reading: InboundReading) => {
    const own = reading.at - toMicros(reading.totalSamplesReceived);
    slips = anchors.length > 0 && own > anchor() + ANCHOR_SLIP_MICROS ? slips + 1 : 0;
    anchors.push(own);
    if (slips >= ANCHOR_SLIP_READINGS) {
      anchors = anchors.slice(-ANCHOR_SLIP_READINGS);
      slips = 0;
    } else if (anchors.length > ANCHOR_READINGS) anchors.shift();
  };
  const instant = (position: number) => Math.round(anchor() + toMicros(position));
  const errorNow = () => (anchors.length < ANCHOR_SLIP_READINGS ? FIRST_ANCHOR_ERROR_MICROS : EDGE_ERROR_MICROS);

  const frames = createFrameStamps();
  const enter = (to: ConcealmentTracker['flow'], position: number, extraError = 0): FlowEdge => {
    // Flow begins with a frame that is complete one frame after the position where the old state ended.
    const begins = flow !== 'flowing';
    const anchored = instant(position) + (begins ? FRAME_MICROS : 0);
    const stamped = frames.stampOf(position, begins);
    const edgeAt = stamped !== undefined && Math.abs(stamped - anchored) < STEP_TRUST_MICROS ? stamped : anchored;
    const edge: FlowEdge = { from: flow, to, edgeAt, errorMicros: errorNow() + Math.round(extraError) };
    flow = to;
    pending = undefined;
    return edge;
  };

  /** `begun`: separate concealments that began in this window (`concealmentEvents`); all but an outage are short and share it. */
  const whileFlowing = (start: number, end: number, concealed: number, begun: number): FlowEdge[] => {
    const decoded = end - start - concealed;
    if (concealed <= SLACK_SAMPLES) {
      const inside = pending?.inside;
      const from = pending?.start ?? 0;
      pending = undefined;
      if (inside === undefined || inside.length < OUTAGE_SAMPLES) return [];
      // The block came and went within the window before: its middle position, and the room it had as the error.
      const middle = from - inside.slack / 2;
      const error = toMicros(inside.slack / 2);
      return [enter('concealed', middle, error), enter('flowing', middle + inside.length, error)];
    }
    if (decoded < FRAME_SAMPLES) {
      const from = pending?.start ?? start;
      if (end - from >= OUTAGE_SAMPLES) return [enter('concealed', from)];
      pending = { start: from };
      return [];
    }
    if (pending !== undefined) {
      // Without a new beginning all of this window's concealment continues the one before; with one, who knows how much.
      const certain = start - pending.start + (begun === 0 ? concealed : 0);
      if (certain >= OUTAGE_SAMPLES)
        return [enter('concealed', pending.start), enter('flowing', start + concealed / (begun + 1))];
    }
    const length = concealed / Math.max(1, begun);
    pending = begun <= 1 ? { start: end - length, inside: { slack: decoded, length } } : { start: end - length };
    return [];
  };

  const whileConcealed = (start: number, end: number, concealed: number, begun: number): FlowEdge[] => {
    const decoded = end - start - concealed;
    if (concealed <= SLACK_SAMPLES) return [enter('flowing', pending?.start ?? start)];
    if (decoded >= BACK_SAMPLES) {
      const block = concealed / (begun + 1);
      const edge = enter('flowing', start + block);
      // It began again before the window was over: perhaps the next outage.
      if (begun > 0) pending = { start: end - block };
      return [edge];
    }
    pending = decoded > SLACK_SAMPLES ? { start: start + concealed } : undefined;
    return [];
  };

  /** This process was stopped within the window: the burst of concealment after it stands for the time it did not run. */
  const overStop = (stop: FrameGap, reading: InboundReading, concealed: number): FlowEdge[] => {
    const gone: FlowEdge = { from: flow, to: 'stopped', edgeAt: stop.from, errorMicros: EDGE_ERROR_MICROS };
    const decoded = reading.totalSamplesReceived - stop.position - concealed;
    const back = decoded >= BACK_SAMPLES;
    const to = back ? 'flowing' : 'concealed';
    const backAt = frames.stampOf(stop.position + concealed, true) ?? reading.at - toMicros(decoded);
    const edgeAt = back ? Math.max(stop.to, Math.round(backAt)) : stop.to;
    flow = to;
    pending = undefined;
    return [gone, { from: 'stopped', to, edgeAt, errorMicros: FIRST_ANCHOR_ERROR_MICROS }];
  };

  const whileStopped = (start: number, end: number, concealed: number): FlowEdge[] => {
    const from = pending?.start ?? start;
    const madeUp = start - from + concealed;
    if (end - from - madeUp >= BACK_SAMPLES)
      return madeUp < OUTAGE_SAMPLES
        ? [enter('flowing', from + madeUp)]
        : [enter('concealed', from), enter('flowing', from + madeUp)];
    if (madeUp >= OUTAGE_SAMPLES) return [enter('concealed', from)];
    pending = { start: from };
    return [];
  };

  return {
    frame: frames.push,
    get flow() {
      return flow;
    },
    get undecided() {
      return pending !== undefined;
    },
    push(reading) {
      const before = last;
      if (
        before === undefined ||
        reading.totalSamplesReceived < before.totalSamplesReceived ||
        reading.concealedSamples < before.concealedSamples ||
        reading.packetsReceived < before.packetsReceived
      ) {
        // The first reading, or a new stream with counters from zero: nothing can be said of the time in between.
        last = reading;
        anchors = [];
        slips = 0;
        pending = undefined;
        frames.forgetStep();
        return [];
      }
      const advanced = reading.totalSamplesReceived - before.totalSamplesReceived;
      if (advanced === 0) {
        if (reading.at - before.at < STANDSTILL_MICROS) return [];
        last = reading;
        const edges = flow === 'stopped' || anchors.length === 0 ? [] : [enter('stopped', before.totalSamplesReceived)];
        flow = 'stopped';
        frames.forgetStep();
        anchors = [];
        slips = 0;
        pending = undefined;
        return edges;
      }
      last = reading;
      observe(reading);
      frames.step(reading.totalSamplesReceived);
      if (reading.packetsReceived === 0) return [];
      const start = before.totalSamplesReceived;
      const end = reading.totalSamplesReceived;
      const concealed = Math.min(advanced, reading.concealedSamples - before.concealedSamples);
      const stop = frames.stopAfter(start);
      if (stop !== undefined && flow === 'flowing' && concealed >= OUTAGE_SAMPLES)
        return overStop(stop, reading, concealed);
      if (flow === 'stopped') return whileStopped(start, end, concealed);
      const begun = Math.max(0, (reading.concealmentEvents ?? 0) - (before.concealmentEvents ?? 0));
      return flow === 'concealed'
        ? whileConcealed(start, end, concealed, begun)
        : whileFlowing(start, end, concealed, begun);
    },
  };
}

/** No frame came between these instants; `position` is where the samples stood. */
interface FrameGap {
  readonly from: number;
  readonly to: number;
  readonly position: number;
}

/** When each of the last frames came, and which sample position each stands for. */
function createFrameStamps() {
  const stamps = new Float64Array(STAMPS_KEPT);
  let count = 0;
  let steps: number[] = [];
  let gap: { readonly from: number; readonly to: number; readonly framesBefore: number } | undefined;
  const stepNow = () => steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)];
  return {
    push(at: number) {
      const before = stamps[(count - 1) % STAMPS_KEPT];
      if (count > 0 && before !== undefined && at - before > PROCESS_STOP_MICROS)
        gap = { from: before, to: at, framesBefore: count };
      stamps[count % STAMPS_KEPT] = at;
      count += 1;
    },
    /** The counter stands at `position` now: how far samples are ahead of frames. */
    step(position: number) {
      steps = [...steps.slice(1 - STEP_READINGS), position / FRAME_SAMPLES - count];
    },
    forgetStep() {
      steps = [];
    },
    /** The latest time without frames, if it began after the samples stood at `start`. Told once. */
    stopAfter(start: number): FrameGap | undefined {
      const step = stepNow();
      if (gap === undefined || step === undefined) return undefined;
      const { from, to, framesBefore } = gap;
      gap = undefined;
      const position = (framesBefore + step) * FRAME_SAMPLES;
      return position >= start - FRAME_SAMPLES ? { from, to, position } : undefined;
    },
    /** The frame that ends at `position` (the last whole one), or the first after it. */
    stampOf(position: number, following: boolean): number | undefined {
      const step = stepNow();
      if (step === undefined) return undefined;
      // A little more than the whole number that floating point may just miss.
      const index = Math.floor(position / FRAME_SAMPLES - step + 0.01) - 1 + (following ? 1 : 0);
      return index >= 0 && index < count && index >= count - STAMPS_KEPT ? stamps[index % STAMPS_KEPT] : undefined;
    },
  };
}
