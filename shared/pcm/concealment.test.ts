import { describe, expect, it } from 'vitest';
import {
  CONCEALMENT_IS_OUTAGE_AFTER_MICROS,
  type ConcealmentTracker,
  createConcealmentTracker,
  type InboundReading,
} from './concealment.ts';
import type { FlowEdge } from './flow.ts';
import { createRandom } from './voice.ts';

/** What playout did in one stretch of time, in milliseconds. */
type Stretch = readonly ['decoded' | 'concealed' | 'paused', number];
interface Truth {
  readonly readings: readonly InboundReading[];
  /** When each frame was played, and whether it was decoded. */
  readonly frames: readonly { readonly at: number; readonly decoded: boolean }[];
}

/** A jitter buffer pulled every 10 ms, read about every 100 ms by a getStats that mostly takes 1 to 3 ms, sometimes up to 18. */
function play(stretches: readonly Stretch[], random: () => number, options = { everyMilliseconds: 100 }): Truth {
  const frames: { at: number; decoded: boolean }[] = [];
  const readings: InboundReading[] = [];
  let at = 5_000_000 + Math.round(random() * 10_000);
  let total = 0;
  let concealed = 0;
  let packets = 0;
  let events = 0;
  let was: Stretch[0] = 'decoded';
  let nextReadAt = at + Math.round(random() * 100_000);
  for (const [what, milliseconds] of stretches)
    for (let elapsed = 0; elapsed < milliseconds; elapsed += 10) {
      at += 10_000;
      if (what !== 'paused') {
        total += 480;
        frames.push({ at, decoded: what === 'decoded' });
        if (what === 'concealed') concealed += 480;
        else packets += 0.5;
      }
      if (what === 'concealed' && was !== 'concealed') events += 1;
      was = what;
      while (nextReadAt < at + 10_000) {
        // The stamp is never early.
        const latency = 1000 + Math.round(random() * (random() < 0.1 ? 17_000 : 2000));
        readings.push({
          at: nextReadAt + latency,
          totalSamplesReceived: total,
          concealedSamples: concealed,
          concealmentEvents: events,
          packetsReceived: Math.ceil(packets),
        });
        nextReadAt += options.everyMilliseconds * 1000 + Math.round((random() - 0.5) * 10_000);
      }
    }
  return { readings, frames };
}

const run = (
  readings: readonly InboundReading[],
  tracker: ConcealmentTracker = createConcealmentTracker(),
): FlowEdge[] => readings.flatMap((reading) => [...tracker.push(reading)]);
const names = (edges: readonly FlowEdge[]) => edges.map((edge) => `${edge.from}>${edge.to}`);

/** The same with every frame told as it comes, a little late as in a busy process. */
function runWithFrames({ readings, frames }: Truth, random: () => number): FlowEdge[] {
  const tracker = createConcealmentTracker();
  const late = frames.map((frame) => frame.at + Math.round(random() ** 4 * 8000));
  let next = 0;
  return readings.flatMap((reading) => {
    for (let at = late[next]; at !== undefined && at <= reading.at; at = late[next]) {
      tracker.frame(at);
      next += 1;
    }
    return [...tracker.push(reading)];
  });
}

/** The true instants: last decoded frame before each gap longer than the limit, first one after it. */
function trueEdges(frames: Truth['frames']): number[] {
  const decoded = frames.filter((frame) => frame.decoded).map((frame) => frame.at);
  const edges: number[] = [];
  for (const [index, end] of decoded.entries()) {
    const start = decoded[index - 1];
    if (start !== undefined && end - start > CONCEALMENT_IS_OUTAGE_AFTER_MICROS + 10_000) edges.push(start, end);
  }
  return edges;
}

describe('the concealment tracker', () => {
  it('dates the loss and the return of decoded audio to about a frame, over hundreds of random outages', () => {
    const seed = Math.floor(Math.random() * 1e9);
    const random = createRandom(seed);
    const errors: number[] = [];
    for (let round = 0; round < 40; round += 1) {
      const stretches: Stretch[] = [['decoded', 3000]];
      for (let outage = 0; outage < 6; outage += 1)
        stretches.push(
          ['concealed', 10 * Math.round(20 + random() * 300)],
          ['decoded', 10 * Math.round(60 + random() * 200)],
        );
      const { readings, frames } = play(stretches, random);
      const edges = run(readings);
      const expected = trueEdges(frames);
      expect(names(edges), `seed ${seed}`).toEqual([
        'stopped>flowing',
        ...expected.map((_, index) => (index % 2 === 0 ? 'flowing>concealed' : 'concealed>flowing')),
      ]);
      for (const [index, instant] of expected.entries())
        errors.push(Math.abs((edges[index + 1]?.edgeAt ?? 0) - instant));
    }
    errors.sort((a, b) => a - b);
    expect(errors.length, `seed ${seed}`).toBe(480);
    expect(errors[Math.floor(errors.length * 0.95)], `seed ${seed}`).toBeLessThanOrEqual(15_000);
    expect(errors.at(-1), `seed ${seed}`).toBeLessThanOrEqual(30_000);
  });

  it('is right to the frame when it is told the frames as they come', () => {
    const seed = Math.floor(Math.random() * 1e9);
    const random = createRandom(seed);
    const errors: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      const stretches: Stretch[] = [['decoded', 3000]];
      for (let outage = 0; outage < 6; outage += 1)
        stretches.push(
          [random() < 0.3 ? 'paused' : 'concealed', 10 * Math.round(25 + random() * 200)],
          ['decoded', 10 * Math.round(100 + random() * 200)],
        );
      const truth = play(stretches, random);
      const edges = runWithFrames(truth, random).slice(1);
      const expected = trueEdges(truth.frames);
      expect(edges.length, `seed ${seed}`).toBe(expected.length);
      for (const [index, instant] of expected.entries()) errors.push(Math.abs((edges[index]?.edgeAt ?? 0) - instant));
    }
    errors.sort((a, b) => a - b);
    expect(errors[Math.floor(errors.length * 0.9)], `seed ${seed}`).toBeLessThanOrEqual(10_000);
    // Two frames (the first reading after a pause may be one off) and the lateness of the stamp itself.
    expect(errors.at(-1), `seed ${seed}`).toBeLessThanOrEqual(28_000);
  });

  it('dates the suspension of its own process by the frames before and after, not by the burst that catches up', () => {
    const tracker = createConcealmentTracker();
    const edges: FlowEdge[] = [];
    let total = 0;
    let concealed = 0;
    const frame = (at: number, madeUp: boolean) => {
      total += 480;
      if (madeUp) concealed += 480;
      tracker.frame(at);
    };
    const read = (at: number) =>
      edges.push(
        ...tracker.push({ at, totalSamplesReceived: total, concealedSamples: concealed, packetsReceived: total / 960 }),
      );
    let at = 1_000_000;
    for (let index = 0; index < 203; index += 1) {
      frame(at, false);
      if (index % 10 === 0) read(at + 2000);
      at += 10_000;
    }
    const lastBefore = at - 10_000;
    const resumedAt = lastBefore + 8_000_000;
    for (let index = 0; index < 795; index += 1) frame(resumedAt + index * 20, true);
    at = resumedAt + 20_000;
    for (let index = 0; index < 60; index += 1) {
      frame(at, false);
      if (index % 10 === 6) read(at + 2000);
      at += 10_000;
    }
    expect(names(edges)).toEqual(['stopped>flowing', 'flowing>stopped', 'stopped>flowing']);
    expect(edges[1]?.edgeAt).toBe(lastBefore);
    expect(Math.abs((edges[2]?.edgeAt ?? 0) - (resumedAt + 20_000))).toBeLessThanOrEqual(10_000);
  });

  it('believes the counters when frames went missing', () => {
    const random = createRandom(17);
    const { readings, frames } = play(
      [
        ['decoded', 3000],
        ['concealed', 1000],
        ['decoded', 500],
      ],
      random,
    );
    // A second sink took the last frames before the outage.
    const missing = { readings, frames: frames.filter((_, index) => index < 240 || index > 280) };
    const edges = runWithFrames(missing, random).slice(1);
    for (const [index, instant] of trueEdges(frames).entries())
      expect(Math.abs((edges[index]?.edgeAt ?? 0) - instant)).toBeLessThanOrEqual(25_000);
  });

  it('says nothing about concealment that a jitter buffer does every day', () => {
    const seed = Math.floor(Math.random() * 1e9);
    const random = createRandom(seed);
    const stretches: Stretch[] = [['decoded', 2000]];
    for (let blip = 0; blip < 200; blip += 1)
      stretches.push(['concealed', 10 * Math.ceil(random() * 5)], ['decoded', 10 * Math.round(12 + random() * 60)]);
    expect(names(run(play(stretches, random).readings)), `seed ${seed}`).toEqual(['stopped>flowing']);
  });

  it('does not take half the packets lost for an outage', () => {
    const random = createRandom(5);
    const stretches: Stretch[] = [['decoded', 2000]];
    for (let loss = 0; loss < 200; loss += 1) stretches.push(['concealed', 20], ['decoded', 20]);
    expect(names(run(play(stretches, random).readings))).toEqual(['stopped>flowing']);
  });

  it('finds an outage that begins and ends between two readings, and says how unsure it is of where', () => {
    const at = (index: number, concealed: number): InboundReading => ({
      at: 1_000_000 + index * 100_000,
      totalSamplesReceived: 48_000 + index * 4800,
      concealedSamples: concealed,
      packetsReceived: 50 + index * 5,
    });
    const edges = run([at(0, 0), at(1, 0), at(2, 0), at(3, 0), at(4, 3840), at(5, 3840)]);
    expect(names(edges)).toEqual(['stopped>flowing', 'flowing>concealed', 'concealed>flowing']);
    const [, gone, back] = edges;
    expect((back?.edgeAt ?? 0) - (gone?.edgeAt ?? 0)).toBe(90_000);
    expect(gone?.errorMicros).toBeGreaterThanOrEqual(25_000);
    expect(gone?.edgeAt).toBeGreaterThanOrEqual(1_300_000);
    expect(back?.edgeAt).toBeLessThanOrEqual(1_410_000);
  });

  it('calls counters that stand still stopped, at the last frame that was played', () => {
    const random = createRandom(9);
    const { readings, frames } = play(
      [
        ['decoded', 2000],
        ['paused', 1500],
        ['decoded', 1000],
      ],
      random,
    );
    const edges = run(readings);
    expect(names(edges)).toEqual(['stopped>flowing', 'flowing>stopped', 'stopped>flowing']);
    const [goneAt, backAt] = trueEdges(frames);
    expect(Math.abs((edges[1]?.edgeAt ?? 0) - (goneAt ?? 0))).toBeLessThanOrEqual(edges[1]?.errorMicros ?? 0);
    expect(Math.abs((edges[2]?.edgeAt ?? 0) - (backAt ?? 0))).toBeLessThanOrEqual(edges[2]?.errorMicros ?? 0);
  });

  it('goes from stopped to concealed when playout comes back before the packets do', () => {
    const edges = run(
      play(
        [
          ['decoded', 2000],
          ['paused', 1000],
          ['concealed', 500],
          ['decoded', 500],
        ],
        createRandom(3),
      ).readings,
    );
    expect(names(edges)).toEqual(['stopped>flowing', 'flowing>stopped', 'stopped>concealed', 'concealed>flowing']);
  });

  it('keeps its dates true after playout paused for less than a standstill', () => {
    const random = createRandom(21);
    const { readings, frames } = play(
      [
        ['decoded', 2000],
        ['paused', 50],
        ['decoded', 1000],
        ['concealed', 1000],
        ['decoded', 500],
      ],
      random,
    );
    const edges = run(readings).slice(1);
    const expected = trueEdges(frames);
    expect(names(edges)).toEqual(['flowing>concealed', 'concealed>flowing']);
    for (const [index, instant] of expected.entries())
      expect(Math.abs((edges[index]?.edgeAt ?? 0) - instant)).toBeLessThanOrEqual(20_000);
  });

  it('begins again, without an edge, when the counters do', () => {
    const tracker = createConcealmentTracker();
    const first = play([['decoded', 1000]], createRandom(1));
    const second = play([['decoded', 1000]], createRandom(2)).readings.map((reading) => ({
      ...reading,
      at: reading.at + 1_000_000,
    }));
    expect(names(run([...first.readings, ...second], tracker))).toEqual(['stopped>flowing']);
    expect(tracker.flow).toBe('flowing');
  });

  it('does not call a stream flowing before its first packet', () => {
    const readings = Array.from({ length: 10 }, (_, index) => ({
      at: index * 100_000,
      totalSamplesReceived: index * 4800,
      concealedSamples: 0,
      packetsReceived: 0,
    }));
    expect(run(readings)).toEqual([]);
  });

  it('still dates an outage when readings come at 1 Hz only, within one reading of latency', () => {
    const seed = Math.floor(Math.random() * 1e9);
    const { readings, frames } = play(
      [
        ['decoded', 5000],
        ['concealed', 4000],
        ['decoded', 5000],
      ],
      createRandom(seed),
      { everyMilliseconds: 1000 },
    );
    const edges = run(readings).slice(1);
    expect(names(edges), `seed ${seed}`).toEqual(['flowing>concealed', 'concealed>flowing']);
    for (const [index, instant] of trueEdges(frames).entries())
      expect(Math.abs((edges[index]?.edgeAt ?? 0) - instant), `seed ${seed}`).toBeLessThanOrEqual(30_000);
  });
});
